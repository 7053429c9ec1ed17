"""Annotators where tasks are asked again: in rounds, each open task goes to the next who has an answer to it.

Pure but for the calls of `Rounds`. Within a round all tasks are taken before any is answered: what an answer
opens again waits for the next round, so that everybody is given the tasks meant for them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from random import Random
from typing import NamedTuple

import httpx

from annotary.client import Client
from annotary.client.values import Assignment, Task
from annotary.demo.replay import AT_ONCE, SECONDS_A_LABEL
from annotary.demo.values import Sample

# Tasks that the same people are asked about in the same order.
TOGETHER = 20
ROUNDS_MOST = 100


class Take(NamedTuple):
    """Somebody's claim: so many tasks, which ought to be these."""

    name: str
    tasks: list[str]


class Open(NamedTuple):
    """An open task, and how many answers it is to get now."""

    unique_id: str
    wanted: int


def orders(sample: Sample) -> dict[str, list[str]]:
    """Return by item the names of those who can answer it, in the order in which they are asked.

    Drawn from the sample's name, a few neighbours alike; those of a shift answer its items.
    """
    left = iter([item.unique_id for item in sample.items])
    found: dict[str, list[str]] = {}
    for shift in sample.shifts:
        items = [next(left) for _ in range(shift[0].tasks)]
        for start in range(0, len(items), TOGETHER):
            names = sorted(turn.annotator.name for turn in shift)
            Random(f"{sample.name}/{items[start]}").shuffle(names)
            found |= dict.fromkeys(items[start : start + TOGETHER], names)
    return found


def takes(
    tasks: Sequence[Open], orders: Mapping[str, list[str]], given: Mapping[str, Sequence[str]]
) -> list[Take]:
    """Return who claims what, in the order of claiming; `tasks` are in that of being given out, and `given`
    are the names of those who have answered.
    """

    def following(task: Open) -> list[str]:
        left = [name for name in orders[task.unique_id] if name not in given.get(task.unique_id, ())]
        return left[: task.wanted]

    return [
        Take(name, [task.unique_id for task in together])
        for names, group in groupby(tasks, following)
        for together in [list(group)]
        for name in names
    ]


class Rounds:
    """The annotators of one sample at work on a project whose batch has a target."""

    def __init__(self, client: Client, project: str, sample: Sample, tokens: Mapping[str, str]) -> None:
        """`client` is a manager's."""
        self._client = client
        self._project = project
        self._modality = sample.modality
        self._annotators = sample.annotators
        self._tokens = tokens
        self._orders = orders(sample)
        self._given: dict[str, list[str]] = {}

    def run(self, await_settled: Callable[[], None]) -> None:
        """Let people answer until no task is open; `await_settled` returns once answers are dealt with."""
        limits = httpx.Limits(max_connections=2 * AT_ONCE, max_keepalive_connections=2 * AT_ONCE)
        url = self._client.url
        with httpx.HTTPTransport(limits=limits) as http, ThreadPoolExecutor(AT_ONCE) as threads:
            clients = {name: Client(url, token, http=http) for name, token in self._tokens.items()}
            for _ in range(ROUNDS_MOST):
                tasks = self._open()
                if not tasks:
                    return
                leases = [
                    (take.name, lease)
                    for take in takes(tasks, self._orders, self._given)
                    for lease in self._claim(clients[take.name], take)
                ]
                list(threads.map(lambda one: self._answer(clients[one[0]], *one), leases))
                await_settled()
        raise TimeoutError(f"tasks are open after {ROUNDS_MOST} rounds")

    def _open(self) -> list[Open]:
        tasks = self._client.tasks.list(self._modality, self._project, state="open")
        return [Open(task.unique_id, free(task)) for task in tasks if free(task)]

    def _claim(self, client: Client, take: Take) -> list[Assignment]:
        """Claim; a task that was meant for somebody else is given back, for a round to come."""
        leases = client.claim(self._modality, project=self._project, count=len(take.tasks))
        for lease in leases:
            if lease.task.unique_id not in take.tasks:
                client.release(lease)
        return [lease for lease in leases if lease.task.unique_id in take.tasks]

    def _answer(self, client: Client, name: str, lease: Assignment) -> None:
        task = lease.task
        answer = self._annotators[name].answer(task.unique_id, task.item)
        assert answer is not None, f"{name} was to answer {task.unique_id} and cannot"
        client.submit(lease, answer, seconds=SECONDS_A_LABEL)
        self._given.setdefault(task.unique_id, []).append(name)


def free(task: Task) -> int:
    """Return how many more people may work on a task now."""
    return task.overlap - task.leased - task.answered

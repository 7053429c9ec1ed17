"""Replaying annotators over HTTP: each with a token of their own, several at once, every call timed."""

from __future__ import annotations

import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

import httpx

from annotary.client import Client
from annotary.client.values import Assignment
from annotary.demo.values import Quantiles, Sample, Turn

AT_ONCE = 10
STRAYS_MOST = 20
STRAY_SECONDS = 0.5
WAIT_MILLISECONDS = 2_000
SECONDS_A_LABEL = 3.0


class Timings:
    """How long calls took, in seconds, and what they came to."""

    def __init__(self) -> None:
        self.claims: list[float] = []
        self.submits: list[float] = []
        self.problems: list[str] = []
        self.seconds = 0.0
        self._lock = Lock()

    def note(self, kind: list[float], began: float) -> None:
        """Note a call that began at `began` and ended now."""
        took = time.perf_counter() - began
        with self._lock:
            kind.append(took)

    def problem(self, words: str) -> None:
        """Note what did not go as it should."""
        with self._lock:
            self.problems.append(words)


class Replay:
    """The annotators of one sample at work on its project."""

    def __init__(self, url: str, project: str, sample: Sample, tokens: Mapping[str, str]) -> None:
        self._url = url
        self._project = project
        self._sample = sample
        self._tokens = tokens
        self.timings = Timings()

    def run(self) -> Timings:
        """Let every shift work, one after the other; those of a shift work at the same time."""
        began = time.perf_counter()
        limits = httpx.Limits(max_connections=2 * AT_ONCE, max_keepalive_connections=2 * AT_ONCE)
        # One pool of connections for all: a member is a token, not a connection.
        with httpx.HTTPTransport(limits=limits) as http, ThreadPoolExecutor(AT_ONCE) as threads:
            clients = {name: Client(self._url, token, http=http) for name, token in self._tokens.items()}
            for shift in self._sample.shifts:
                # Everybody's first claim comes before anybody's answer: a task that is being answered may be
                # passed over by a claim, and those whose answers were recorded can take no other one instead.
                first = list(threads.map(lambda turn: self._claim(clients, turn, 0), shift))
                list(threads.map(lambda turn, given: self._work(clients, turn, given), shift, first))
        self.timings.seconds = time.perf_counter() - began
        return self.timings

    def _claim(self, clients: Mapping[str, Client], turn: Turn, done: int) -> list[Assignment]:
        began = time.perf_counter()
        count = min(turn.count, turn.tasks - done)
        client = clients[turn.annotator.name]
        given = client.claim(self._sample.modality, project=self._project, count=count)
        self.timings.note(self.timings.claims, began)
        # Where nothing is free, somebody else may be about to give a task back.
        return given or client.claim(self._sample.modality, project=self._project, wait_ms=WAIT_MILLISECONDS)

    def _work(self, clients: Mapping[str, Client], turn: Turn, given: list[Assignment]) -> None:
        done = strays = 0
        while given:
            for assignment in given:
                if self._answer(clients[turn.annotator.name], turn, assignment):
                    done += 1
                else:
                    strays += 1
                    time.sleep(STRAY_SECONDS)
            if done == turn.tasks or strays > STRAYS_MOST:
                break
            given = self._claim(clients, turn, done)
        if done < turn.tasks:
            missing = turn.tasks - done
            self.timings.problem(f"{turn.annotator.name} was not given {missing} of {turn.tasks} tasks")

    def _answer(self, client: Client, turn: Turn, assignment: Assignment) -> bool:
        """Submit the answer to a task; one that this annotator never saw is given back."""
        task = assignment.task
        answer = turn.annotator.answer(task.unique_id, task.item)
        if answer is None:
            client.release(assignment)
            return False
        began = time.perf_counter()
        client.submit(assignment, answer, seconds=SECONDS_A_LABEL)
        self.timings.note(self.timings.submits, began)
        return True


def quantiles(seconds: list[float]) -> Quantiles:
    """Return the median and the 99th percentile (nearest rank) in milliseconds."""
    if not seconds:
        return Quantiles(0.0, 0.0)
    ordered = sorted(seconds)

    def rank(share: float) -> float:
        return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000, 2)

    return Quantiles(rank(0.5), rank(0.99))

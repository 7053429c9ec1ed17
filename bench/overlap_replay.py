"""Real crowds answered again, one answer at a time, as a batch with a target would ask for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from annotary.kernel.ids import new_id
from annotary.projects.overlap import OverlapTarget
from annotary.quality.aggregators import Answers, aggregate
from annotary.quality.aggregators.values import Integers
from annotary.quality.live.codes import LABEL_BITS, encode
from annotary.quality.live.model import LiveModel
from annotary.quality.live.rules import GROWTH
from annotary.quality.overlap.gain import gain_of_one_more
from annotary.quality.overlap.rules import ask_again, noted
from annotary.quality.overlap.values import Asked, BatchSoFar

# As many answers make the first refresh worth it.
REFRESHED_FIRST = 100
# Nobody is paused who has not given so many.
PAUSED_ANSWERS = 10


class Outcome(NamedTuple):
    """What a replay came to: the share of all answers that were used, and the accuracy with these."""

    share: float
    accuracy: float
    live_accuracy: float
    expected: float


@dataclass
class Replay:
    """The answers of a set, each task's in an order drawn once, and the tasks in an order drawn once."""

    answers: Answers
    truth: Integers
    seed: int

    def __post_init__(self) -> None:
        chance = np.random.default_rng(self.seed)
        order = chance.permutation(len(self.answers))
        self.by_task: list[list[int]] = [[] for _ in range(self.answers.tasks)]
        for place in order.tolist():
            self.by_task[int(self.answers.task[place])].append(place)
        self.tasks = chance.permutation(self.answers.tasks).tolist()

    def all(self) -> float:
        """Return the accuracy with all answers."""
        return self.accuracy(aggregate(self.answers).label)

    def fixed(self, overlap: int) -> Outcome:
        """Return what a fixed overlap comes to: the first so many answers to each task."""
        used = [place for places in self.by_task for place in places[:overlap]]
        found = aggregate(self.part(used))
        accuracy = self.accuracy(found.label)
        return Outcome(len(used) / len(self.answers), accuracy, accuracy, float(found.confidence.mean()))

    def dynamic(self, target: OverlapTarget, overlap: int, pause_below: float = 0.0) -> Outcome:
        """Return what a target comes to, with a least overlap.

        Annotators whose skill is below `pause_below` are asked no more, as in a project that pauses them.
        """
        run = _Run(self, target, overlap, pause_below)
        for task in self.tasks:
            run.ask(task)
        taken = [place for used in run.used for place in used]
        found = aggregate(self.part(taken))
        share = len(taken) / len(self.answers)
        live, expected = self.accuracy(run.labels), run.batch.confidence_sum / run.batch.decided
        return Outcome(share, self.accuracy(found.label), live, expected)

    def part(self, places: list[int]) -> Answers:
        """Return some of the answers."""
        kept = np.sort(np.array(places))
        answers = self.answers
        return Answers.of(
            answers.task[kept],
            answers.annotator[kept],
            answers.label[kept],
            tasks=answers.tasks,
            annotators=answers.annotators,
            classes=answers.classes,
        )

    def accuracy(self, labels: Integers) -> float:
        """Return the share of right labels."""
        judged = self.truth >= 0
        return float((labels[judged] == self.truth[judged]).mean())


class _Run:
    """One replay under a target: the answers used so far, the live model that saw them, who is paused."""

    def __init__(self, replay: Replay, target: OverlapTarget, overlap: int, pause_below: float) -> None:
        self.replay, self.target, self.pause_below = replay, target, pause_below
        answers = replay.answers
        self.model, self.used = LiveModel(answers.classes), [list[int]() for _ in range(answers.tasks)]
        self.batch = BatchSoFar(batch_id=new_id(), overlap=overlap, tasks=answers.tasks)
        self.labels = np.full(answers.tasks, -1)
        self._paused: set[int] = set()
        self._refreshed_at = REFRESHED_FIRST

    def ask(self, task: int) -> None:
        """Ask for a task's least answers, then for more while the target wants them."""
        used = self.used[task]
        used += self._left(task)[: self.batch.overlap]
        while True:
            self._tell(task)
            if self.model.answered >= (1 + GROWTH) * self._refreshed_at:
                self._refresh()
            posterior = self.model.judge(task, self.model.answers[task])
            asked, left = Asked(float(posterior.max()), len(used), posterior), self._left(task)
            gain = gain_of_one_more(posterior, self.model.expected_matrix(), len(left))
            again = bool(left) and ask_again(self.target, self.batch, asked, gain)
            noted(self.batch, asked, gain, again)
            if not again:
                self.labels[task] = int(posterior.argmax())
                return
            used.append(left[0])

    def _left(self, task: int) -> list[int]:
        used, annotator = set(self.used[task]), self.replay.answers.annotator
        places = self.replay.by_task[task]
        return [place for place in places if place not in used and int(annotator[place]) not in self._paused]

    def _tell(self, task: int) -> None:
        answers = self.replay.answers
        pairs = {int(answers.annotator[place]): int(answers.label[place]) for place in self.used[task]}
        self.model.update({task: encode(pairs.items())})

    def _refresh(self) -> None:
        snapshot = list(self.model.answers)
        found = aggregate(self.replay.part([place for used in self.used for place in used]))
        self.model.install(snapshot, np.asarray(found.posterior[: len(snapshot)], np.float64), ())
        self._refreshed_at = self.model.answered
        given = np.bincount([code >> LABEL_BITS for codes in snapshot for code in codes])
        known = np.flatnonzero(given >= PAUSED_ANSWERS)
        right = self.model.matrices(known).diagonal(axis1=1, axis2=2).mean(axis=1)
        self._paused = set(known[right < self.pause_below].tolist())

"""Real crowds answered again, one answer at a time, as a batch with a target would ask for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from annotary.dispatch.values import OverlapTarget
from annotary.kernel.ids import new_id
from annotary.quality.aggregators import Answers, aggregate
from annotary.quality.aggregators.values import Integers
from annotary.quality.live.codes import encode
from annotary.quality.live.model import LiveModel
from annotary.quality.live.rules import GROWTH
from annotary.quality.overlap.gain import gain_of_one_more
from annotary.quality.overlap.rules import ask_again, noted
from annotary.quality.overlap.values import Asked, BatchSoFar


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
        return self._accuracy(aggregate(self.answers).label)

    def fixed(self, overlap: int) -> Outcome:
        """Return what a fixed overlap comes to: the first so many answers to each task."""
        used = [place for places in self.by_task for place in places[:overlap]]
        found = aggregate(self._part(used))
        accuracy = self._accuracy(found.label)
        return Outcome(len(used) / len(self.answers), accuracy, accuracy, float(found.confidence.mean()))

    def dynamic(self, target: OverlapTarget, overlap: int) -> Outcome:
        """Return what a target comes to, with a least overlap."""
        model, used = LiveModel(self.answers.classes), [0] * self.answers.tasks
        batch = BatchSoFar(batch_id=new_id(), overlap=overlap, tasks=self.answers.tasks)
        decided, labels = 0, np.full(self.answers.tasks, -1)
        expected = 0.0
        refreshed_at = 0
        for task in self.tasks:
            used[task] = overlap
            while True:
                self._tell(model, task, used[task])
                if model.answered >= (1 + GROWTH) * max(refreshed_at, 200):
                    self._refresh(model, used)
                    refreshed_at = model.answered
                codes = model.answers[task]
                posterior = model.judge(task, codes)
                asked = Asked(float(posterior.max()), used[task], posterior)
                most = min(target.overlap_max, len(self.by_task[task])) - used[task]
                gain = gain_of_one_more(posterior, model.expected_matrix(), most)
                again = ask_again(target, batch, asked, gain) and most > 0
                noted(batch, asked, gain, again)
                if not again:
                    break
                used[task] += 1
            labels[task] = int(posterior.argmax())
            expected += asked.confidence
            decided += 1
        taken = [place for task, count in enumerate(used) for place in self.by_task[task][:count]]
        found = aggregate(self._part(taken))
        share = len(taken) / len(self.answers)
        return Outcome(share, self._accuracy(found.label), self._accuracy(labels), expected / decided)

    def _tell(self, model: LiveModel, task: int, count: int) -> None:
        places = self.by_task[task][:count]
        pairs = {int(self.answers.annotator[place]): int(self.answers.label[place]) for place in places}
        model.update({task: encode(pairs.items())})

    def _refresh(self, model: LiveModel, used: list[int]) -> None:
        snapshot = list(model.answers)
        taken = [
            place for task, count in enumerate(used[: len(snapshot)]) for place in self.by_task[task][:count]
        ]
        found = aggregate(self._part(taken))
        model.install(snapshot, np.asarray(found.posterior[: len(snapshot)], np.float64), ())

    def _part(self, places: list[int]) -> Answers:
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

    def _accuracy(self, labels: Integers) -> float:
        judged = self.truth >= 0
        return float((labels[judged] == self.truth[judged]).mean())

"""One project's live model under the project's own names: tasks and members by id, classes by key."""

from __future__ import annotations

from array import array
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar
from uuid import UUID

import numpy as np

from annotary.modalities.answers import AnswerValidator, agreement
from annotary.quality.aggregators.crowd import Crowd
from annotary.quality.aggregators.expectation import ROUNDS_MOST, fit
from annotary.quality.aggregators.gold import first_guess
from annotary.quality.aggregators.hierarchical import Hierarchical
from annotary.quality.aggregators.values import Answers, Reals
from annotary.quality.live.classes import ABSTAINED, NotAClass, class_of, in_order
from annotary.quality.live.codes import LABEL_BITS, LABEL_MASK, NO_CODES, encode, flat
from annotary.quality.live.messages import AggregateReply, AggregateRequest
from annotary.quality.live.model import LiveModel
from annotary.quality.live.values import ClassAnswer, Judgement, TaskAnswers

N = TypeVar("N", bound=Hashable)
# Posteriors that are as good as equal: then the classes' order decides.
_EQUAL = 1e-9
_CACHED_MOST = 20_000
# A task's names and its place in the lists.
_TASK_BYTES = 300


class Numbers(dict[N, int], Generic[N]):
    """Numbers names from 0 in the order in which they are first asked for."""

    def __missing__(self, name: N) -> int:
        number = self[name] = len(self)
        return number


class Reading:
    """Answers of a whole project on their way in: by task number, as codes."""

    def __init__(self) -> None:
        self.codes: dict[int, array[int]] = {}
        self.gold: dict[int, int] = {}
        self.answers = 0


class LiveProject:
    """The live model of one project; `method_used` found what it was last set to."""

    def __init__(
        self, tool: str, validator: AnswerValidator, classes: Sequence[str], aggregator: str
    ) -> None:
        self.tool = tool
        self.validator = validator
        self.aggregator = aggregator
        self.method_used = "hierarchical"
        self.tasks: Numbers[UUID] = Numbers()
        self.members: Numbers[UUID] = Numbers()
        self.classes: Numbers[str] = Numbers({key: number for number, key in enumerate(classes)})
        self.model = LiveModel(max(2, len(classes)))
        self._keys: dict[str, str] = {}
        self._alike: dict[tuple[str, str], float] = {}
        self._judged: dict[bytes, Judgement] = {}
        self._changed: set[int] | None = None
        # Of the classes it was made with: another version may have other ones.
        self.ontology_version_id: UUID | None = None

    def read(self, answer: str) -> str:
        """Return the class of a canonical answer, or ABSTAINED; raises NotAClass."""
        key = self._keys.get(answer)
        if key is None:
            key = class_of(answer, self.tool)
            if len(self._keys) >= _CACHED_MOST:
                self._keys.clear()
            self._keys[answer] = key
        return key

    def learn(self, told: Mapping[UUID, TaskAnswers]) -> None:
        """Learn how tasks are answered now. A lone answer teaches nothing; others say how far to trust it."""
        given: dict[int, array[int]] = {}
        for task_id, answers in told.items():
            codes = self.codes(answers.given)
            if len(codes) < 2 and task_id not in self.tasks and answers.gold is None:
                continue
            task = self.tasks[task_id]
            given[task] = codes
            self._note_gold(task, answers.gold, self.model.gold)
        self._widen()
        if given:
            self._judged.clear()
            self.model.update(given)
        if self._changed is not None:
            self._changed.update(given)

    def judge(self, task_id: UUID | None, given: Iterable[ClassAnswer]) -> Judgement | None:
        """Return the class of a task with these answers, and how sure it is; None where all abstain."""
        codes = self.codes(given)
        if not codes:
            return None
        self._widen()
        task = None if task_id is None else self.tasks.get(task_id)
        # Tasks that the model does not hold are the same to it when they are answered the same.
        key = codes.tobytes() if task is None else b""
        known = self._judged.get(key)
        if known is None:
            known = self._judgement(self.model.judge(task, codes), len(codes))
            if key:
                self._judged[key] = known
        return known

    def best_of(self, judgement: Judgement, keys: Iterable[str]) -> Judgement:
        """Return a judgement that is for the likeliest among some classes."""
        key = max(sorted(keys), key=lambda one: judgement.posterior[self.classes[one]])
        return judgement._replace(key=key, confidence=float(judgement.posterior[self.classes[key]]))

    def agreement(self, keys: Sequence[str]) -> float | None:
        """Return the mean agreement of all pairs of answers, as the label type measures it; None without."""
        pairs = [
            self._alikeness(min(first, second), max(first, second))
            for number, first in enumerate(keys)
            for second in keys[number + 1 :]
        ]
        return min(1.0, max(0.0, sum(pairs) / len(pairs))) if pairs else None

    def parameters(self) -> dict[str, Any]:
        """Return what is kept beside an outcome."""
        return {
            "prior": "hierarchical",
            "refreshed_by": self.aggregator,
            "method_used": self.method_used,
            "answers": self.model.answered,
        }

    def take(self, reading: Reading, told: Mapping[UUID, TaskAnswers]) -> None:
        """Add tasks to a reading of the whole project."""
        for task_id, answers in told.items():
            task = self.tasks[task_id]
            reading.codes[task] = codes = self.codes(answers.given)
            reading.answers += len(codes)
            self._note_gold(task, answers.gold, reading.gold)

    def begin(self) -> None:
        """Note from now on which tasks change, because a reading of the whole project begins."""
        self._changed = set()

    def first_fit(self, reading: Reading) -> Reals:
        """Return (tasks, classes) posteriors by the model whose priors the live one has, in this process."""
        answers = self._answers(reading)
        if answers is None:
            return np.zeros((len(self.tasks), len(self.classes)))
        crowd = Crowd(answers)
        found = fit(crowd, Hierarchical(), first_guess(crowd), ROUNDS_MOST)
        return np.asarray(found.states, np.float64)

    def request(
        self, reading: Reading, method: str, seconds_max: float, whole: bool = True
    ) -> AggregateRequest:
        """Return what an aggregator is asked about a reading; classes are numbered in their own order."""
        order = in_order(self.seen(reading))
        number = np.full(len(self.classes) + 1, -1)
        number[[self.classes[key] for key in order]] = np.arange(len(order))
        codes, of_task = flat(self._by_number(reading))
        return AggregateRequest(
            method=method,
            tasks=len(self.tasks),
            annotators=len(self.members),
            classes=len(order),
            task=of_task.tobytes(),
            annotator=(codes >> LABEL_BITS).tobytes(),
            label=number[codes & LABEL_MASK].tobytes(),
            gold={task: int(number[label]) for task, label in reading.gold.items()},
            whole=whole,
            seconds_max=seconds_max,
        )

    def seen(self, reading: Reading) -> list[str]:
        """Return the classes that answers or gold of a reading give."""
        codes, _ = flat(list(reading.codes.values()))
        numbers = set(np.unique(codes & LABEL_MASK).tolist()) | set(reading.gold.values())
        return [key for key, number in self.classes.items() if number in numbers]

    def posterior(self, reading: Reading, reply: AggregateReply) -> Reals:
        """Return (tasks, classes) in this project's numbers from what an aggregator answered."""
        order = in_order(self.seen(reading))
        found = np.frombuffer(reply.posterior, np.float32).reshape(-1, len(order))
        whole = np.zeros((len(found), len(self.classes)))
        whole[:, [self.classes[key] for key in order]] = found
        return whole

    def labels(self, reading: Reading, reply: AggregateReply) -> tuple[list[str], list[float]]:
        """Return each task's class, empty for none, and how sure it is, from what an aggregator answered."""
        order = [*in_order(self.seen(reading)), ABSTAINED]
        found = np.frombuffer(reply.label, np.int64).tolist()
        sure = np.frombuffer(reply.confidence, np.float32).clip(0, 1).tolist()
        return [order[label] for label in found], sure

    def install(self, reading: Reading, posterior: Reals, method_used: str) -> None:
        """Take over what was found for a reading; what changed since `begin` is kept."""
        changed, self._changed = self._changed or set(), None
        self._judged.clear()
        self._widen()
        padded = np.zeros((len(posterior), self.model.classes))
        padded[:, : posterior.shape[1]] = posterior
        self.model.gold = reading.gold | {
            task: label for task, label in self.model.gold.items() if task in changed
        }
        self.model.install(self._by_number(reading), padded, changed)
        self.method_used = method_used

    def size_bytes(self) -> int:
        """Return about how much memory this holds."""
        return self.model.size_bytes()

    def would_need_bytes(self, reading: Reading) -> int:
        """Return about how much memory this holds once a reading is taken over."""
        classes = max(len(self.classes), self.model.classes)
        matrices = 2 * 8 * len(self.members) * classes**2
        return matrices + len(self.tasks) * (_TASK_BYTES + 12 * classes) + 16 * reading.answers

    def codes(self, given: Iterable[ClassAnswer]) -> array[int]:
        """Return a task's answers in this project's numbers, without abstentions."""
        return encode(
            (self.members[one.member_id], self.classes[one.key]) for one in given if one.key != ABSTAINED
        )

    def _by_number(self, reading: Reading) -> list[array[int]]:
        return [reading.codes.get(task, NO_CODES) for task in range(len(self.tasks))]

    def _note_gold(self, task: int, key: str | None, known: dict[int, int]) -> None:
        if key is None:
            known.pop(task, None)
        else:
            known[task] = self.classes[key]

    def _answers(self, reading: Reading) -> Answers | None:
        codes, of_task = flat(self._by_number(reading))
        if not len(codes):
            return None
        return Answers.of(
            of_task,
            codes >> LABEL_BITS,
            codes & LABEL_MASK,
            gold=reading.gold,
            tasks=len(self.tasks),
            annotators=len(self.members),
            classes=max(2, len(self.classes)),
        )

    def _widen(self) -> None:
        if len(self.classes) > self.model.classes:
            self._judged.clear()
            self.model.grow(len(self.classes))

    def _judgement(self, posterior: Reals, answers: int) -> Judgement:
        most = float(posterior.max())
        equals = set(np.flatnonzero(posterior >= most - _EQUAL).tolist())
        keys = [key for key, number in self.classes.items() if number in equals]
        return Judgement(keys[0] if len(keys) == 1 else in_order(keys)[0], min(1.0, most), posterior, answers)

    def _alikeness(self, first: str, second: str) -> float:
        if first == second:
            return 1.0
        if (first, second) not in self._alike:
            one, other = (self.validator.load(key.encode()) for key in (first, second))
            self._alike[first, second] = agreement(self.validator, one, other, {})
        return self._alike[first, second]


def classes_given(project: LiveProject, members: Sequence[UUID], answers: Sequence[str]) -> list[ClassAnswer]:
    """Return the classes of a task's answers, in their order; raises NotAClass."""
    return [
        ClassAnswer(member, project.read(answer)) for member, answer in zip(members, answers, strict=True)
    ]


__all__ = ["LiveProject", "NotAClass", "Reading", "classes_given"]

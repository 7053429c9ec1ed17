"""Truth inference as answers come: a task's posterior and its annotators' counts, at once.

Incremental EM after R. Neal and G. Hinton, "A view of the EM algorithm that justifies incremental, sparse,
and other variants" (1998): the expected counts are kept as sums over tasks; when an answer comes, goes or
changes, its task's share of the sums is replaced by that of its new posterior. So that older tasks learn what
later ones have shown of their annotators, each update looks at a few of them again, in turn.

Tasks, annotators and classes are numbers from 0. Memory grows with answers, and annotators x classes².
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from annotary.quality.aggregators.expectation import STATE_PRIOR_TASKS
from annotary.quality.aggregators.values import Reals
from annotary.quality.live import estimates
from annotary.quality.live.codes import LABEL_BITS, LABEL_MASK, NO_CODES, Codes, flat, read

# Tasks looked at again for each that changed, and for an update of many tasks.
_REVISITED_EACH = 4
_REVISITED_MOST = 256
# What is shared, and whom the priors fit, moves slowly: found anew when the answers have grown so much.
_SHARED_GROWTH = 1.02
_WEIGHED_GROWTH = 1.1
_ROOM_FIRST = 16
# Numbers that estimating all annotators may hold at a time.
_CELLS_AT_ONCE = 500_000
# No class is thought less likely by what is taken over: later answers can still tell otherwise.
_LEAST_SHARE = 1e-12


class LiveModel:
    """What the answers of one project say so far."""

    def __init__(self, classes: int) -> None:
        self.classes = classes
        self.annotators = 0
        self.answered = 0
        self.answers: list[array[int]] = []
        self.gold: dict[int, int] = {}
        self.states: Reals = np.zeros((0, classes))
        self._corrections: Reals = np.zeros((0, classes), np.float32)
        self._counts: Reals = np.zeros((0, classes, classes))
        self._logs: Reals = np.zeros((0, classes, classes))
        self._given: Reals = np.zeros(0)
        self._weighed_at: Reals = np.zeros(0)
        self._prior_shares = estimates.even_shares()
        self._chosen: Reals = np.zeros((0, len(self._prior_shares)))
        self._totals: Reals = np.zeros((classes, classes))
        self._state_sums: Reals = np.zeros(classes)
        self._shared = estimates.shared(self._totals, self._prior_shares)
        self._shared_at = 0.0
        self._next_task = self._next_annotator = 0

    def update(self, given: Mapping[int, array[int]]) -> None:
        """Set the answers to tasks, sorted codes, one an annotator at most; the same again are no work."""
        room = len(self.answers)
        new = {
            task: codes
            for task, codes in given.items()
            if codes != (self.answers[task] if task < room else NO_CODES)
        }
        if not new:
            return
        self._make_room(max(new), max(codes[-1] >> LABEL_BITS if codes else -1 for codes in new.values()))
        before = [self.answers[task] for task in new]
        changed = {
            code >> LABEL_BITS
            for old, codes in zip(before, new.values(), strict=True)
            for code in set(codes) ^ set(old)
        }
        self._replace(new)
        tasks = np.array(list(new))
        self._visit(tasks)
        self._learn(np.array(sorted(changed)))
        self._visit(tasks)
        self._revisit(min(_REVISITED_EACH * len(new), _REVISITED_MOST))

    def judge(self, task: int | None, codes: array[int]) -> Reals:
        """Return (classes): how likely each class is given such answers, to a known task or to none."""
        if codes:
            self._make_room(-1, codes[-1] >> LABEL_BITS)
        scores = np.log(self._state_sums + STATE_PRIOR_TASKS)
        if task is not None and task < len(self.answers) and set(self.answers[task]) <= set(codes):
            scores += self._corrections[task]
        if codes:
            found = read(codes)
            scores += self._logs[found >> LABEL_BITS, found & LABEL_MASK].sum(axis=0)
        shares: Reals = np.exp(scores - scores.max())
        shares /= shares.sum()
        return shares

    def expected_matrix(self) -> Reals:
        """Return (states, classes): how an annotator of this crowd is expected to answer."""
        return self._shared.rows

    def matrices(self, annotators: Codes) -> Reals:
        """Return (annotators, states, classes): how these answer."""
        found: Reals = np.exp(self._logs[annotators]).transpose(0, 2, 1)
        return found

    def install(self, snapshot: Sequence[array[int]], posterior: Reals, changed: Iterable[int]) -> None:
        """Take over what an aggregator found, (tasks, classes), for the answers it was given (`snapshot`).

        `changed` are the tasks whose answers changed since: these keep what they have now, and what was found
        for them is moved on by the answers that came meanwhile.
        """
        kept = {task: self.answers[task] for task in changed if task < len(self.answers)}
        size = max(len(snapshot), len(self.answers))
        self.answers = [*snapshot, *(NO_CODES for _ in range(size - len(snapshot)))]
        codes, of_task = flat(self.answers)
        self._make_room(size - 1, int((codes >> LABEL_BITS).max(initial=-1)))
        self.states = np.zeros((size, self.classes))
        self._corrections = np.zeros((size, self.classes), np.float32)
        self.states[: len(posterior)] = posterior
        self.states[np.bincount(of_task, minlength=size) == 0] = 0
        self._count_all(codes, of_task)
        self._learn_all()
        self._corrections[:] = np.log(self.states.clip(_LEAST_SHARE, None)) - self._scores(
            codes, of_task, size
        )
        if kept:
            self._replace(kept)
            self._visit(np.array(list(kept)))

    def grow(self, classes: int) -> None:
        """Make room for classes not seen before."""
        more = classes - self.classes
        self.classes = classes
        self.states = np.pad(self.states, ((0, 0), (0, more)))
        self._corrections = np.pad(self._corrections, ((0, 0), (0, more)))
        self._counts = np.pad(self._counts, ((0, 0), (0, more), (0, more)))
        self._totals = np.pad(self._totals, ((0, more), (0, more)))
        self._state_sums = np.pad(self._state_sums, (0, more))
        self._logs = np.zeros_like(self._counts)
        self._learn_all()

    def size_bytes(self) -> int:
        """Return about how much memory this holds, with names of tasks and annotators."""
        arrays = (self.states, self._corrections, self._counts, self._logs)
        return sum(one.nbytes for one in arrays) + 16 * self.answered + 300 * len(self.answers)

    def _make_room(self, task: int, annotator: int) -> None:
        """Make room for a task and an annotator."""
        self.answers.extend(NO_CODES for _ in range(len(self.answers), task + 1))
        if task >= len(self.states):
            self.states = _longer(self.states, task + 1)
            self._corrections = _longer(self._corrections, task + 1)
        if annotator >= len(self._given):
            for name in ("_counts", "_logs", "_given", "_weighed_at", "_chosen"):
                setattr(self, name, _longer(getattr(self, name), annotator + 1))
        if annotator >= self.annotators:
            new = np.arange(self.annotators, annotator + 1)
            self.annotators = annotator + 1
            self._chosen[new] = self._prior_shares
            self._learn(new)

    def _replace(self, new: Mapping[int, array[int]]) -> None:
        """Put answers in place of those before; the posteriors stay, until the tasks are visited."""
        tasks = np.array(list(new))
        before = [self.answers[task] for task in new]
        for task, old, codes in zip(new, before, new.values(), strict=True):
            self.answers[task] = codes
            if not set(old) <= set(codes):
                # What an aggregator found for this task rested on an answer that no longer counts.
                self._corrections[task] = 0
        for answers, sign in ((before, -1), (list(new.values()), +1)):
            given, of_task = flat(answers)
            self._count(given, sign * self.states[tasks][of_task])
            np.add.at(self._given, given >> LABEL_BITS, sign)
            self.answered += sign * len(given)

    def _count(self, codes: Codes, shares: Reals) -> None:
        """Add a share of states for each answer to the counts."""
        annotators, labels = codes >> LABEL_BITS, codes & LABEL_MASK
        np.add.at(self._counts.transpose(0, 2, 1), (annotators, labels), shares)
        np.add.at(self._totals.T, labels, shares)

    def _visit(self, tasks: Codes) -> None:
        """Find the posteriors of different tasks anew, and move their shares of all sums."""
        codes, of_task = flat([self.answers[task] for task in tasks.tolist()])
        found = self._infer(tasks, codes, of_task)
        moved = found - self.states[tasks]
        self._count(codes, moved[of_task])
        self._state_sums += moved.sum(axis=0)
        self.states[tasks] = found

    def _infer(self, tasks: Codes, codes: Codes, of_task: Codes) -> Reals:
        scores = self._corrections[tasks] + np.log(self._state_sums + STATE_PRIOR_TASKS)
        np.add.at(scores, of_task, self._logs[codes >> LABEL_BITS, codes & LABEL_MASK])
        found: Reals = np.exp(scores - scores.max(axis=1, keepdims=True))
        found /= found.sum(axis=1, keepdims=True)
        found[np.bincount(of_task, minlength=len(tasks)) == 0] = 0
        for place, task in enumerate(tasks.tolist() if self.gold else ()):
            if task in self.gold and self.answers[task]:
                found[place] = np.eye(self.classes)[self.gold[task]]
        return found

    def _learn(self, annotators: Codes) -> None:
        """Find annotators' matrices anew from their counts."""
        if self.answered >= self._shared_at * _SHARED_GROWTH:
            self._share()
        counts = self._counts[annotators]
        towards = estimates.centres(counts, self._shared)
        given = self._given[annotators]
        if (given >= self._weighed_at[annotators] * _WEIGHED_GROWTH).any():
            self._chosen[annotators] = estimates.weighed(counts, towards, self._prior_shares).T
            self._weighed_at[annotators] = given
        found = estimates.matrices(counts, towards, self._chosen[annotators].T)
        self._logs[annotators] = np.log(found).transpose(0, 2, 1)

    def _learn_all(self) -> None:
        """Find all annotators' matrices anew, and which priors fit them."""
        self._share()
        self._weighed_at[:] = 0
        step = max(1, _CELLS_AT_ONCE // (len(self._prior_shares) * self.classes**2))
        for first in range(0, self.annotators, step):
            self._learn(np.arange(first, min(first + step, self.annotators)))
        if self.annotators:
            self._prior_shares = estimates.learned_shares(self._chosen[: self.annotators].T)

    def _share(self) -> None:
        self._shared = estimates.shared(self._totals, self._prior_shares)
        self._shared_at = self.answered

    def _revisit(self, count: int) -> None:
        """Look at some tasks again, and at one annotator, in turn."""
        size = len(self.answers)
        self._visit((self._next_task + np.arange(min(count, size))) % size)
        self._next_task = (self._next_task + count) % size
        if self.annotators:
            self._next_annotator = (self._next_annotator + 1) % self.annotators
            self._learn(np.array([self._next_annotator]))

    def _count_all(self, codes: Codes, of_task: Codes) -> None:
        """Sum the states of all tasks up."""
        annotators = codes >> LABEL_BITS
        cells = annotators * self.classes + (codes & LABEL_MASK)
        for state in range(self.classes):
            sums = np.bincount(cells, self.states[of_task, state], len(self._given) * self.classes)
            self._counts[:, state] = sums.reshape(-1, self.classes)
        self._given[:] = np.bincount(annotators, minlength=len(self._given))
        self._totals = self._counts.sum(axis=0)
        self._state_sums = self.states.sum(axis=0)
        self.answered = len(codes)

    def _scores(self, codes: Codes, of_task: Codes, tasks: int) -> Reals:
        """Return (tasks, states): the log-likelihood of every task's answers, and of its state."""
        scores = np.empty((tasks, self.classes))
        for state in range(self.classes):
            logs = self._logs[codes >> LABEL_BITS, codes & LABEL_MASK, state]
            scores[:, state] = np.bincount(of_task, logs, tasks)
        scores += np.log(self._state_sums + STATE_PRIOR_TASKS)
        return scores


def _longer(values: Reals, needed: int) -> Reals:
    """Return the values with room for as many rows, and for as many again."""
    more = max(2 * needed, _ROOM_FIRST) - len(values)
    return np.pad(values, ((0, more), *(((0, 0),) * (values.ndim - 1))))

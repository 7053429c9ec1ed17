"""What a compared task adds to a project's sums: pure, and in whole numbers, so it can be taken out again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import TypeVar

import msgspec
from blake3 import blake3

from annotary.kernel.errors import Invalid
from annotary.quality.agreement.messages import CLASSES, By, ToolCompared
from annotary.quality.agreement.values_project import (
    BYS,
    MEASURES,
    ComparedTask,
    Numbers,
    PairKey,
    SumKey,
    Sums,
)

# Tasks are put into so many buckets at random; intervals come from resampling these.
BUCKETS = 64
_KEY_BYTES = 16
K = TypeVar("K", SumKey, PairKey)
_encode = msgspec.json.Encoder().encode


def bucket_of(task: bytes) -> int:
    """Return the bucket of a task, by its id: always the same."""
    return blake3(b"agreement" + task).digest(1)[0] % BUCKETS


def digest_of(key: SumKey | PairKey) -> bytes:
    """Return the 16 bytes that a row is found by."""
    return blake3(_encode(key)).digest(_KEY_BYTES)


def sums_of(task: ComparedTask) -> Sums:
    """Return what one task adds to the sums."""
    found = Sums({}, {})
    for tool, compared in task.compared.tools.items():
        for key, numbers in _of_classes(task, tool, compared):
            _add(found, key, numbers)
        for key, numbers in _of_scores(task, tool, compared):
            _add(found, key, numbers)
    return found


def difference(after: Iterable[ComparedTask], before: Iterable[ComparedTask]) -> Sums:
    """Return what changes where tasks compare as in `after` and were counted as in `before`."""
    found = Sums({}, {})
    for sign, tasks in ((1, after), (-1, before)):
        for task in tasks:
            one = sums_of(task)
            for of_sums, numbers in one.sums.items():
                _add(found, of_sums, numbers, sign)
            for of_pairs, numbers in one.pairs.items():
                _add(found, of_pairs, numbers, sign)
    return Sums(_not_zero(found.sums), _not_zero(found.pairs))


def check_asked(by: str, measure: str | None) -> By:
    """Return `by`; raises Invalid where it, or the measure, is not one of those there are."""
    known = next((one for one in BYS if one == by), None)
    if known is None:
        raise Invalid(path="by", found=by, expected=f"one of {', '.join(BYS)}")
    if measure and not any(is_wanted(name, measure) for name in MEASURES):
        raise Invalid(path="measure", found=measure, expected=f"alpha, or one of {', '.join(MEASURES)}")
    return known


def is_wanted(name: str, measure: str) -> bool:
    """Say whether a measure was asked for: by its name, or by the beginning that several share ("alpha")."""
    return not measure or name == measure or name.startswith(f"{measure}_")


def _of_classes(
    task: ComparedTask, tool: str, compared: ToolCompared
) -> Iterator[tuple[SumKey | PairKey, Numbers]]:
    for question, classes in compared.classes.items():
        given = [
            (member, one) for member, one in zip(task.member_ids, classes, strict=True) if one is not None
        ]
        met: Counter[tuple[str, str]] = Counter()
        for (one, said), (other, answered) in combinations(sorted(given), 2):
            first, second = sorted((said, answered))
            met[first, second] += 1
            if one != other:
                yield (
                    PairKey(task.project_id, tool, CLASSES, question, one, other, said, answered),
                    Numbers(1),
                )
        for (first, second), number in met.items():
            yield _key(task, tool, CLASSES, question, len(given), first, second), Numbers(number)


def _of_scores(
    task: ComparedTask, tool: str, compared: ToolCompared
) -> Iterator[tuple[SumKey | PairKey, Numbers]]:
    people = list(combinations(task.member_ids, 2))
    for measure, by_label in compared.scores.items():
        for label, scores in by_label.items():
            given = [score for score in scores if score is not None]
            if given:
                yield _key(task, tool, measure, label, len(given)), Numbers(len(given), sum(given))
        for pair, score in zip(people, by_label[""], strict=True):
            one, other = sorted(pair)
            if score is not None and one != other:
                key = PairKey(task.project_id, tool, measure, "", one, other)
                yield key, Numbers(1, score, score * score)


def _key(
    task: ComparedTask, tool: str, measure: str, label: str, size: int, first: str = "", second: str = ""
) -> SumKey:
    bucket = bucket_of(task.task_id.bytes)
    return SumKey(
        task.project_id, tool, measure, label, task.week, task.batch_id, bucket, size, first, second
    )


def _add(found: Sums, key: SumKey | PairKey, numbers: Numbers, sign: int = 1) -> None:
    if isinstance(key, SumKey):
        found.sums[key] = found.sums.get(key, Numbers()).plus(numbers, sign)
    else:
        found.pairs[key] = found.pairs.get(key, Numbers()).plus(numbers, sign)


def _not_zero(sums: Mapping[K, Numbers]) -> dict[K, Numbers]:
    return {key: numbers for key, numbers in sums.items() if numbers != Numbers()}


def split(sums: Mapping[K, Numbers]) -> tuple[Sequence[K], Sequence[K]]:
    """Return the keys of rows that must be there already, and of those that may be new.

    A row that gets smaller is there; one that gets larger may have to be made, which the table's checks allow
    for numbers from zero on only.
    """
    less = [key for key, numbers in sums.items() if min(numbers) < 0]
    return less, [key for key in sums if key not in set(less)]

"""Hops add up to the total whatever the stamps are, and histograms hold what was put into them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from annotary.kernel.ids import new_id
from annotary.operations.hops import rules
from annotary.operations.hops.values import PATH, Stamp

NOW = 1_795_000_000_000_000
# Missing, equal, out of order, of clocks that are hours apart.
STAMPS = st.one_of(st.none(), st.integers(NOW, NOW + 5), st.integers(0, 2 * NOW))
PROJECTS = [new_id(), new_id()]


@given(st.lists(st.tuples(*[STAMPS] * len(PATH)), min_size=1, max_size=20))
def test_hops_of_any_stamps_add_up_and_are_never_negative(rows: list[tuple[int | None, ...]]) -> None:
    places, took = rules.durations(matrix_of(rows, len(PATH)))
    for row, placed, hops in zip(rows, places.tolist(), took.tolist(), strict=True):
        known = [at for at in row if at is not None]
        present = [hop for hop in hops if hop != rules.MISSING]
        assert all(hop >= 0 for hop in present)
        assert len(present) == max(0, len(known) - 1), "a hop for each stamp but the first, and no other"
        if known:
            assert sum(present) == max(known) - known[0] == placed[-1] - known[0]
        # What is in order already is left where it is.
        if known == sorted(known):
            assert [at for at, stamp in zip(placed, row, strict=True) if stamp is not None] == known


@given(st.dictionaries(st.sampled_from(PATH), st.integers(0, 2 * NOW)))
def test_one_label_says_where_its_time_went_to_the_microsecond(stamps: dict[Stamp, int]) -> None:
    hops = rules.hops(stamps, "turn")
    named = [name for name in PATH if name in stamps]
    assert [hop.name for hop in hops] == named[1:]
    assert [hop.why for hop in hops if hop.why] == ["turn"] * ("flushed" in named[1:])
    at = rules.moment(stamps[named[0]]) if named else rules.EPOCH
    for hop in hops:
        assert hop.at - at == timedelta(microseconds=hop.microseconds)
        assert rules.moment(stamps[hop.name]) + timedelta(microseconds=hop.moved_microseconds) == hop.at
        at = hop.at
    if named:
        assert sum(hop.microseconds for hop in hops) == max(stamps.values()) - stamps[named[0]]


@given(st.integers(0, NOW), st.integers(0, NOW), st.booleans())
def test_what_nothing_waits_for_counts_from_the_commit(
    committed: int, appended: int, has_commit: bool
) -> None:
    stamps: dict[Stamp, int] = {"appended": appended} | ({"committed": committed} if has_commit else {})
    hops = rules.hops_beside(stamps)
    assert [hop.microseconds for hop in hops] == ([max(0, appended - committed)] if has_commit else [])
    assert rules.hops(stamps, None) == []


class Label(NamedTuple):
    project: UUID
    why: str
    stamps: tuple[int | None, ...]
    ended: int | None


LABELS = st.lists(
    st.builds(
        Label,
        st.sampled_from(PROJECTS),
        st.sampled_from(["size", "turn"]),
        st.tuples(*[st.none() | st.integers(NOW, NOW + 10**9)] * 3),
        st.none() | st.integers(NOW, NOW + 10**9),
    ),
    max_size=30,
)


def matrix_of(rows: Sequence[Sequence[int | None]], width: int) -> rules.Times:
    filled = [[rules.MISSING if at is None else at for at in row] for row in rows]
    return np.array(filled, np.int64).reshape(-1, width)


def labels_of(labels: list[Label]) -> rules.Labels:
    return rules.Labels(
        b"".join(new_id().bytes for _ in labels),
        b"".join(label.project.bytes for label in labels),
        [label.why for label in labels],
        [None] * len(labels),
        matrix_of([label.stamps for label in labels], 3),
        matrix_of([(label.stamps[0], label.ended) for label in labels], 2),
    )


@given(LABELS, LABELS)
def test_each_hop_is_counted_once_and_histograms_merge(some: list[Label], others: list[Label]) -> None:
    names: tuple[Any, ...] = ("submitted", "flushed", "committed")
    together = rules.counted(labels_of(some + others), names)
    hops: Counter[tuple[UUID, str]] = Counter()
    sums: Counter[str] = Counter()
    for label in some + others:
        known = {name: at for name, at in zip(names, label.stamps, strict=True) if at is not None}
        for hop in rules.hops(known, None):
            hops[label.project, hop.name] += 1
            sums[hop.name] += hop.microseconds
        if label.stamps[0] is not None and label.ended is not None:
            hops[label.project, "total"] += 1
            sums["total"] += max(0, label.ended - label.stamps[0])
    found: Counter[tuple[UUID, str]] = Counter()
    added: Counter[str] = Counter()
    for one in together:
        found[one.project_id, one.hop] += one.labels
        added[one.hop] += one.sum_microseconds
        assert list(rules.buckets_of([one.slowest_microseconds])) == [one.bucket]
        assert bool(one.why) == (one.hop == "flushed")
    assert (found, +added) == (hops, +sums)
    apart: Counter[Any] = Counter()
    for one in rules.counted(labels_of(some), names) + rules.counted(labels_of(others), names):
        apart[one[:5]] += one.labels
    assert apart == {one[:5]: one.labels for one in together}


@given(st.lists(st.integers(1, 10**13), min_size=1, max_size=200), st.sampled_from([0.5, 0.9, 0.99]))
def test_quantiles_are_within_six_percent(microseconds: list[int], share: float) -> None:
    labels = Counter(rules.buckets_of(microseconds).tolist())
    true = sorted(microseconds)[max(1, int(np.ceil(share * len(microseconds)))) - 1] / 1e6
    assert abs(rules.quantile(labels, share) - true) <= 0.06 * true + 1e-6


def test_bounds_of_buckets_hold_what_they_say() -> None:
    assert rules.buckets_of([0, 1, 10, 11, 1_000, 1_001, 10**14]).tolist() == [0, 0, 20, 21, 60, 61, 260]

"""Histograms of hops as Prometheus wants them: rising counts, nothing left out, the latest label of each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from annotary.kernel.ids import format_id, new_id
from annotary.operations.hops.metrics import samples
from annotary.operations.hops.rules import EDGES

NOW = datetime(2026, 11, 23, tzinfo=UTC)
# One row a bucket, counted last at times of their own.
ROWS = st.dictionaries(
    st.integers(0, len(EDGES) - 1), st.tuples(st.integers(1, 9), st.booleans()), min_size=1
)


def row(place: int, bucket: int, labels: int, traced: bool) -> dict[str, Any]:
    return {
        "bucket": bucket,
        "labels": labels,
        "sum_microseconds": labels * 1_000_000,
        "last_microseconds": 1_000 * place,
        "last_at": NOW + timedelta(seconds=place),
        "submission_id": new_id(),
        "trace_id": f"{place:032x}" if traced else None,
    }


@given(ROWS, st.randoms())
def test_every_label_is_under_the_bounds_it_kept_to(found: dict[int, tuple[int, bool]], chance: Any) -> None:
    places = list(range(len(found)))
    chance.shuffle(places)
    rows = [row(place, bucket, *said) for place, (bucket, said) in zip(places, found.items(), strict=True)]
    told = samples({"hop": "done"}, rows)
    buckets = [one for one in told if one.name.endswith("_bucket")]
    before = 0.0
    for one in buckets:
        bound = float(one.labels["le"]) * 1e6
        under = [one for one in rows if EDGES[one["bucket"]] <= bound * 1.001 or bound == float("inf")]
        assert one.value == sum(each["labels"] for each in under)
        within = [each for each in under if EDGES[each["bucket"]] > before * 1.001]
        assert (one.exemplar is not None) == bool(within), "what is in the bucket, and in none below"
        if one.exemplar is not None:
            last = max(within, key=lambda each: each["last_at"])
            expected = {"submission": format_id("submission", last["submission_id"])}
            expected |= {"trace_id": last["trace_id"]} if last["trace_id"] else {}
            assert one.exemplar.labels == expected
            assert one.exemplar.value == last["last_microseconds"] / 1e6
            assert one.exemplar.timestamp == last["last_at"].timestamp()
        before = bound
    labels = sum(one["labels"] for one in rows)
    assert buckets[-1].labels["le"] == "+Inf"
    assert [one.value for one in told[-2:]] == [labels, labels], "count, and seconds: one for each label"

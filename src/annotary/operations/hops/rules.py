"""From stamps to hops that add up, and how many hops are counted in few numbers. Pure.

Buckets are logarithmic, 20 a decade of microseconds: their middle is within 6 % of what they hold, and
histograms merge by addition (Masson, Rim and Lee, DDSketch, VLDB 2019, with a fixed base).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple, TypeVar
from uuid import UUID

from annotary.operations.hops.values import BESIDE, PATH, TOTAL, Counted, FlushedWhy, HopName, HopView, Stamp

# numpy is imported where columns are counted: services that only show hops begin without it.
if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Times = NDArray[np.int64]

T = TypeVar("T")
# Stands for "no stamp" and "no hop": below every time, so that the latest one before it is the greatest.
MISSING = -(2**62)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
BUCKETS_PER_DECADE = 20
DECADES = 13
# Bucket n holds what took longer than EDGES[n - 1] and at most EDGES[n]; the last one also what took longer.
EDGES = tuple(10.0 ** (place / BUCKETS_PER_DECADE) for place in range(DECADES * BUCKETS_PER_DECADE + 1))
MICROSECONDS_PER_MINUTE = 60_000_000


class Labels(NamedTuple):
    """Labels whose hops are counted, as columns: 16 bytes each of their ids and projects; why flushed.

    `stamps` are those of some part of the path; `ways` begin and end of the whole way, where it is over. Both
    in microseconds since 1970, or MISSING.
    """

    ids: bytes
    projects: bytes
    whys: Sequence[str]
    trace_ids: Sequence[str | None]
    stamps: Times
    ways: Times


def durations(stamps: Times) -> tuple[Times, Times]:
    """Return where stamps stand (labels x stamps, in microseconds) and how long each hop took.

    A stamp never stands before one that comes before it on the path: where clocks disagree it is moved on.
    So no hop is negative and those of a label add up to its last place less its first, exactly. There is no
    hop to a stamp that is missing, nor to the first one.
    """
    import numpy as np

    places = np.maximum.accumulate(stamps, axis=1)
    before = np.concatenate([np.full((len(stamps), 1), MISSING), places[:, :-1]], axis=1)
    took = np.where((stamps == MISSING) | (before == MISSING), MISSING, places - before)
    return places, took


def hops(stamps: Mapping[Stamp, int], why: FlushedWhy | None) -> list[HopView]:
    """Return a label's hops on the path, in order; the first stamp is where they begin and is no hop."""
    import numpy as np

    names = [name for name in PATH if name in stamps]
    if not names:
        return []
    places, took = durations(np.array([[stamps[name] for name in names]], np.int64))
    return [
        HopView(
            name=name,
            at=moment(int(places[0, place])),
            microseconds=int(took[0, place]),
            why=why if name == "flushed" else None,
            moved_microseconds=int(places[0, place]) - stamps[name],
        )
        for place, name in enumerate(names)
        if place
    ]


def hops_beside(stamps: Mapping[Stamp, int]) -> list[HopView]:
    """Return what happened to a label beside its path, each counted from the commit."""
    committed = stamps.get("committed")
    if committed is None:
        return []
    return [
        HopView(name, moment(max(at, committed)), max(0, at - committed), None, max(0, committed - at))
        for name in BESIDE
        if (at := stamps.get(name)) is not None
    ]


def counted(labels: Labels, names: Sequence[HopName]) -> list[Counted]:
    """Count the hops of labels, whose stamps have these names, by project, minute, hop, reason and bucket.

    Labels come by the thousand and hops by the ten thousand, so they are sorted and summed as columns.
    """
    import numpy as np

    places, took = durations(labels.stamps)
    whole_places, whole_took = durations(labels.ways)
    ended = np.concatenate([places, whole_places[:, 1:]], axis=1)
    took = np.concatenate([took, whole_took[:, 1:]], axis=1)
    rows, columns = np.nonzero(took != MISSING)
    if not rows.size:
        return []
    hops: Sequence[HopName] = (*names, TOTAL)
    projects, of_project = _numbered(
        [labels.projects[at : at + 16] for at in range(0, len(labels.projects), 16)]
    )
    whys, of_why = _numbered(labels.whys)
    flushed = columns == (hops.index("flushed") if "flushed" in hops else -1)
    microseconds = took[rows, columns]
    key = (
        of_project[rows],
        ended[rows, columns] // MICROSECONDS_PER_MINUTE,
        columns,
        np.where(flushed, of_why[rows], -1),
        buckets_of(microseconds),
    )
    # The slowest stands last among those that are counted together.
    order = np.lexsort((microseconds, *reversed(key)))
    key_sorted, sorted_microseconds = np.stack(key)[:, order], microseconds[order]
    starts = np.flatnonzero(np.r_[True, (key_sorted[:, 1:] != key_sorted[:, :-1]).any(axis=0)])
    ends = np.r_[starts[1:], order.size]
    sums = np.add.reduceat(sorted_microseconds, starts)
    found = []
    for start, end, added in zip(starts.tolist(), ends.tolist(), sums.tolist(), strict=True):
        project, minute, hop, why, bucket = key_sorted[:, start].tolist()
        slowest = int(rows[order[end - 1]])
        found.append(
            Counted(
                *(UUID(bytes=projects[project]), minute, hops[hop], "" if why < 0 else whys[why], bucket),
                *(end - start, added, int(sorted_microseconds[end - 1])),
                *(UUID(bytes=labels.ids[16 * slowest : 16 * slowest + 16]), labels.trace_ids[slowest]),
            )
        )
    return found


def _numbered(values: Sequence[T]) -> tuple[list[T], Times]:
    """Return the different values, and the place of each value among them."""
    import numpy as np

    places: dict[T, int] = {}
    found = [places.setdefault(value, len(places)) for value in values]
    return list(places), np.array(found, np.int64)


def buckets_of(microseconds: Sequence[int] | Times) -> Times:
    """Return the bucket of each duration."""
    import numpy as np

    found = np.searchsorted(EDGES, np.asarray(microseconds, np.float64), side="left")
    return np.minimum(found, len(EDGES) - 1)


def quantile(labels: Mapping[int, int], share: float) -> float:
    """Return the seconds that this share of labels did not exceed; `labels` are counts by bucket."""
    rank = max(1, math.ceil(share * sum(labels.values())))
    for bucket in sorted(labels):
        rank -= labels[bucket]
        if rank <= 0:
            return middle(bucket)
    return 0.0


def middle(bucket: int) -> float:
    """Return what stands for the durations of a bucket, in seconds; nothing is shorter than a microsecond."""
    return 0.0 if bucket == 0 else float(10.0 ** ((bucket - 0.5) / BUCKETS_PER_DECADE)) / 1e6


def moment(microseconds: int) -> datetime:
    """Return the time so many microseconds after 1970 began, exactly."""
    return EPOCH + timedelta(microseconds=microseconds)

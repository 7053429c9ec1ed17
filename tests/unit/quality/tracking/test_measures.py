"""Measures of tracks: cases counted by hand, known answers on real clips, and what must not matter."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotary.kernel.errors import Invalid, TooLarge
from annotary.quality.tracking.evaluation import evaluate
from annotary.quality.tracking.mot_text import read_mot
from annotary.quality.tracking.values import Tracks, TrackScores

# HOTA is a mean over so many minimal IoUs.
MINIMA = 19


def tracks(rows: list[tuple[int, int, float]]) -> Tracks:
    """Tracks of boxes 10 wide and high: frame, id and left."""
    frames, ids, lefts = (np.array(column) for column in zip(*rows, strict=True)) if rows else ([], [], [])
    boxes = np.array([(left, 0, left + 10, 10) for left in lefts], dtype=float).reshape(-1, 4)
    return Tracks(np.array(frames, dtype=int), np.array(ids, dtype=int), boxes)


def clip(name: str) -> str:
    named = os.environ.get("ANNOTARY_SAMPLE_DATA", "")
    if not named:
        pytest.skip("ANNOTARY_SAMPLE_DATA names no folder of sample data")
    return (Path(named) / "video" / name).read_text(encoding="utf-8")


def evaluate_clips(truth: str, predicted: str) -> TrackScores:
    return evaluate(read_mot(clip(truth), drop_unconfident=True), read_mot(clip(predicted)))


@pytest.mark.parametrize(
    ("truth", "predicted", "known"),
    [
        ("TUD-Campus.motmetrics_gt.txt", "TUD-Campus.motmetrics_test.txt", (39.14, 55.77, 52.65, 7)),
        ("TUD-Campus.gt.txt", "TUD-Campus.tracker_masa.txt", (91.82, 87.19, None, None)),
    ],
)
def test_the_answers_of_the_reference_implementation(
    truth: str, predicted: str, known: tuple[Any, ...]
) -> None:
    scores = evaluate_clips(truth, predicted)
    hota, idf1, mota, switches = known
    assert round(100 * scores.hota.hota, 2) == hota and round(100 * scores.identity.f1, 2) == idf1
    assert mota is None or round(100 * scores.clear.mota, 2) == mota
    assert switches is None or scores.clear.id_switches == switches


def test_a_long_clip_takes_no_time_and_unconfident_truth_is_not_there() -> None:
    started = time.process_time()
    scores = evaluate_clips("PETS09-S2L1.gt.txt", "PETS09-S2L1.gt.txt")
    assert time.process_time() - started < 3
    # 174 of 4650 rows of this truth have conf 0; predicted, they are false.
    assert (scores.clear.matched, scores.clear.false, scores.clear.id_switches) == (4476, 174, 0)


def test_a_track_that_changes_its_name_halfway() -> None:
    truth = tracks([(frame, 1, 0) for frame in range(1, 5)])
    scores = evaluate(truth, tracks([(1, 7, 0), (2, 7, 0), (3, 8, 0), (4, 8, 0)]))
    assert scores.clear == (4, 0, 0, 1, 1 - 1 / 4)
    assert scores.identity == (2, 0.5, 0.5, 0.5)
    # Each match shares its two tracks with one other match, of four boxes: AssA = 2 / 4.
    assert scores.hota == pytest.approx((0.5**0.5, 1, 0.5))


def test_a_box_beside_its_object_counts_up_to_its_overlap() -> None:
    """Shifted by 2 of 10 the IoU is 8 / 12: matched at the 13 minima up to 0.65."""
    scores = evaluate(tracks([(1, 1, 0)]), tracks([(1, 1, 2)]))
    assert scores.clear.matched == 1 and scores.identity.f1 == 1
    assert scores.hota == pytest.approx((13 / MINIMA,) * 3)


def test_a_match_goes_on_though_another_box_fits_better() -> None:
    truth = tracks([(1, 1, 0), (2, 1, 0)])
    scores = evaluate(truth, tracks([(1, 1, 0), (2, 1, 3), (2, 2, 0)]))
    assert (scores.clear.matched, scores.clear.false, scores.clear.id_switches) == (2, 1, 0)


def test_a_gap_does_not_end_a_match_but_a_frame_without_it_does() -> None:
    """In frame 2 nothing is predicted; in frame 3 the nearer box belongs to another track."""
    truth = [(1, 1, 0), (2, 1, 0), (3, 1, 0)]
    later = [(1, 1, 0), (3, 1, 3), (3, 2, 0)]
    assert evaluate(tracks(truth), tracks(later)).clear.id_switches == 0
    elsewhere = [(2, 9, 500)]
    assert evaluate(tracks(truth), tracks(later + elsewhere)).clear.id_switches == 1


def test_no_prediction_is_all_missed_and_no_truth_an_error() -> None:
    scores = evaluate(tracks([(1, 1, 0), (2, 1, 0)]), tracks([]))
    assert scores.clear == (0, 2, 0, 0, 0.0) and scores.identity.f1 == 0 and scores.hota == (0, 0, 0)
    with pytest.raises(Invalid, match="truth: found 'no box'"):
        evaluate(tracks([]), tracks([(1, 1, 0)]))


def test_more_tracks_than_can_be_paired_are_refused() -> None:
    many = tracks([(number, number, 0) for number in range(1, 5002)])
    with pytest.raises(TooLarge, match="5,001 of the truth"):
        evaluate(many, many)


rows = st.lists(
    st.tuples(st.integers(1, 4), st.integers(1, 4), st.integers(0, 30).map(float)),
    min_size=1,
    max_size=14,
    unique_by=lambda row: row[:2],
)


@settings(deadline=None)
@given(rows)
def test_a_perfect_tracker_under_other_names(truth: list[tuple[int, int, float]]) -> None:
    """Objects 100 apart from each other, so that no box fits two of them."""
    apart = [(frame, name, left + 100 * name) for frame, name, left in truth]
    renamed = [(frame, 50 - 7 * name, left) for frame, name, left in reversed(apart)]
    scores = evaluate(tracks(apart), tracks(renamed))
    assert scores.hota == pytest.approx((1, 1, 1)) and scores.identity.f1 == 1
    assert scores.clear == (len(truth), 0, 0, 0, 1)


@settings(deadline=None)
@given(rows, rows)
def test_bounds_and_symmetry(
    truth: list[tuple[int, int, float]], predicted: list[tuple[int, int, float]]
) -> None:
    scores, turned = evaluate(tracks(truth), tracks(predicted)), evaluate(tracks(predicted), tracks(truth))
    assert all(0 <= value <= 1 for value in (*scores.hota, *scores.identity[1:])) and scores.clear.mota <= 1
    assert scores.identity.f1 == turned.identity.f1 and scores.identity.recall == turned.identity.precision
    assert scores.clear.matched + scores.clear.missed == len(truth)
    assert scores.clear.matched + scores.clear.false == len(predicted)


@settings(deadline=None)
@given(rows, rows)
def test_time_and_place_have_no_zero(
    truth: list[tuple[int, int, float]], predicted: list[tuple[int, int, float]]
) -> None:
    moved = [[(3 * frame + 5, name, left + 64) for frame, name, left in each] for each in (truth, predicted)]
    here, there = evaluate(tracks(truth), tracks(predicted)), evaluate(tracks(moved[0]), tracks(moved[1]))
    assert (
        here.clear == there.clear
        and here.identity == there.identity
        and here.hota == pytest.approx(there.hota)
    )

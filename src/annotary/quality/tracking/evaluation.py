"""All measures of tracks against tracks at once."""

from __future__ import annotations

from annotary.kernel.errors import Invalid
from annotary.quality.tracking.clear import clear
from annotary.quality.tracking.hota import hota
from annotary.quality.tracking.identity import identity
from annotary.quality.tracking.overlapping import overlap
from annotary.quality.tracking.values import Tracks, TrackScores


def evaluate(truth: Tracks, predicted: Tracks) -> TrackScores:
    """Return CLEAR and identity measures at an IoU of 0.5 and HOTA, of predicted tracks against true ones.

    Raises `Invalid` where the truth has no box (every measure would divide by nothing), `TooLarge` where the
    tracks are too many.
    """
    if not len(truth.ids):
        raise Invalid(path="truth", found="no box", expected="at least one box to evaluate against")
    overlapping = overlap(truth, predicted)
    return TrackScores(clear(overlapping), identity(overlapping), hota(overlapping))

"""Ratings of a clip: how much of each label it has, on a scale of whole numbers.

Each label of the ontology is a question. `level` runs from `minimum` to `maximum`; a label may have a scale
of its own in the setting `scales`. With `complete` every label is rated. Canonical order: that of the
ontology.
"""

from __future__ import annotations

from annotary.modalities.label_type import Example
from annotary.modalities.ratings import ordinal
from annotary.modalities.video.items import VideoItem

LABEL_TYPE = ordinal(
    "video",
    VideoItem,
    Example(
        item={
            "asset": "c0de" * 16,
            "width": 1280,
            "height": 720,
            "frame_count": 300,
            "time_base": [1, 30000],
            "first_pts": 0,
            "pts_runs": [[299, 1001]],
        },
        definition={"tools": {"ordinal": {"minimum": 0, "maximum": 10}}, "labels": [{"name": "smoothness"}]},
        value=[{"label": "smoothness", "level": 7}],
    ),
)

"""Time segments of a clip, which may overlap.

Frames by number, half open: `end_frame` is the first frame after the segment, at most the clip's
`frame_count`. `start_time` and `end_time` are the presentation times of these frames in seconds, rounded to
microseconds (for `frame_count`: the end of the last frame). They may be left out; a time that is more than 1
ms off is refused. The canonical answer always has both. Canonical order: by start, then by end, then by
label.
"""

from __future__ import annotations

from annotary.modalities.label_type import Example, LabelType, Settings
from annotary.modalities.marks import Marks
from annotary.modalities.video.items import VideoItem
from annotary.modalities.video.segments.checking import Segment, compile_segments
from annotary.ontology.steps.values import ToolRules

LABEL_TYPE = LabelType(
    name="segments",
    modality="video",
    settings_type=Settings,
    value_type=Marks[Segment],
    item_type=VideoItem,
    example=Example(
        item={
            "asset": "c0de" * 16,
            "width": 1280,
            "height": 720,
            "frame_count": 300,
            "time_base": [1, 30000],
            "first_pts": 0,
            "pts_runs": [[299, 1001]],
        },
        definition={"tools": {"segments": {}}, "labels": [{"name": "rally"}, {"name": "serve"}]},
        value=[
            {"label": "serve", "start_frame": 0, "end_frame": 30, "start_time": 0.0, "end_time": 1.001},
            {"label": "rally", "start_frame": 30, "end_frame": 300, "start_time": 1.001, "end_time": 10.01},
        ],
    ),
    compile=compile_segments,
    consensus="annotary.modalities.video.segments.consensus",
    marks=ToolRules(
        order=("start_frame", "end_frame", "label"), unique=("start_frame", "end_frame", "label")
    ),
)

"""Tracks: boxes of one object through a clip, kept as keyframes.

A track exists from its first keyframe to its last, both included. Between two keyframes x, y, width and
height are interpolated linearly in presentation time, and `visible` is that of the keyframe before. Keyframes
are strictly ascending by `frame`; `id` is unique within the answer; boxes are pixels as floats from the top
left, inside the frame.

An attribute that is asked `per` frame (`"per": "frame"`) stands in the `attributes` of keyframes, and holds
until the next one.

`time` is the frame's presentation time in seconds, `(first_pts + the first k steps of pts_runs) * time_base`,
rounded to microseconds. It may be left out; a time that is more than 1 ms off is refused. The canonical
answer always has it. Canonical order: by id.
"""

from __future__ import annotations

from annotary.modalities.label_type import Example, LabelType, Settings
from annotary.modalities.marks import Marks
from annotary.modalities.video.items import VideoItem
from annotary.modalities.video.tracks.checking import Track, compile_tracks
from annotary.ontology.steps.values import ToolRules

LABEL_TYPE = LabelType(
    name="tracks",
    modality="video",
    settings_type=Settings,
    value_type=Marks[Track],
    item_type=VideoItem,
    example=Example(
        item={
            "asset": "c0de" * 16,
            "width": 1280,
            "height": 720,
            "frame_count": 250,
            "time_base": [1, 12800],
            "first_pts": 0,
            "pts_runs": [[249, 512]],
        },
        definition={"tools": {"tracks": {}}, "labels": [{"name": "bus"}]},
        value=[
            {
                "label": "bus",
                "id": "1",
                "keyframes": [
                    {"frame": 0, "time": 0.0, "x": 100.0, "y": 300.0, "width": 220.0, "height": 120.0},
                    {"frame": 40, "time": 1.6, "x": 420.0, "y": 296.5, "width": 236.0, "height": 128.0},
                    {
                        "frame": 55,
                        "time": 2.2,
                        "x": 540.0,
                        "y": 295.0,
                        "width": 240.0,
                        "height": 130.0,
                        "visible": False,
                    },
                    {"frame": 80, "time": 3.2, "x": 740.0, "y": 292.0, "width": 250.0, "height": 134.0},
                ],
            }
        ],
    ),
    compile=compile_tracks,
    consensus="annotary.modalities.video.tracks.consensus",
    marks=ToolRules(order=("id",), unique=("id",), frames="keyframes"),
)

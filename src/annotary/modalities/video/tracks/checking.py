"""Reads tracks and checks them against their clip and the ontology."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import msgspec

from annotary.kernel.limits import TRACK_ID_CHARACTERS_MAX, TRACK_KEYFRAMES_MAX
from annotary.modalities.attributes import AttributeRules
from annotary.modalities.errors import InvalidAnswer
from annotary.modalities.geometry import fit_box, frame_size
from annotary.modalities.label_type import Item, Settings
from annotary.modalities.marks import LabelRules, Mark, attributes_of, labels_of
from annotary.modalities.video.timeline import Timeline
from annotary.ontology.values import Definition


class Keyframe(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True, gc=False
):
    """Where a tracked object is at one frame; `attributes` hold from here to the next keyframe."""

    frame: int
    time: float | None = None
    x: float
    y: float
    width: float
    height: float
    visible: bool = True
    attributes: dict[str, Any] = {}


class Track(Mark, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True, gc=False):
    """One object through the clip."""

    id: Annotated[str, msgspec.Meta(min_length=1, max_length=TRACK_ID_CHARACTERS_MAX)]
    keyframes: Annotated[list[Keyframe], msgspec.Meta(min_length=1, max_length=TRACK_KEYFRAMES_MAX)]


def by_id(track: Track) -> str:
    """Return what tracks are ordered by."""
    return track.id


def compile_tracks(definition: Definition, settings: Settings) -> Callable[[list[Track], Item], list[Track]]:
    """Return the check of this tool's values against one definition."""
    rules = LabelRules(definition, "tracks")
    frames = {
        label.name: AttributeRules(attributes_of(label, "frame")) for label in labels_of(definition, "tracks")
    }

    def check(value: list[Track], item: Item) -> list[Track]:
        timeline = Timeline.from_item(item)
        size = frame_size(item)
        seen: set[str] = set()
        checked = []
        for index, track in enumerate(rules.check(value)):
            path = f"/answer/tracks/{index}"
            if track.id in seen or "\0" in track.id:
                raise InvalidAnswer(
                    path=f"{path}/id", found=track.id, expected="an id that no other track has, without NUL"
                )
            seen.add(track.id)
            keyframes = _check_keyframes(track.keyframes, timeline, size, f"{path}/keyframes")
            keyframes = _check_attributes(keyframes, frames[track.label], f"{path}/keyframes")
            checked.append(msgspec.structs.replace(track, keyframes=keyframes))
        return sorted(checked, key=by_id)

    return check


def _check_keyframes(
    keyframes: list[Keyframe], timeline: Timeline, size: tuple[int, int], path: str
) -> list[Keyframe]:
    checked = []
    before = -1
    for index, keyframe in enumerate(keyframes):
        frame = keyframe.frame
        if not before < frame < timeline.frame_count:
            expected = f"{before + 1} to {timeline.frame_count - 1}: ascending, within the clip"
            raise InvalidAnswer(path=f"{path}/{index}/frame", found=frame, expected=expected)
        before = frame
        time = timeline.check(frame, keyframe.time, f"{path}/{index}/time")
        if time != keyframe.time or time == 0.0:  # -0.0 equals 0.0 but is not written like it
            keyframe = msgspec.structs.replace(keyframe, time=time)
        checked.append(_fit(keyframe, size, f"{path}/{index}"))
    return checked


def _check_attributes(keyframes: list[Keyframe], rules: AttributeRules, path: str) -> list[Keyframe]:
    if rules.may_be_absent and not any(keyframe.attributes for keyframe in keyframes):
        return keyframes
    return [
        msgspec.structs.replace(
            keyframe, attributes=rules.check(keyframe.attributes, f"{path}/{index}/attributes")
        )
        for index, keyframe in enumerate(keyframes)
    ]


def _fit(keyframe: Keyframe, size: tuple[int, int], path: str) -> Keyframe:
    x, y, width, height = keyframe.x, keyframe.y, keyframe.width, keyframe.height
    if (
        x > 0.0
        and y > 0.0
        and x + width <= size[0]
        and y + height <= size[1]
        and width > 0.0
        and height > 0.0
    ):
        return keyframe
    return fit_box(keyframe, *size, path)

"""Reads time segments and checks them against their clip and the ontology."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter

import msgspec

from annotary.modalities.errors import InvalidAnswer
from annotary.modalities.label_type import Item, Settings
from annotary.modalities.marks import LabelRules, Mark, in_order
from annotary.modalities.video.timeline import Timeline
from annotary.ontology.values import Definition

by_place = attrgetter("start_frame", "end_frame", "label")


class Segment(Mark, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True, gc=False):
    """A stretch of the clip: frames, half open."""

    start_frame: int
    end_frame: int
    start_time: float | None = None
    end_time: float | None = None


def compile_segments(
    definition: Definition, settings: Settings
) -> Callable[[list[Segment], Item], list[Segment]]:
    """Return the check of this tool's values against one definition."""
    rules = LabelRules(definition, "segments")

    def check(value: list[Segment], item: Item) -> list[Segment]:
        timeline = Timeline.from_item(item)
        seen: set[tuple[int, int, str]] = set()
        checked = []
        for index, segment in enumerate(rules.check(value)):
            path = f"/answer/segments/{index}"
            checked.append(_check_segment(segment, timeline, path))
            if by_place(segment) in seen:
                found = f"{segment.label} from {segment.start_frame} to {segment.end_frame} again"
                raise InvalidAnswer(path=path, found=found, expected="each segment at most once")
            seen.add(by_place(segment))
        return in_order(checked, by_place)

    return check


def _check_segment(segment: Segment, timeline: Timeline, path: str) -> Segment:
    start, end, count = segment.start_frame, segment.end_frame, timeline.frame_count
    if not 0 <= start < count:
        expected = f"0 to {count - 1}: the clip has {count} frames"
        raise InvalidAnswer(path=f"{path}/start_frame", found=start, expected=expected)
    if not start < end <= count:
        expected = f"{start + 1} to {count}: after the start, within the clip"
        raise InvalidAnswer(path=f"{path}/end_frame", found=end, expected=expected)
    return msgspec.structs.replace(
        segment,
        start_time=timeline.check(start, segment.start_time, f"{path}/start_time"),
        end_time=timeline.check(end, segment.end_time, f"{path}/end_time"),
    )

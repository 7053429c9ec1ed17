"""What an item of the video modality carries."""

from __future__ import annotations

from typing import Annotated

import msgspec

Count = Annotated[int, msgspec.Meta(ge=1)]


class VideoItem(msgspec.Struct, frozen=True):
    """One clip: the content hash of its bytes, its size in pixels, and the presentation time of each frame.

    Frame k is shown at `(first_pts + the sum of the first k steps) * time_base` seconds; `pts_runs` are the
    steps between frames, run-length encoded as [count, step].
    """

    asset: str
    width: Count
    height: Count
    frame_count: Count
    time_base: tuple[Count, Count]
    first_pts: int
    pts_runs: list[tuple[Count, Count]]
    url: str | None = None
    media_type: str | None = None

    def __post_init__(self) -> None:
        """Refuse runs of steps that do not reach the last frame."""
        steps = sum(count for count, _ in self.pts_runs)
        if steps < self.frame_count - 1:
            raise ValueError(f"pts_runs with a step between all {self.frame_count} frames, not {steps} steps")

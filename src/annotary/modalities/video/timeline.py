"""When each frame of a clip is shown: exact rational arithmetic on the container's own timestamps."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise

from annotary.kernel.limits import FRAME_TIME_TOLERANCE_MICROSECONDS
from annotary.modalities.errors import InvalidAnswer
from annotary.modalities.items import read_item
from annotary.modalities.label_type import Item
from annotary.modalities.video.items import VideoItem

MICROSECONDS = 1_000_000


class Timeline:
    """The presentation times of a clip's frames.

    A clip may also be asked for frame `frame_count`, the end of its last frame: that frame lasts as long as
    the last step says (one tick of the time base where a clip has no step at all).
    """

    def __init__(
        self, frame_count: int, time_base: tuple[int, int], first_pts: int, pts_runs: Iterable[Sequence[int]]
    ) -> None:
        self.frame_count = frame_count
        self._numerator = time_base[0] * MICROSECONDS
        self._denominator = time_base[1]
        self._frames, self._ticks, self._steps = [0], [first_pts], [1]
        for count, step in pts_runs:
            self._steps[-1] = step
            self._frames.append(self._frames[-1] + count)
            self._ticks.append(self._ticks[-1] + count * step)
            self._steps.append(step)

    @classmethod
    def from_item(cls, item: Item) -> Timeline:
        """Return the timeline of a video item; raises InvalidItem where its fields do not make one."""
        clip = read_item(item, VideoItem)
        return cls(clip.frame_count, clip.time_base, clip.first_pts, clip.pts_runs)

    def time_microseconds(self, frame: int) -> int:
        """Return the presentation time of a frame (0 to frame_count), rounded half up to microseconds."""
        if not 0 <= frame <= self.frame_count:
            raise IndexError(f"frame {frame} of a clip of {self.frame_count}")
        run = bisect_right(self._frames, frame) - 1
        ticks = self._ticks[run] + (frame - self._frames[run]) * self._steps[run]
        return (2 * ticks * self._numerator + self._denominator) // (2 * self._denominator)

    def time_seconds(self, frame: int) -> float:
        """Return the presentation time of a frame in seconds, to the microsecond."""
        return self.time_microseconds(frame) / MICROSECONDS

    def check(self, frame: int, time_seconds: float | None, path: str) -> float:
        """Return the frame's time; raises InvalidAnswer at `path` where a given time is another one."""
        microseconds = self.time_microseconds(frame)
        seconds = microseconds / MICROSECONDS
        if time_seconds is None or time_seconds == seconds:
            return seconds
        if not abs(time_seconds * MICROSECONDS - microseconds) <= FRAME_TIME_TOLERANCE_MICROSECONDS:
            expected = f"{seconds:.6f} s, the presentation time of frame {frame} (or no time at all)"
            raise InvalidAnswer(path=path, found=time_seconds, expected=expected)
        return seconds


def pts_runs_of(timestamps: Iterable[int]) -> tuple[int, list[list[int]]]:
    """Return (first_pts, pts_runs) of the timestamps of a clip's frames, at least one, as presented."""
    frames = list(timestamps)
    steps = (after - before for before, after in pairwise(frames))
    return frames[0], [[sum(1 for _ in run), step] for step, run in groupby(steps)]

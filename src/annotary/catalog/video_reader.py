"""Looks into videos: their facts, and their frame table. Runs only in the bounded child process."""

from __future__ import annotations

import base64
import io
from fractions import Fraction
from typing import Any

import msgspec

from annotary.catalog import frame_table
from annotary.catalog.frame_table import FrameTable
from annotary.catalog.packet_reader import Reading, picture_of
from annotary.catalog.video_opening import limited, opened
from annotary.infra.bounded import Unreadable
from annotary.kernel.limits import VIDEO_PTS_RUNS_MAX, VIDEO_SIDE_PIXELS_MAX
from annotary.modalities.video.timeline import pts_runs_of

# Packets of these may be hidden or hold two frames, so their frames are counted by decoding.
PACKETS_ARE_NOT_FRAMES = ("vp8", "mpeg4", "msmpeg4v3", "gif")
CONTAINER_TYPES = {
    "mov": "video/mp4",
    "matroska": "video/x-matroska",
    "avi": "video/x-msvideo",
    "mpegts": "video/mp2t",
    "mpeg": "video/mpeg",
    "ogg": "video/ogg",
    "flv": "video/x-flv",
    "asf": "video/x-ms-wmv",
}


class _Stream(msgspec.Struct, frozen=True, kw_only=True):
    """What the file says of its first picture stream; the size is that of its first frame."""

    container: str
    codec: str
    size: tuple[int, int]
    rotation: int
    time_base: Fraction
    rate: Fraction | None


def video_facts(raw: io.RawIOBase, media_type: str) -> dict[str, Any]:
    """Return the fields of VideoFacts; the first frame is decoded, all are counted.

    The frames' times in the facts and the frame table come out of the same reading: they cannot disagree.
    """
    stream = _look(raw)
    reading = Reading(raw)
    if len(reading.packets) < reading.announced:
        found = f"{len(reading.packets)} frames of the {reading.announced} it announces"
        raise Unreadable(path="/", found=found, expected="the whole file")
    shown = _distinct([one.pts for one in reading.packets if one.shown])
    times, times_known = _presentation_times(raw, stream, shown)
    facts = _facts(times, stream)
    table = FrameTable(
        **msgspec.structs.asdict(picture_of(raw, reading, stream.rotation, stream.size)),
        **{name: facts[name] for name in ("frame_count", "time_base", "first_pts", "pts_runs")},
        times_known=times_known,
    )
    if shown == times:
        table = frame_table.with_packets(table, times, reading.packets)
    elif table.refusal is None:
        table = msgspec.structs.replace(table, refusal="its packets are not its frames")
    return facts | {
        "media_type": _media_type(stream.container, stream.codec, media_type),
        "codec": stream.codec,
        "container": stream.container,
        "frames": base64.b64encode(frame_table.encode(table)).decode(),
    }


def _look(raw: io.RawIOBase) -> _Stream:
    with opened(raw) as container:
        if not container.streams.video:
            raise Unreadable(path="/", found="no picture stream", expected="a video")
        stream = container.streams.video[0]
        frame = next(container.decode(stream), None)
        if frame is None or not 0 < max(frame.width, frame.height) <= VIDEO_SIDE_PIXELS_MAX:
            found = "no frame" if frame is None else f"{frame.width} x {frame.height} pixels"
            expected = f"frames of at most {VIDEO_SIDE_PIXELS_MAX} pixels a side"
            raise Unreadable(path="/", found=found, expected=expected)
        return _Stream(
            container=container.format.name.split(",")[0],
            codec=stream.codec_context.name,
            size=(frame.width, frame.height),
            rotation=round(frame.rotation) % 360,
            time_base=stream.time_base or Fraction(1, 1000),
            rate=stream.average_rate or stream.guessed_rate,
        )


def _facts(times: list[int], stream: _Stream) -> dict[str, Any]:
    first, runs = pts_runs_of(times)
    if len(runs) > VIDEO_PTS_RUNS_MAX:
        expected = f"at most {VIDEO_PTS_RUNS_MAX} changes of the frame rate"
        raise Unreadable(
            path="/", found=f"{len(runs)} changes", expected=expected, hint="Convert it to a steady rate."
        )
    last_step = runs[-1][1] if runs else 0
    seconds = float((times[-1] + last_step - first) * stream.time_base)
    width, height = stream.size if stream.rotation % 180 == 0 else stream.size[::-1]
    return {
        "width": width,
        "height": height,
        "rotation": stream.rotation,
        "frame_count": len(times),
        "time_base": (stream.time_base.numerator, stream.time_base.denominator),
        "first_pts": first,
        "pts_runs": runs,
        "duration_seconds": round(seconds, 6),
        "frame_rate": round(len(times) / seconds, 6) if seconds else 0.0,
    }


def _presentation_times(
    raw: io.RawIOBase, stream: _Stream, shown: list[int] | None
) -> tuple[list[int], bool]:
    """Return when each frame is shown, in ticks, ascending, and whether the file says so.

    The packets say it where they are the frames; else the frames are decoded. A stream without times (raw
    H.264, some AVI) has its frames follow each other at the rate it states.
    """
    times = None if stream.codec in PACKETS_ARE_NOT_FRAMES else shown
    times_known = True
    if times is None:
        with opened(raw) as container:
            decoded = [frame.pts for frame in limited(container.decode(container.streams.video[0]))]
        step = max(1, round(1 / (stream.rate * stream.time_base))) if stream.rate else 1
        times = _distinct(decoded)
        times_known = times is not None
        times = times or [number * step for number in range(len(decoded))]
    if not times:
        raise Unreadable(path="/", found="no frame", expected="a video with frames")
    return times, times_known


def _distinct(times: list[int | None]) -> list[int] | None:
    """Return the times in order, or None where one is missing or stands twice."""
    known = {time for time in times if time is not None}
    return sorted(known) if len(known) == len(times) else None


def _media_type(container: str, codec: str, claimed: str) -> str:
    """Return what the bytes are. WebM is Matroska with certain codecs; MP4 and QuickTime are alike."""
    if container == "matroska" and codec in ("vp8", "vp9", "av1"):
        return "video/webm"
    if container == "mov" and claimed == "video/quicktime":
        return claimed
    return CONTAINER_TYPES.get(container, claimed)

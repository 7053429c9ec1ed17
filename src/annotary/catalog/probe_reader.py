"""Looks into images and videos. Runs only in the bounded child process: nothing else imports Pillow or
PyAV.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeVar

from annotary.infra.bounded import Unreadable
from annotary.kernel.limits import (
    IMAGE_PIXELS_MAX,
    IMAGE_SIDE_PIXELS_MAX,
    VIDEO_FRAMES_MAX,
    VIDEO_PTS_RUNS_MAX,
    VIDEO_SIDE_PIXELS_MAX,
)
from annotary.modalities.video.timeline import pts_runs_of

if TYPE_CHECKING:
    from av.container import InputContainer

T = TypeVar("T")
IMAGE_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF")
ORIENTATION = 0x0112
SIDEWAYS = (5, 6, 7, 8)
# No playlists and no scripts: a file may not make the reader open another one.
VIDEO_OPTIONS = {
    "format_whitelist": "mov,matroska,avi,mpegts,mpeg,ogg,flv,asf,mpegvideo,h264,hevc,ivf,gif",
    "protocol_whitelist": "none",
}
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


def image_facts(raw: io.RawIOBase, media_type: str) -> dict[str, Any]:
    """Return the fields of ImageFacts; every pixel is decoded, so a file that is cut short is refused."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = IMAGE_PIXELS_MAX
    with warnings.catch_warnings():
        # Pillow warns at its limit and refuses at twice that; at our limit it ends.
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        image = Image.open(io.BufferedReader(raw), formats=IMAGE_FORMATS)
        width, height = image.size
        if max(width, height) > IMAGE_SIDE_PIXELS_MAX or width * height > IMAGE_PIXELS_MAX:
            expected = f"at most {IMAGE_SIDE_PIXELS_MAX} a side and {IMAGE_PIXELS_MAX} in all"
            raise Unreadable(path="/", found=f"{width} x {height} pixels", expected=expected)
        orientation = image.getexif().get(ORIENTATION, 1)
        image.load()
    orientation = orientation if isinstance(orientation, int) and 1 <= orientation <= 8 else 1
    if orientation in SIDEWAYS:
        width, height = height, width
    return {
        "media_type": Image.MIME[image.format or ""],
        "width": width,
        "height": height,
        "orientation": orientation,
        "frame_count": getattr(image, "n_frames", 1),
    }


def video_facts(raw: io.RawIOBase, media_type: str) -> dict[str, Any]:
    """Return the fields of VideoFacts; the first frame is decoded, all are counted."""
    import av

    av.logging.set_level(None)
    with _opened(raw) as container:
        if not container.streams.video:
            raise Unreadable(path="/", found="no picture stream", expected="a video")
        stream = container.streams.video[0]
        name = container.format.name.split(",")[0]
        frame = next(container.decode(stream), None)
        if frame is None or not 0 < max(frame.width, frame.height) <= VIDEO_SIDE_PIXELS_MAX:
            found = "no frame" if frame is None else f"{frame.width} x {frame.height} pixels"
            expected = f"frames of at most {VIDEO_SIDE_PIXELS_MAX} pixels a side"
            raise Unreadable(path="/", found=found, expected=expected)
        codec = stream.codec_context.name
        rotation = round(frame.rotation) % 360
        time_base = stream.time_base or Fraction(1, 1000)
        rate = stream.average_rate or stream.guessed_rate
    times = _presentation_times(raw, codec, time_base, rate)
    return _facts(times, time_base, (frame.width, frame.height), rotation) | {
        "media_type": _media_type(name, codec, media_type),
        "codec": codec,
        "container": name,
    }


def _facts(times: list[int], time_base: Fraction, size: tuple[int, int], rotation: int) -> dict[str, Any]:
    first, runs = pts_runs_of(times)
    if len(runs) > VIDEO_PTS_RUNS_MAX:
        expected = f"at most {VIDEO_PTS_RUNS_MAX} changes of the frame rate"
        raise Unreadable(
            path="/", found=f"{len(runs)} changes", expected=expected, hint="Convert it to a steady rate."
        )
    last_step = runs[-1][1] if runs else 0
    seconds = float((times[-1] + last_step - first) * time_base)
    width, height = size if rotation % 180 == 0 else size[::-1]
    return {
        "width": width,
        "height": height,
        "rotation": rotation,
        "frame_count": len(times),
        "time_base": (time_base.numerator, time_base.denominator),
        "first_pts": first,
        "pts_runs": runs,
        "duration_seconds": round(seconds, 6),
        "frame_rate": round(len(times) / seconds, 6) if seconds else 0.0,
    }


def _presentation_times(
    raw: io.RawIOBase, codec: str, time_base: Fraction, rate: Fraction | None
) -> list[int]:
    """Return when each frame is shown, in ticks, ascending.

    The packets say it where they are the frames; else the frames are decoded. A stream without times (raw
    H.264, some AVI) has its frames follow each other at the rate it states.
    """
    times = None if codec in PACKETS_ARE_NOT_FRAMES else _distinct(_times_of_packets(raw))
    if times is None:
        decoded = _times_of_frames(raw)
        step = max(1, round(1 / (rate * time_base))) if rate else 1
        times = _distinct(decoded) or [number * step for number in range(len(decoded))]
    if not times:
        raise Unreadable(path="/", found="no frame", expected="a video with frames")
    return times


def _times_of_packets(raw: io.RawIOBase) -> list[int | None]:
    with _opened(raw) as container:
        stream = container.streams.video[0]
        packets = [(p.pts, p.is_discard) for p in _limited(container.demux(stream)) if p.size]
    if len(packets) < stream.frames:
        found = f"{len(packets)} frames of the {stream.frames} it announces"
        raise Unreadable(path="/", found=found, expected="the whole file")
    return [pts for pts, is_discard in packets if not is_discard]


def _times_of_frames(raw: io.RawIOBase) -> list[int | None]:
    with _opened(raw) as container:
        return [frame.pts for frame in _limited(container.decode(container.streams.video[0]))]


def _distinct(times: list[int | None]) -> list[int] | None:
    """Return the times in order, or None where one is missing or stands twice."""
    known = {time for time in times if time is not None}
    return sorted(known) if len(known) == len(times) else None


def _opened(raw: io.RawIOBase) -> InputContainer:
    import av

    raw.seek(0)
    return av.open(io.BufferedReader(raw), "r", options=VIDEO_OPTIONS)


def _limited(things: Iterable[T]) -> Iterator[T]:
    for number, thing in enumerate(things):
        if number > VIDEO_FRAMES_MAX:
            raise Unreadable(path="/", found="more frames", expected=f"at most {VIDEO_FRAMES_MAX} frames")
        yield thing


def _media_type(container: str, codec: str, claimed: str) -> str:
    """Return what the bytes are. WebM is Matroska with certain codecs; MP4 and QuickTime are alike."""
    if container == "matroska" and codec in ("vp8", "vp9", "av1"):
        return "video/webm"
    if container == "mov" and claimed == "video/quicktime":
        return claimed
    return CONTAINER_TYPES.get(container, claimed)

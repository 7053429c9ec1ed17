"""Decodes given frames of a video into JPEG pictures. Runs only in the bounded child process."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import msgspec

from annotary.catalog.frame_table import Start
from annotary.catalog.video_opening import opened
from annotary.infra.bounded import Unreadable
from annotary.kernel.limits import VIDEO_STRIP_SIDE_PIXELS_MAX

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

JPEG_QUALITY = 85


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Frames in a row: the number of the first, their presentation times in ticks, where decoding begins.

    `times_known` is false where only counting from the file's beginning tells frames apart.
    """

    first: int
    times: list[int]
    times_known: bool
    start: Start | None


def pictures(raw: io.RawIOBase, argument: Any) -> list[str]:
    """Return the frames as JPEG files in base64; raises Unreadable unless each is met at its very time."""
    asked = msgspec.convert(argument, Asked)
    found: dict[int, str] = {}
    for number, frame in _frames(raw, asked):
        found[number] = base64.b64encode(_jpeg(frame)).decode()
        if len(found) == len(asked.times):
            return [found[at] for at in sorted(found)]
    missing = next(at for at in range(asked.first, asked.first + len(asked.times)) if at not in found)
    raise Unreadable(path="/", found=f"no picture of frame {missing}", expected="every frame to decode")


def _frames(raw: io.RawIOBase, asked: Asked) -> Iterator[tuple[int, VideoFrame]]:
    """Yield the frames that were asked for, with their numbers."""
    numbers = {time: asked.first + at for at, time in enumerate(asked.times)}
    wanted = range(asked.first, asked.first + len(asked.times))
    for count, frame in enumerate(_decoded(raw, asked.start)):
        number = numbers.get(frame.pts, -1) if asked.times_known and frame.pts is not None else count
        if number in wanted:
            yield number, frame


def _decoded(raw: io.RawIOBase, start: Start | None) -> Iterator[VideoFrame]:
    """Yield the frames that decoding from a start gives; from the beginning where there is none."""
    start = start if start is not None and _leads_to(raw, start) else None
    with opened(raw) as container:
        stream = container.streams.video[0]
        if start is not None:
            container.seek(start.dts, stream=stream)
        begun = start is None
        for packet in container.demux(stream):
            begun = begun or (start is not None and packet.pts == start.pts)
            if begun:
                yield from packet.decode()


def _leads_to(raw: io.RawIOBase, start: Start) -> bool:
    """Say whether seeking to a start leads to its packet, or to one before it."""
    with opened(raw) as container:
        stream = container.streams.video[0]
        container.seek(start.dts, stream=stream)
        for packet in container.demux(stream):
            if packet.pts == start.pts:
                return True
            if packet.dts is None or packet.dts > start.dts:
                return False
    return False


def _jpeg(frame: VideoFrame) -> bytes:
    """Return a frame as it is displayed, at most as large as a strip's pictures are."""
    from PIL import Image

    scale = min(1.0, VIDEO_STRIP_SIDE_PIXELS_MAX / max(frame.width, frame.height))
    width, height = max(1, round(frame.width * scale)), max(1, round(frame.height * scale))
    pixels = frame.reformat(width=width, height=height, format="rgb24").to_ndarray()
    picture = Image.fromarray(pixels)
    if frame.rotation:
        picture = picture.rotate(frame.rotation, expand=True)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=JPEG_QUALITY)
    return out.getvalue()

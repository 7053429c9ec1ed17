"""Small images and videos, made on the spot."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import av
import numpy
from PIL import Image


def jpeg(width: int, height: int, orientation: int = 1, format: str = "JPEG") -> bytes:
    """Return a picture; `orientation` is its EXIF value."""
    image = Image.new("RGB", (width, height), (200, 30, 90))
    exif = Image.Exif()
    exif[0x0112] = orientation
    out = io.BytesIO()
    image.save(out, format, exif=exif)
    return out.getvalue()


def video(
    frames: int,
    *,
    codec: str = "mpeg4",
    format: str = "mp4",
    times: Sequence[int] | None = None,
    **options: Any,
) -> bytes:
    """Return a clip of 64 x 48 at 25 frames a second, or with the given presentation times in
    milliseconds.
    """
    out = io.BytesIO()
    with av.open(out, "w", format=format) as container:
        stream: Any = container.add_stream(codec, rate=1000 if times else 25, options=options)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for number in range(frames):
            pixels = numpy.full((48, 64, 3), number * 7 % 256, numpy.uint8)
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            frame.pts = times[number] if times else number
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return out.getvalue()

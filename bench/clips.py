"""A small clip to label, made on the spot."""

from __future__ import annotations

import io

import av
import numpy


def clip(frames: int = 24, width: int = 64, height: int = 48) -> bytes:
    """Return a video file of so many frames, at 24 a second."""
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as container:
        stream = container.add_stream("mpeg4", rate=24)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for number in range(frames):
            picture = numpy.full((height, width, 3), number * 5 % 255, dtype=numpy.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode(None))
    return file.getvalue()

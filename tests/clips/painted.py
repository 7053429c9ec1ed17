"""Frames with their number painted in, and clips of such frames that are hard to read right."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import av
import numpy
from numpy.typing import NDArray

Pixels = NDArray[numpy.uint8]
WIDTH, HEIGHT, BITS, BAR_HEIGHT = 320, 180, 16, 32
CELL = WIDTH // BITS
VARIABLE = [0, 40, 80, 120, 133, 146, 159, 400, 440, 480, 1000, 1033, 1066]


def painted(number: int) -> Pixels:
    """Return a frame: above, its number as black and white bars; below, something that moves."""
    rows, columns = numpy.mgrid[0:HEIGHT, 0:WIDTH]
    pixels = numpy.stack([(columns + 5 * number) % 256, (rows * 2 + number) % 256, (rows + columns) % 256], 2)
    for bit in range(BITS):
        pixels[:BAR_HEIGHT, bit * CELL : (bit + 1) * CELL] = 235 if number >> bit & 1 else 16
    return pixels.astype(numpy.uint8)


def number_in(pixels: Pixels) -> int:
    """Return the number that is painted into a frame, of whatever size it is by now."""
    height, width = pixels.shape[:2]
    cell, middle = width / BITS, round(height * BAR_HEIGHT / HEIGHT / 2)
    brightness = [pixels[middle - 3 : middle + 4, round((bit + 0.5) * cell)].mean() for bit in range(BITS)]
    return sum(1 << bit for bit, value in enumerate(brightness) if value > 128)


def clip(
    frames: int = 75,
    *,
    codec: str = "libx264",
    format: str = "mp4",
    times: Sequence[int] | None = None,
    container_options: Mapping[str, str] | None = None,
    sound: bool = False,
    **options: Any,
) -> bytes:
    """Return a clip at 25 frames a second, or with presentation times in milliseconds, which then repeat."""
    out = io.BytesIO()
    with av.open(out, "w", format=format, options=dict(container_options or {})) as container:
        stream: Any = container.add_stream(codec, rate=1000 if times else 25, options=options)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        tone: Any = container.add_stream("aac", rate=48_000) if sound else None
        for number in range(frames):
            frame = av.VideoFrame.from_ndarray(painted(number), format="rgb24")
            frame.pts = number if times is None else _time(times, number)
            container.mux(stream.encode(frame))
            if tone is not None:
                container.mux(tone.encode(_silence(number)))
        container.mux(stream.encode(None))
        if tone is not None:
            container.mux(tone.encode(None))
    return out.getvalue()


def trimmed(data: bytes, frames: int) -> bytes:
    """Return a clip without its first frames, its packets copied: they are there still, but not displayed."""
    out = io.BytesIO()
    with av.open(io.BytesIO(data)) as source, av.open(out, "w", format="mp4") as target:
        stream = source.streams.video[0]
        copy = target.add_stream_from_template(stream)
        step = round(1 / (stream.average_rate * stream.time_base))
        for packet in source.demux(stream):
            if packet.dts is not None:
                packet.pts -= frames * step
                packet.dts -= frames * step
                packet.stream = copy
                target.mux(packet)
    return out.getvalue()


def turned(data: bytes) -> bytes:
    """Return an MP4 whose header says that it is to be displayed turned by a quarter."""
    place = data.index(b"tkhd") + 4 + 40
    one, turn = (1 << 16).to_bytes(4, "big"), (-(1 << 16)).to_bytes(4, "big", signed=True)
    none, last = bytes(4), (1 << 30).to_bytes(4, "big")
    matrix = none + one + none + turn + none + none + HEIGHT.to_bytes(2, "big") + bytes(2) + none + last
    return data[:place] + matrix + data[place + 36 :]


def _time(times: Sequence[int], number: int) -> int:
    rounds, place = divmod(number, len(times))
    return rounds * (times[-1] + 40) + times[place]


def _silence(number: int) -> av.AudioFrame:
    frame = av.AudioFrame.from_ndarray(numpy.zeros((2, 1920), numpy.float32), "fltp", "stereo")
    frame.sample_rate, frame.pts = 48_000, number * 1920
    return frame


# By browsers, out of ranges of the file.
PLAYABLE: dict[str, Callable[[], bytes]] = {
    "steady": lambda: clip(bf="3", g="30", sc_threshold="0"),
    "one long group, with sound": lambda: clip(150, bf="3", g="250", sc_threshold="0", sound=True),
    "variable rate": lambda: clip(times=VARIABLE, bf="2", g="24"),
    "trimmed by an edit list": lambda: trimmed(clip(bf="3", g="30", sc_threshold="0"), 17),
    "open groups": lambda: clip(**{"x264-params": "open-gop=1:bframes=3:keyint=24:scenecut=0"}),
    "fragmented": lambda: clip(g="20", container_options={"movflags": "frag_keyframe+empty_moov"}),
    "matroska": lambda: clip(format="matroska", bf="3", g="30"),
    "VP9": lambda: clip(
        60, codec="libvpx-vp9", format="webm", g="25", deadline="realtime", **{"cpu-used": "8"}
    ),
    "VP8, with hidden frames": lambda: clip(
        60,
        codec="libvpx",
        format="webm",
        g="25",
        **{"auto-alt-ref": "1", "lag-in-frames": "12", "cpu-used": "5"},
    ),
}
# Only as pictures decoded by the server.
STRIPS_ONLY: dict[str, Callable[[], bytes]] = {
    "transport stream": lambda: clip(format="mpegts", bf="3", g="30"),
    "HEVC, open groups": lambda: clip(codec="libx265", preset="ultrafast", **{"x265-params": "keyint=24"}),
    "MPEG-2, open groups": lambda: clip(codec="mpeg2video", format="mpegts", bf="2", g="15"),
    "MPEG-4 without times": lambda: clip(codec="mpeg4", format="avi", bf="2", g="12"),
    "turned": lambda: turned(clip(g="30")),
}

"""Looks into the packets of a video: where they lie, which are displayed, where decoding may begin. Runs only
in the bounded child process.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from annotary.catalog.frame_table import Packet, Picture
from annotary.catalog.video_opening import limited, opened

if TYPE_CHECKING:
    from av.container import InputContainer

# How far a packet's bytes may lie behind the position that the container gives (WebM: the block's own head).
_HEAD_BYTES_MAX = 16
_H264_IDR = (5,)
_HEVC_STARTS = tuple(range(16, 22))
_VP8_SHOWN = 0x10


class Reading:
    """The packets of a video's first picture stream, read once; `announced` is how many the file says."""

    def __init__(self, raw: io.RawIOBase) -> None:
        with opened(raw) as container:
            stream = container.streams.video[0]
            self.announced = stream.frames
            self.changes_midway = False
            self.packets = list(self._packets(raw.fileno(), container))

    def _packets(self, file: int, container: InputContainer) -> Iterator[Packet]:
        stream = container.streams.video[0]
        codec = stream.codec_context
        starts = _start_test(codec.name, bytes(codec.extradata or b""))
        here = True
        for packet in limited(container.demux(stream)):
            if not packet.size:
                continue
            data = bytes(packet)
            offset = _offset(file, packet.pos, data) if here else None
            here = offset is not None
            hidden = codec.name == "vp8" and not data[0] & _VP8_SHOWN
            self.changes_midway |= bool(self._seen(packet))
            yield Packet(
                packet.pts,
                packet.dts,
                offset,
                len(data),
                not (packet.is_discard or hidden),
                packet.is_keyframe and starts(data),
            )

    def _seen(self, packet: Any) -> bool:
        return bool(packet.has_sidedata("new_extradata"))


def picture_of(raw: io.RawIOBase, reading: Reading, rotation: int, size: tuple[int, int]) -> Picture:
    """Return what a decoder of the first picture stream must be told, or why a browser has none."""
    with opened(raw) as container:
        codec = container.streams.video[0].codec_context
        name, extradata = codec.name, bytes(codec.extradata or b"")
        pixels = codec.format.name if codec.format else ""
    string = _codec_string(name, extradata, pixels)
    refusal = None
    if string is None:
        refusal = f"browsers do not decode {name} as it lies here"
    elif rotation:
        refusal = f"it is turned by {rotation} degrees"
    elif reading.changes_midway:
        refusal = "it changes how it is coded midway"
    return Picture(
        coded_width=size[0],
        coded_height=size[1],
        rotation=rotation,
        codec=string,
        description=extradata if name in ("h264", "av1") and string else None,
        refusal=refusal,
    )


def _offset(file: int, position: int | None, data: bytes) -> int | None:
    """Return where in the file a packet's bytes lie; None where they do not lie there in one piece."""
    if position is None or position < 0:
        return None
    found = os.pread(file, len(data) + _HEAD_BYTES_MAX, position).find(data)
    return position + found if found >= 0 else None


def _start_test(codec: str, extradata: bytes) -> Callable[[bytes], bool]:
    """Return what tells whether decoding may begin at a packet that the container calls a key frame.

    Containers mark recovery points of H.264 too, after which frames may need what came before: only IDR
    pictures (ITU-T H.264, 7.4.1.2.4) start afresh.
    """
    if codec == "h264":
        length = (extradata[4] & 3) + 1 if extradata[:1] == b"\1" and len(extradata) > 4 else 0
        return lambda data: any(unit[0] & 31 in _H264_IDR for unit in _units(data, length))
    if codec == "hevc":
        length = (extradata[21] & 3) + 1 if extradata[:1] == b"\1" and len(extradata) > 21 else 0
        return lambda data: any(unit[0] >> 1 & 63 in _HEVC_STARTS for unit in _units(data, length))
    return lambda data: True


def _units(data: bytes, length_bytes: int) -> Iterator[bytes]:
    """Yield the beginnings of the NAL units of a packet: behind their lengths, or behind start codes."""
    place = 0
    if not length_bytes:
        while (place := data.find(b"\0\0\1", place)) >= 0:
            place += 3
            if place < len(data):
                yield data[place : place + 2]
        return
    while place + length_bytes < len(data):
        size = int.from_bytes(data[place : place + length_bytes], "big")
        place += length_bytes
        yield data[place : place + 2]
        place += size


def _codec_string(name: str, extradata: bytes, pixels: str) -> str | None:
    """Return the WebCodecs codec string (its registry, and the codecs' bindings to ISO BMFF), or None."""
    if name == "h264" and extradata[:1] == b"\1" and len(extradata) > 6:
        return f"avc1.{extradata[1:4].hex()}"
    if name in ("vp8", "libvpx"):
        return "vp8"
    if name in ("vp9", "libvpx-vp9"):
        profile = {"yuv420p": 0, "yuv420p10le": 2, "yuv420p12le": 2}.get(pixels, 1)
        depth = {"yuv420p10le": 10, "yuv420p12le": 12}.get(pixels, 8)
        return f"vp09.{profile:02d}.51.{depth:02d}"
    if name in ("av1", "libdav1d", "libaom-av1") and len(extradata) >= 4 and extradata[0] == 0x81:
        profile, level = extradata[1] >> 5, extradata[1] & 31
        tier = "H" if extradata[2] & 0x80 else "M"
        depth = (10 if not extradata[2] & 0x20 else 12) if extradata[2] & 0x40 else 8
        return f"av01.{profile}.{level:02d}{tier}.{depth:02d}"
    return None

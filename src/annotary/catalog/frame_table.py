"""The frame table of a video: which packet holds which displayed frame, and where it lies. Pure."""

from __future__ import annotations

import gzip
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import msgspec

from annotary.kernel.limits import (
    VIDEO_GROUP_BYTES_MAX,
    VIDEO_GROUP_PACKETS_MAX,
    VIDEO_STRIP_FRAMES,
)

NOT_SHOWN = -1
TABLE_MEDIA_TYPE = "application/json"


class Packet(NamedTuple):
    """A packet as the container has it, in decoding order. `offset` is None where its bytes do not lie in the
    file as they are decoded; `starts` says that decoding may begin here.
    """

    pts: int | None
    dts: int | None
    offset: int | None
    size: int
    shown: bool
    starts: bool


class Start(msgspec.Struct, frozen=True, array_like=True):
    """A packet from which decoding may begin: its number, its times in ticks, and the first frame that is
    right when decoding begins there.
    """

    packet: int
    pts: int
    dts: int
    frame: int


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """What a decoder must be told. `codec` is a WebCodecs codec string, `description` its configuration."""

    coded_width: int
    coded_height: int
    rotation: int
    codec: str | None = None
    description: bytes | None = None
    refusal: str | None = None


class FrameTable(Picture, frozen=True, kw_only=True):
    """The frames of a video, 0 to frame_count - 1: those displayed, by their presentation times.

    Frame k is shown at `(first_pts + the sum of the first k steps) * time_base` seconds. The three lists have
    an entry for each packet in decoding order: its frame (-1: decoded but not displayed), the bytes between
    the packet before and it, its size in bytes. They are empty where `refusal` says why the packets cannot
    be played by a browser; then frames are fetched as strips of `strip_frames` pictures. `times_known` is
    false where the stream has no times of its own and frames follow each other at its stated rate.
    """

    frame_count: int
    time_base: tuple[int, int]
    first_pts: int
    pts_runs: list[list[int]]
    strip_frames: int = VIDEO_STRIP_FRAMES
    times_known: bool = True
    starts: list[Start] = []
    packet_frames: list[int] = []
    packet_gaps: list[int] = []
    packet_sizes: list[int] = []


def encode(table: FrameTable) -> bytes:
    """Return a table as gzip-compressed JSON; equal tables have equal bytes."""
    return gzip.compress(msgspec.json.encode(table), 6, mtime=0)


def decode(data: bytes) -> FrameTable:
    """Return the table that `encode` was given."""
    return msgspec.json.decode(gzip.decompress(data), type=FrameTable)


def with_packets(table: FrameTable, times: Sequence[int], packets: Sequence[Packet]) -> FrameTable:
    """Return a table with its packets, whose shown ones have these times, or with the reason why not."""
    number = {pts: frame for frame, pts in enumerate(times)}
    frames = [number.get(one.pts, NOT_SHOWN) if one.shown and one.pts is not None else -1 for one in packets]
    starts = [
        Start(index, one.pts, one.dts if one.dts is not None else one.pts, bisect_left(times, one.pts))
        for index, one in enumerate(packets)
        if one.starts and one.pts is not None
    ]
    table = msgspec.structs.replace(table, starts=starts)
    refusal = table.refusal or _refusal(packets, starts)
    if refusal is not None:
        return msgspec.structs.replace(table, refusal=refusal)
    offsets = [one.offset or 0 for one in packets]
    ends = [0, *(offset + one.size for offset, one in zip(offsets, packets, strict=True))]
    return msgspec.structs.replace(
        table,
        packet_frames=frames,
        packet_gaps=[offset - end for offset, end in zip(offsets, ends, strict=False)],
        packet_sizes=[one.size for one in packets],
    )


def start_before(table: FrameTable, frame: int) -> Start | None:
    """Return where decoding begins to get a frame right; None: at the beginning of the file."""
    # What is displayed at or after a start depends on nothing before it, also where groups are open.
    place = bisect_right(table.starts, frame, key=lambda start: start.frame)
    return table.starts[place - 1] if place else None


def times_of(table: FrameTable, first: int, count: int) -> list[int]:
    """Return the presentation times of some frames in ticks."""
    end = min(first + count, table.frame_count)
    frame, ticks = 0, table.first_pts
    times = [ticks] if first == 0 else []
    for steps, step in table.pts_runs:
        if frame + steps >= first:
            for after in range(max(1, first - frame), min(steps, end - 1 - frame) + 1):
                times.append(ticks + after * step)
        frame, ticks = frame + steps, ticks + steps * step
        if frame >= end - 1:
            break
    return times


def _refusal(packets: Sequence[Packet], starts: Sequence[Start]) -> str | None:
    """Return why a browser cannot decode these packets out of the file, or None."""
    if not starts or starts[0].packet != 0:
        return "it does not begin with a frame that stands for itself"
    if any(packet.offset is None for packet in packets):
        return "its container cuts packets into pieces"
    bounds = [start.packet for start in starts] + [len(packets)]
    for first, end in pairwise(bounds):
        size = sum(packet.size for packet in packets[first:end])
        if end - first > VIDEO_GROUP_PACKETS_MAX or size > VIDEO_GROUP_BYTES_MAX:
            return f"a group of {end - first} frames in {size} bytes is too long to seek in"
    return None

"""Frame tables and strips against what decoding the whole clip shows."""

from __future__ import annotations

import io
import itertools
import random
import struct
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import av
import numpy
import pytest
from blake3 import blake3
from PIL import Image

from annotary.catalog import frame_table, service_frames
from annotary.catalog.errors import NotAVideo, UnknownFrame
from annotary.catalog.frame_table import FrameTable
from annotary.catalog.probe import VideoFacts, probe_media
from annotary.catalog.rules import asset_key, frames_key
from annotary.catalog.service_frames import Frames
from annotary.catalog.strip_cache import StripCache
from annotary.infra import bounded
from annotary.infra.objects import Objects, open_objects
from annotary.infra.settings import Settings
from annotary.kernel.limits import VIDEO_STRIP_FRAMES
from annotary.modalities.video.timeline import Timeline
from clips.painted import PLAYABLE, STRIPS_ONLY, number_in

Clip = tuple[bytes, VideoFacts, FrameTable]
ALL = {**PLAYABLE, **STRIPS_ONLY}


@cache
def _clip(name: str) -> bytes:
    return ALL[name]()


_known: dict[str, Clip] = {}


async def _looked_into(name: str) -> Clip:
    if name not in _known:
        data = _clip(name)
        facts = await probe_media(data, "video/mp4")
        assert isinstance(facts, VideoFacts)
        _known[name] = data, facts, frame_table.decode(facts.frames)
    return _known[name]


@cache
def _shown(data: bytes) -> list[tuple[int | None, int]]:
    """Return time and painted number of each frame that decoding the whole clip shows."""
    with av.open(io.BytesIO(data), "r") as container:
        return [
            (frame.pts, number_in(numpy.asarray(frame.to_ndarray(format="rgb24"), numpy.uint8)))
            for frame in container.decode(video=0)
        ]


@pytest.mark.parametrize("name", ALL)
async def test_a_table_has_each_displayed_frame_at_its_time(name: str) -> None:
    data, facts, table = await _looked_into(name)
    shown = _shown(data)
    assert table.frame_count == facts.frame_count == len(shown)
    assert (table.first_pts, table.pts_runs, table.time_base) == (
        facts.first_pts,
        facts.pts_runs,
        facts.time_base,
    )
    if table.times_known:
        assert frame_table.times_of(table, 0, len(shown)) == sorted(
            pts for pts, _ in shown if pts is not None
        )
    numbers = [number for _, number in shown]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    assert (table.refusal is None) == (name in PLAYABLE), table.refusal


@pytest.mark.parametrize("name", PLAYABLE)
async def test_ranges_of_the_file_decode_to_the_frames_the_table_says(name: str) -> None:
    data, facts, table = await _looked_into(name)
    first = _shown(data)[0][1]
    assert table.starts[0].packet == 0
    seen: dict[int, int] = {}
    for group in _groups(table):
        seen |= {frame: number_in(pixels) for frame, pixels in _decoded(data, table, facts.codec, group)}
    assert seen == {frame: first + frame for frame in range(table.frame_count)}


def _groups(table: FrameTable) -> Iterator[range]:
    bounds = [start.packet for start in table.starts] + [len(table.packet_frames)]
    return (range(first, end) for first, end in itertools.pairwise(bounds))


def _decoded(data: bytes, table: FrameTable, codec: str, packets: range) -> Iterator[tuple[int, Any]]:
    """Decode one group as a browser does: packets out of the file, each stamped with its frame's number."""
    decoder: Any = av.CodecContext.create(codec, "r")
    if table.description:
        decoder.extradata = table.description
    ends = list(
        itertools.accumulate(
            gap + size for gap, size in zip(table.packet_gaps, table.packet_sizes, strict=True)
        )
    )
    frames = []
    for at in packets:
        packet = av.Packet(data[ends[at] - table.packet_sizes[at] : ends[at]])
        packet.pts = table.packet_frames[at]
        frames += decoder.decode(packet)
    frames += decoder.decode(None)
    for frame in frames:
        if frame.pts != frame_table.NOT_SHOWN:
            yield frame.pts, frame.to_ndarray(format="rgb24")


@pytest.fixture
def objects(tmp_path: Path) -> Objects:
    return open_objects(Settings(data_dir=tmp_path, disk_free_bytes_min=0))


async def _stored(objects: Objects, data: bytes) -> Any:
    digest = blake3(data).digest()
    await objects.put(asset_key(digest), data)
    return {"hash": digest, "media_type": "video/mp4", "source": "stored", "location": asset_key(digest)}


def _pictures(strip: bytes) -> list[Image.Image]:
    count, *_ = struct.unpack_from(">I", strip)
    sizes = struct.unpack_from(f">{count}I", strip, 4)
    ends = list(itertools.accumulate(sizes, initial=4 + 4 * count))
    assert ends[-1] == len(strip)
    return [Image.open(io.BytesIO(strip[first:end])) for first, end in itertools.pairwise(ends)]


@pytest.mark.parametrize("name", ALL)
async def test_strips_show_the_very_frames(name: str, objects: Objects, tmp_path: Path) -> None:
    data, facts, _ = await _looked_into(name)
    shown, row = _shown(data), await _stored(objects, data)
    await objects.put(frames_key(row["hash"]), facts.frames)
    frames = Frames(objects, [], StripCache(tmp_path / "strips", 1 << 30))
    strips = -(-len(shown) // VIDEO_STRIP_FRAMES)
    for number in random.Random(name).sample(range(strips), 2):
        pictures = _pictures(await frames.strip(row, number))
        expected = shown[number * VIDEO_STRIP_FRAMES : (number + 1) * VIDEO_STRIP_FRAMES]
        upright = [picture.rotate(90 if name == "turned" else 0, expand=True) for picture in pictures]
        assert [number_in(numpy.asarray(one)) for one in upright] == [painted for _, painted in expected]
    with pytest.raises(UnknownFrame):
        await frames.strip(row, strips)


async def test_a_table_that_is_not_there_yet_is_made(objects: Objects, tmp_path: Path) -> None:
    data, facts, _ = await _looked_into("steady")
    frames = Frames(objects, [], StripCache(tmp_path / "strips", 1 << 30))
    assert await frames.table(await _stored(objects, data)) == facts.frames
    with pytest.raises(NotAVideo):
        await frames.table({"media_type": "image/png"})  # type: ignore[arg-type]


async def test_strips_are_kept_within_their_bytes_and_decoded_once(
    objects: Objects, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = await _stored(objects, _clip("steady"))
    calls = 0
    call = bounded.call

    async def counted(*arguments: Any, **bounds: Any) -> Any:
        nonlocal calls
        calls += 1
        return await call(*arguments, **bounds)

    monkeypatch.setattr(service_frames, "call", counted)
    cache = StripCache(tmp_path / "strips", 1 << 30)
    first = [await Frames(objects, [], cache).strip(row, number) for number in (0, 3, 1, 2)]
    assert calls == 1
    small = StripCache(tmp_path / "strips", len(first[1]) + len(first[2]))
    small.keep("other", b"x")
    left = sum(file.stat().st_size for file in (tmp_path / "strips").iterdir())
    assert 0 < left <= len(first[1]) + len(first[2]) and small.read("other") == b"x"


async def test_times_in_an_answer_are_the_tables() -> None:
    _, facts, table = await _looked_into("variable rate")
    timeline = Timeline(facts.frame_count, facts.time_base, facts.first_pts, facts.pts_runs)
    times = frame_table.times_of(table, 0, table.frame_count)
    numerator, denominator = table.time_base
    for frame, ticks in enumerate(times):
        assert timeline.time_seconds(frame) == pytest.approx(ticks * numerator / denominator, abs=1e-6)
    for first in (0, 1, 12, 13, 74):
        assert frame_table.times_of(table, first, 14) == times[first : first + 14]

"""What the probe finds in images and videos, and what it refuses."""

from __future__ import annotations

import struct
import zlib
from fractions import Fraction
from pathlib import Path

import pytest

from annotary.catalog.probe import ImageFacts, VideoFacts, probe_media
from annotary.infra.bounded import OutOfBounds, Unreadable
from annotary.modalities.video.timeline import Timeline

from .media import jpeg, video


async def _clip(data: bytes | Path, media_type: str = "video/mp4") -> VideoFacts:
    facts = await probe_media(data, media_type)
    assert isinstance(facts, VideoFacts)
    return facts


async def test_an_image_is_what_its_bytes_are_and_as_large_as_it_is_shown(tmp_path: Path) -> None:
    assert await probe_media(jpeg(30, 20), "image/png") == ImageFacts(
        media_type="image/jpeg", width=30, height=20
    )
    path = tmp_path / "turned.jpg"
    path.write_bytes(jpeg(30, 20, orientation=6))
    turned = await probe_media(path, "image/jpeg")
    assert turned == ImageFacts(media_type="image/jpeg", width=20, height=30, orientation=6)
    assert await probe_media(b"%PDF", "application/pdf") is None


def _bomb(side: int) -> bytes:
    """A PNG of a few bytes that says it is side x side pixels."""

    def part(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + part(b"IHDR", head)
        + part(b"IDAT", zlib.compress(b"\0" * 1000))
        + part(b"IEND", b"")
    )


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        jpeg(400, 400)[:900],
        _bomb(60_000),
        _bomb(25_000),
        b'<svg xmlns="http://www.w3.org/2000/svg"/>',
    ],
)
async def test_a_broken_or_monstrous_image_is_refused(data: bytes) -> None:
    with pytest.raises((Unreadable, OutOfBounds)):
        await probe_media(data, "image/png")


async def test_a_steady_video_has_one_run() -> None:
    facts = await _clip(video(30))
    assert (facts.width, facts.height, facts.frame_count, facts.codec) == (64, 48, 30, "mpeg4")
    assert len(facts.pts_runs) == 1 and facts.pts_runs[0][0] == 29
    assert facts.frame_rate == 25.0 and facts.duration_seconds == 1.2


@pytest.mark.parametrize(
    ("codec", "format", "media_type"),
    [
        ("mpeg4", "mp4", "video/mp4"),
        ("mpeg4", "avi", "video/x-msvideo"),
        ("libx264", "mp4", "video/mp4"),
        ("libx264", "matroska", "video/x-matroska"),
        ("libx264", "mpegts", "video/mp2t"),
        ("libvpx", "webm", "video/webm"),
        ("libvpx-vp9", "webm", "video/webm"),
    ],
)
async def test_each_frame_is_counted_once_in_the_order_shown(
    codec: str, format: str, media_type: str
) -> None:
    options = {"bf": "3", "g": "12"} if codec == "libx264" else {"g": "12"}
    facts = await _clip(video(40, codec=codec, format=format, **options), "video/wrong")
    assert facts.frame_count == 40 and facts.media_type == media_type
    assert sum(count for count, _ in facts.pts_runs) == 39 and all(step > 0 for _, step in facts.pts_runs)
    assert abs(facts.frame_rate - 25) < 0.3


async def test_an_unsteady_video_keeps_the_time_of_each_frame() -> None:
    times = [0, 40, 80, 120, 133, 146, 159, 400, 440, 480, 1000]
    facts = await _clip(video(len(times), codec="libx264", times=times, bf="2"))
    timeline = Timeline(facts.frame_count, facts.time_base, facts.first_pts, facts.pts_runs)
    first = Fraction(facts.first_pts * facts.time_base[0], facts.time_base[1])
    shown = [timeline.time_seconds(frame) - float(first) for frame in range(len(times))]
    assert shown == pytest.approx([time / 1000 for time in times], abs=1e-3)
    assert facts.pts_runs[0][0] == 3


CLIP = video(60)
PLAYLISTS = [
    b"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/hostname\n#EXT-X-ENDLIST\n",
    b"ffconcat version 1.0\nfile /etc/hostname\n",
]


@pytest.mark.parametrize("data", [b"", b"hello", CLIP[: len(CLIP) // 2], jpeg(10, 10), *PLAYLISTS])
async def test_what_is_no_whole_video_is_refused(data: bytes) -> None:
    with pytest.raises(Unreadable):
        await probe_media(data, "video/mp4")

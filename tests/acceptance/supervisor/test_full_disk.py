"""A full disk: a clear refusal, nothing acknowledged lost, and work goes on once there is room again."""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from annotary.infra.disk import DiskGuard
from annotary.infra.embedded.postgres import EmbeddedPostgres
from annotary.kernel.errors import StorageFull

pytestmark = pytest.mark.alone

SIZE_MEBIBYTES = 192
BALLAST_MEBIBYTES = 24


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own of 192 MiB, 24 MiB of it taken by a file that can be removed to make room."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MEBIBYTES}m", "tmpfs", folder]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("only root can mount a small disk")
    (folder / "ballast").write_bytes(b"x" * (BALLAST_MEBIBYTES << 20))
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def test_postgres_on_a_full_disk_refuses_loses_nothing_and_goes_on(start, small_disk, until):
    data_dir = small_disk / "d"
    stand = start(data_dir).await_ready()
    acknowledged, refused = [], None
    for number in range(10_000):
        answer = stand.get(f"/v1/text/fill?{number}")
        if answer.status_code != 201:
            refused = answer
            break
        acknowledged.append(number)
    assert refused is not None and refused.status_code in (507, 503), refused
    if refused.status_code == 507:
        assert refused.json()["code"] == "storage_full"
    assert len(acknowledged) > 10
    (small_disk / "ballast").unlink()
    until(lambda: stand.get("/v1/text/write?1000000").status_code == 201)
    until(stand.is_healthy)
    found = asyncio.run(_ids(EmbeddedPostgres(data_dir).url()))
    assert set(acknowledged) <= found


def test_intake_stops_before_the_disk_is_full(small_disk):
    now = 0.0
    guard = DiskGuard(small_disk, 16 << 20, clock=lambda: now)
    guard.check()
    (small_disk / "filler").write_bytes(b"x" * ((SIZE_MEBIBYTES - BALLAST_MEBIBYTES - 8) << 20))
    guard.check()
    now = 1.0
    with pytest.raises(StorageFull, match="Free space"):
        guard.check()
    (small_disk / "ballast").unlink()
    now = 2.0
    guard.check(8 << 20)
    with pytest.raises(StorageFull):
        guard.check(10 << 20)


async def _ids(url: str) -> set[int]:
    connection = await asyncpg.connect(url)
    try:
        return {row["id"] for row in await connection.fetch("SELECT id FROM tally")}
    finally:
        await connection.close()

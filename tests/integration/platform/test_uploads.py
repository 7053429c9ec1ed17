"""Uploads in chunks: any order, again after a break, joined with flat memory, swept when abandoned."""

from __future__ import annotations

import asyncio
import os
import random
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from blake3 import blake3

from annotary.catalog import service_uploads
from annotary.catalog.rules import asset_key
from annotary.infra.objects import open_objects
from annotary.infra.postgres import Database
from annotary.infra.settings import Settings
from annotary.kernel import limits
from annotary.kernel.ids import parse_id
from integration.platform.people import People, rows

pytestmark = pytest.mark.asyncio(loop_scope="module")

SMALL = 1024


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks of a kibibyte: many of them in a small file."""
    monkeypatch.setattr(limits, "UPLOAD_CHUNK_BYTES", SMALL)


async def _begin(people: People, content: bytes, media_type: str = "application/octet-stream") -> Any:
    body = {"name": "file", "size_bytes": len(content), "media_type": media_type}
    return await people.ask("manager", "POST", "/v1/uploads", body, expect=201)


async def _send(people: People, upload: Any, content: bytes, number: int, expect: int = 200) -> Any:
    size = upload["chunk_bytes"]
    piece = content[number * size : (number + 1) * size]
    path = f"/v1/uploads/{upload['id']}/chunks/{number}"
    return await people.ask("manager", "PUT", path, content=piece, expect=expect)


async def _complete(people: People, upload: Any, expect: int, **body: Any) -> Any:
    path = f"/v1/uploads/{upload['id']}/complete"
    return await people.ask("manager", "POST", path, body or None, expect=expect)


def _chunk_files(settings: Settings, upload: Any) -> list[Path]:
    return list((settings.data_dir / "objects" / "uploads" / upload["id"][4:]).glob("*"))


async def _sweep(settings: Settings) -> int:
    """Sweep as the worker does, with a pool of its own."""
    database = await Database.connect(settings.database_urls["platform"], "platform", connections_max=1)
    try:
        return await service_uploads.sweep_uploads(database, open_objects(settings))
    finally:
        await database.close()


async def test_chunks_in_any_order_and_twice_make_the_file(people: People, settings: Settings) -> None:
    content = os.urandom(10 * SMALL + 17)
    upload = await _begin(people, content)
    assert (upload["chunks"], upload["received"]) == (11, [])
    order = [*range(11), *range(0, 11, 3)]
    random.Random(5).shuffle(order)
    for number in order:
        await _send(people, upload, content, number)
    asset = await _complete(people, upload, 201, blake3=blake3(content).hexdigest())
    assert asset["hash"] == blake3(content).hexdigest() and asset["size_bytes"] == len(content)
    stored = settings.data_dir / "objects" / asset_key(bytes.fromhex(asset["hash"]))
    assert stored.read_bytes() == content
    assert not _chunk_files(settings, upload)
    # Again it is the same asset, and nothing more can be sent.
    assert await _complete(people, upload, 200) == asset
    assert (await _send(people, upload, content, 0, expect=409))["code"] == "upload_ended"
    shown = await people.ask("manager", "GET", f"/v1/uploads/{upload['id']}", expect=200)
    assert (shown["state"], shown["asset"]) == ("complete", asset["hash"])


async def test_after_a_break_the_upload_says_what_is_missing(people: People) -> None:
    content = os.urandom(4 * SMALL)
    upload = await _begin(people, content)
    for number in (0, 3):
        await _send(people, upload, content, number)
    problem = await _complete(people, upload, 409)
    assert (problem["code"], problem["missing"], problem["first_missing"]) == ("chunks_missing", 2, 1)
    received = (await people.ask("manager", "GET", f"/v1/uploads/{upload['id']}", expect=200))["received"]
    assert received == [0, 3]
    for number in sorted({0, 1, 2, 3} - set(received)):
        await _send(people, upload, content, number)
    assert (await _complete(people, upload, 201))["hash"] == blake3(content).hexdigest()


async def test_a_wrong_hash_is_refused_with_both_and_can_be_put_right(
    people: People, settings: Settings
) -> None:
    content, other = os.urandom(2 * SMALL), os.urandom(2 * SMALL)
    upload = await _begin(people, content)
    await _send(people, upload, content, 0)
    await _send(people, upload, other, 1)
    wanted = blake3(content).hexdigest()
    problem = await _complete(people, upload, 422, blake3=wanted)
    found = blake3(content[:SMALL] + other[SMALL:]).hexdigest()
    assert problem["code"] == "wrong_hash" and wanted in problem["detail"] and found in problem["detail"]
    assert not (settings.data_dir / "objects" / asset_key(bytes.fromhex(found))).exists()
    await _send(people, upload, content, 1)
    assert (await _complete(people, upload, 201, blake3=wanted))["hash"] == wanted


async def test_completed_by_many_at_once_it_is_one_asset(people: People, settings: Settings) -> None:
    content = os.urandom(6 * SMALL)
    upload = await _begin(people, content)
    await asyncio.gather(*(_send(people, upload, content, number) for number in range(6)))
    path = f"/v1/uploads/{upload['id']}/complete"
    replies = await asyncio.gather(*(people.ask("manager", "POST", path) for _ in range(5)))
    assert sorted(reply.status_code for reply in replies) == [200] * 4 + [201], [r.text for r in replies]
    assert {reply.json()["hash"] for reply in replies} == {blake3(content).hexdigest()}
    assert not _chunk_files(settings, upload)
    upload_id = parse_id("upload", upload["id"])
    told = "SELECT 1 FROM events WHERE type = 'upload.completed' AND subject_id = $1"
    assert len(await rows(settings, told, upload_id)) == 1


@pytest.mark.parametrize(("number", "size"), [(0, SMALL - 1), (0, SMALL + 1), (2, SMALL), (3, 10), (0, 0)])
async def test_a_chunk_of_the_wrong_size_or_number_is_refused(
    people: People, settings: Settings, number: int, size: int
) -> None:
    upload = await _begin(people, bytes(2 * SMALL + 10))
    path = f"/v1/uploads/{upload['id']}/chunks/{number}"
    await people.ask("manager", "PUT", path, content=bytes(size), expect=422)
    assert not _chunk_files(settings, upload)


@pytest.mark.parametrize("size", [0, -1, limits.UPLOAD_BYTES_MAX + 1, 1 << 70])
async def test_a_size_that_cannot_be_is_refused(people: People, size: int) -> None:
    body = {"name": "file", "size_bytes": size}
    response = await people.ask("manager", "POST", "/v1/uploads", body)
    assert response.status_code in (413, 422) and response.json()["path"] == "/size_bytes"


async def test_abandoned_uploads_are_swept_and_live_ones_are_not(people: People, settings: Settings) -> None:
    content = os.urandom(2 * SMALL)
    old, live = await _begin(people, content), await _begin(people, content)
    for upload in (old, live):
        await _send(people, upload, content, 0)
    await rows(
        settings,
        "UPDATE uploads SET created_at = created_at - interval '25 hours' WHERE id = $1",
        parse_id("upload", old["id"]),
    )
    assert await _sweep(settings) >= 1
    assert not _chunk_files(settings, old) and len(_chunk_files(settings, live)) == 1
    assert (await _send(people, old, content, 1, expect=409))["code"] == "upload_ended"
    await _send(people, live, content, 1)
    await _complete(people, live, 201)


async def test_chunks_left_by_a_crash_after_completion_are_swept(
    people: People, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = os.urandom(SMALL)
    upload = await _begin(people, content)
    await _send(people, upload, content, 0)

    async def crash(*_: Any) -> None:
        raise ConnectionError("the process ended here")

    with monkeypatch.context() as patched:
        patched.setattr(service_uploads, "drop_chunks", crash)
        await people.ask("manager", "POST", f"/v1/uploads/{upload['id']}/complete")
    assert _chunk_files(settings, upload)
    await _sweep(settings)
    assert not _chunk_files(settings, upload)
    assert (await _complete(people, upload, 200))["hash"] == blake3(content).hexdigest()


async def test_joining_takes_memory_of_a_few_chunks_whatever_the_file(
    people: People, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    chunk = 4 * limits.MEBIBYTE
    monkeypatch.setattr(limits, "UPLOAD_CHUNK_BYTES", chunk)
    content = os.urandom(SMALL) * (24 * chunk // SMALL)
    upload = await _begin(people, content)
    for number in range(24):
        await _send(people, upload, content, number)
    tracemalloc.start()
    try:
        await _complete(people, upload, 201)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 6 * chunk, f"{peak / limits.MEBIBYTE:.0f} MiB for {len(content) / limits.MEBIBYTE:.0f} MiB"

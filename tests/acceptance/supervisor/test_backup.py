"""A backup of a running installation, restored elsewhere: the same rows, keys, objects, and a usable log."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tarfile
from typing import Any

import asyncpg
import pytest

from annotary.eventlog import store
from annotary.infra.embedded.postgres import EmbeddedPostgres
from annotary.infra.postgres import Database
from annotary.infra.settings import Settings
from annotary.services.first_owner import ensure_first_owner
from annotary.services.schema import migrate_all
from annotary.services.supervisor_access import reach

EVENT = (
    "INSERT INTO events (organisation_id, type, subject_id, data) "
    "SELECT id, $1, id, '{}' FROM organisations RETURNING sequence"
)


def annotary(*words: object, status: int = 0) -> Any:
    program = "from annotary.cli.main import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, *map(str, words), "--json"],
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == status, done.stderr
    return json.loads(done.stdout) if done.stdout else done.stderr


@pytest.fixture
def filled(start, tmp_path):
    """A running installation with an owner, events, a consumer half way, and an object."""
    stand = start(tmp_path / "d").await_ready()
    with reach(Settings.from_environment({}, data_dir=tmp_path / "d")) as settings:
        asyncio.run(migrate_all(settings))
        asyncio.run(ensure_first_owner(settings))
        asyncio.run(_interleave(settings.database_urls["platform"]))
    objects = tmp_path / "d" / "objects" / "ab"
    objects.mkdir(parents=True)
    (objects / "cdef").write_bytes(b"bytes of an asset" * 1000)
    return stand


async def _interleave(url: str) -> None:
    """Make `late`, before `early` in the sequence but of a later transaction, as concurrency does.

    A consumer has seen `early` only. Then use up transaction ids, so that a new server's are far behind.
    """
    first, second = await asyncpg.connect(url), await asyncpg.connect(url)
    for connection in (first, second):
        await connection.execute("SET search_path TO platform")
    begun = second.transaction()
    await begun.start()
    await second.fetchval("SELECT pg_current_xact_id()")
    late = await first.fetchval(EVENT, "test.late")
    early = await second.fetchval(EVENT, "test.early")
    await begun.commit()
    assert late < early
    place = await first.fetchval("SELECT transaction_id::text FROM events WHERE type = 'test.early'")
    await first.execute(
        "INSERT INTO consumers (name, source, transaction_id, sequence) "
        f"VALUES ('copies', 'platform', '{place}', {early})"
    )
    await first.execute(
        "CREATE PROCEDURE burn() LANGUAGE plpgsql AS $$ BEGIN FOR i IN 1..5000 LOOP "
        "PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$"
    )
    await first.execute("CALL burn()")
    await first.fetchval(EVENT, "test.last")
    for connection in (first, second):
        await connection.close()


async def _unseen(url: str) -> list[str]:
    database = await Database.connect(url, "platform", connections_max=1)
    try:
        position = await store.position(database, "copies", "platform")
        return [event.type for event in (await store.read_after(database, position, 100)).events]
    finally:
        await database.close()


def test_a_backup_restored_elsewhere_has_the_same_rows_and_a_log_that_goes_on(filled, tmp_path):
    original, copy, file = tmp_path / "d", tmp_path / "copy", tmp_path / "b.tar"
    made = annotary("backup", file, "--data-dir", original)
    assert made["manifest"]["databases"][0]["counts"]["platform.events"] >= 5
    assert filled.is_healthy()
    restored = annotary("restore", file, "--data-dir", copy)
    assert restored["rows"] == made["rows"]
    assert (copy / "keys" / "signing.key").read_bytes() == (original / "keys" / "signing.key").read_bytes()
    assert (copy / "objects/ab/cdef").read_bytes() == (original / "objects/ab/cdef").read_bytes()
    again = annotary("backup", tmp_path / "again.tar", "--data-dir", copy)
    assert again["manifest"]["databases"][0]["counts"] == made["manifest"]["databases"][0]["counts"]
    with EmbeddedPostgres(copy).running() as url:
        # What was not seen comes, in its order; what lies behind it comes again, to idempotent consumers.
        assert asyncio.run(_unseen(url)) == ["test.late", "test.early", "test.last"]
    assert annotary("restore", file, "--data-dir", copy, status=2).count("not empty") == 1


def test_a_damaged_or_hostile_backup_is_refused_and_leaves_nothing(filled, tmp_path):
    file = tmp_path / "b.tar"
    annotary("backup", file, "--data-dir", tmp_path / "d")
    whole = file.read_bytes()
    place = whole.index(b"bytes of an asset")
    hostile = tmp_path / "hostile.tar"
    with tarfile.open(hostile, "w") as archive:
        archive.add(__file__, arcname="objects/../../escaped.py")
    damaged = {
        "changed": whole[:place] + b"X" + whole[place + 1 :],
        "cut": whole[: len(whole) // 2],
        "hostile": hostile.read_bytes(),
        "nothing": b"not a tar",
    }
    for name, content in damaged.items():
        bad, target = tmp_path / f"{name}.tar", tmp_path / name
        bad.write_bytes(content)
        assert "annotary: " in annotary("restore", bad, "--data-dir", target, status=2)
        assert not (target / "postgres").exists() and not list((target / "objects").rglob("*"))
    assert not list(tmp_path.rglob("escaped.py"))


def test_status_and_down_say_what_is_by_their_exit(filled, tmp_path, until):
    data_dir = tmp_path / "d"
    found = annotary("status", "--data-dir", data_dir)
    assert found["ok"] and found["url"] == filled.ready["url"]
    assert {one["name"]: one["health"] for one in found["processes"]}["text"] == "ok"
    assert found["counts"]["text"] == {"tasks": 0, "submissions": 0, "outcomes": 0}
    assert 0 < found["memory_bytes"] < 300e6
    assert filled.ready["url"] in annotary("up", "--data-dir", data_dir, status=2)
    filled.kill("video")
    until(lambda: filled.child("video").restarts == 1)
    until(filled.is_healthy)
    assert annotary("down", "--data-dir", data_dir) == {"ok": True, "was_running": True}
    assert annotary("status", "--data-dir", data_dir, status=2)["running"] is False
    assert annotary("down", "--data-dir", data_dir)["was_running"] is False
    assert filled.process.wait(10) == 0


def test_whoever_reads_the_data_folder_gets_a_way_back_in(filled, tmp_path):
    token = annotary("token", "recover", "--data-dir", tmp_path / "d")["owner_token"]
    filled.stop()
    other = annotary("token", "recover", "--data-dir", tmp_path / "d")["owner_token"]
    assert token.startswith("ann_") and other.startswith("ann_") and token != other
    assert "no installation" in annotary("token", "recover", "--data-dir", tmp_path / "none", status=2)


def test_a_command_line_imports_no_more_than_it_needs():
    program = (
        "import sys; from annotary.cli.main import application; application(['status']);"
        "slow = ('asyncpg', 'litestar', 'numpy', 'rich.console', 'httpx');"
        "print([name for name in slow if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

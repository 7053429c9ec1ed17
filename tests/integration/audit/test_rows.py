"""Rows without the content that their event recorded, after a story with every kind of step; redaction."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import msgspec
import pytest
from bench import stand as stands
from blake3 import blake3

from annotary.audit.service import verify_installation
from annotary.audit.values import Report
from annotary.catalog.rules import asset_key
from annotary.client import AnnotaryClientError
from annotary.eventlog.chain import rules
from annotary.eventlog.chain.values import Proof
from annotary.infra.settings import Settings
from annotary.services.supervisor_access import reach
from integration.lineage.story import Story, until

OTHER = '{"classification":[{"label":"bus"}]}'
# What is changed, and what the report names.
CHANGES = {
    "text.submissions": (
        f"UPDATE text.submissions SET answer = '{OTHER}'",
        "text.submissions",
        "has not the content",
    ),
    "an answer with its hash": (
        f"UPDATE text.submissions SET answer = '{OTHER} ', content_hash = $1",
        "text.submissions",
        "has another hash",
    ),
    "a submission removed": ("DELETE FROM text.submissions", "text.submissions", "is gone"),
    "a submission put in": (
        "INSERT INTO text.submissions SELECT gen_random_uuid(), assignment_id, task_id, project_id,"
        " organisation_id, member_id, ontology_version_id, instructions_version, answer, content_hash,"
        " seconds, suggested_by, NULL, received_at, committed_at FROM text.submissions LIMIT 1",
        "text.submissions",
        "no event tells of it",
    ),
    "an outcome with its hash": (
        f"UPDATE text.outcomes SET answer = '{OTHER} ', content_hash = $1",
        "text.outcomes",
        "has another hash",
    ),
    "an earlier version": (
        f"UPDATE text.answer_versions SET answer = '{OTHER} ' WHERE answer IS NOT NULL",
        "text.answer_versions",
        "has not the content",
    ),
    "a prediction": (f"UPDATE text.predictions SET answer = '{OTHER} '", "text.predictions", "has not"),
    "an ontology": (
        "UPDATE platform.ontology_versions SET definition = (definition::text || ' ')::json WHERE number = 1",
        "platform.ontology_versions",
        "has not the content",
    ),
    "a copy of an ontology": (
        "UPDATE text.ontology_versions SET definition = (definition::text || ' ')::json WHERE number = 1",
        "text.ontology_versions",
        "is not what the platform has",
    ),
    "instructions": ("UPDATE platform.instructions SET body = 'Once.'", "platform.instructions", "has not"),
    "an item": ("UPDATE platform.items SET payload = '{}'", "platform.items", "has not the content"),
    "an item's hash": (
        "UPDATE platform.items SET payload = '{}', content_hash = $2",
        "platform.items",
        "are not those whose hash was recorded",
    ),
    "an item removed": ("DELETE FROM platform.items", "platform.items", "whose hash was recorded"),
    "an item put in": (
        "INSERT INTO platform.items (id, organisation_id, dataset_id, unique_id, payload, content_hash,"
        " created_at) SELECT gen_random_uuid(), organisation_id, dataset_id, 'more', payload, content_hash,"
        " created_at FROM platform.items",
        "platform.items",
        "no event of their own",
    ),
}


class Told:
    """An installation in which the story was told."""

    def __init__(self, story: Story) -> None:
        self.story = story

    def verify(self) -> Report:
        with reach(Settings.from_environment({}, data_dir=self.story.stand.data_dir)) as settings:
            return asyncio.run(verify_installation(settings))

    def do(self, *statements: str, arguments: tuple[object, ...] = ()) -> None:
        async def run() -> None:
            connection = await asyncpg.connect(self.story.stand.database_url)
            try:
                for statement in statements:
                    used = [one for number, one in enumerate(arguments, 1) if f"${number}" in statement]
                    await connection.execute(statement.replace("$2", "$1"), *used)
            finally:
                await connection.close()

        asyncio.run(run())


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    stand = stands.start(tmp_path_factory.mktemp("audit") / "data")
    try:
        story = Story(stand, tmp_path_factory.mktemp("story"))
        story.tell()
        made = Told(story)
        until(lambda: (report := made.verify()).events > 0 and report.unsealed == 0)
        yield made
    finally:
        stands.stop(stand)


def test_all_that_was_told_verifies(told: Told) -> None:
    report = told.verify()
    assert report.first_bad is None
    assert report.rows > 15 and report.events > 40


@pytest.mark.parametrize("what", CHANGES)
def test_a_row_that_was_changed_is_found(told: Told, what: str) -> None:
    statement, table, reason = CHANGES[what]
    hashes = (blake3(f"{OTHER} ".encode()).digest(), blake3(b"{}").digest())
    told.do(f"CREATE TABLE kept AS TABLE {table}")
    try:
        told.do(statement, arguments=hashes)
        found = told.verify().first_bad
    finally:
        told.do(f"DELETE FROM {table}", f"INSERT INTO {table} TABLE kept", "DROP TABLE kept")
    assert found is not None and reason in found.reason, found
    assert found.stream.startswith(table.partition(".")[0])
    assert told.verify().ok


def test_bytes_of_an_asset_that_were_changed_are_found(told: Told) -> None:
    first, *_ = told_assets(told)
    file = told.story.stand.data_dir / "objects" / asset_key(first)
    kept = file.read_bytes()
    file.write_bytes(kept[:-1] + b"!")
    found = told.verify().first_bad
    file.write_bytes(kept)
    assert found is not None and "the bytes of the asset" in found.reason


def told_assets(told: Told) -> list[bytes]:
    async def read() -> list[bytes]:
        connection = await asyncpg.connect(told.story.stand.database_url)
        try:
            rows = await connection.fetch("SELECT hash FROM platform.assets WHERE source = 'stored'")
            return [row[0] for row in rows]
        finally:
            await connection.close()

    return asyncio.run(read())


def test_an_owner_erases_what_an_event_says_and_nobody_does_so_silently(told: Told, tmp_path: Path) -> None:
    owner, reviewer = told.story.owner, told.story.people["Rhea"]
    event = "text.2"
    with pytest.raises(AnnotaryClientError) as refused:
        reviewer.audit.redact(event, "because")
    assert refused.value.status == 403
    proof = owner.audit.proof(event)
    assert rules.check(msgspec.convert(proof, Proof)) is None
    done = owner.audit.redact(event, "asked for by the person it names")
    assert done.leaf == proof["leaf"]
    until(lambda: told.verify().unsealed == 0)
    report = told.verify()
    assert report.ok and report.redacted == 1
    after = msgspec.convert(owner.audit.proof(event), Proof)
    assert after.redacted and "redacted" in after.event.data and rules.check(after) is None
    with pytest.raises(AnnotaryClientError):
        owner.audit.redact(event, "again")
    # Nor can what is left of it be changed, nor the order be put on another event.
    for statement in (
        "UPDATE text.events SET type = 'task.done' WHERE sequence = 2",
        "UPDATE text.events SET data = (SELECT data FROM text.events WHERE sequence = 2) WHERE sequence = 3",
        "UPDATE text.events SET data = replace(data::text, 'asked', 'osked')::json"
        " WHERE type = 'event.redacted'",
    ):
        told.do("CREATE TABLE kept AS TABLE text.events", statement)
        found = told.verify()
        told.do("DELETE FROM text.events", "INSERT INTO text.events OVERRIDING SYSTEM VALUE TABLE kept")
        told.do("DROP TABLE kept")
        assert not found.ok, statement
    assert told.verify().ok

"""Heads: each service tells the platform its last segment; the platform signs them together and publishes."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from uuid import UUID

import msgspec

from annotary.eventlog.chain import rules
from annotary.eventlog.chain.service_keys import SigningKey
from annotary.eventlog.chain.store import QUERIES
from annotary.eventlog.chain.values import Head, HeadStatement, ServiceHead
from annotary.infra.objects import Objects
from annotary.infra.postgres import Database, UnitOfWork
from annotary.kernel.clock import system_clock

FOLDER = "audit/heads"
KIND = "annotary head"


def object_key(organisation: UUID, number: int) -> str:
    """Return where a head is published: one object for each, never written again."""
    return f"{FOLDER}/{organisation.hex}/{number:010}.json"


async def tell_platform(database: Database, platform: Database) -> int:
    """Tell the platform which segments are new; returns how many organisations they are of."""
    sealed = await database.fetch(QUERIES.sealed_chains)
    known = {row[0]: row[1] for row in await platform.fetch(QUERIES.known_service_heads, database.schema)}
    new = [row for row in sealed if known.get(row["organisation_id"]) != row["segment"]]
    if new:
        columns = (
            [row[name] for row in new] for name in ("organisation_id", "segment", "events", "segment_hash")
        )
        await platform.execute(QUERIES.tell_service_heads, database.schema, *columns)
    return len(new)


async def publish_heads(platform: Database, objects: Objects, key: SigningKey) -> int:
    """Publish a head for every organisation with new segments; returns how many."""
    async with platform.transaction() as uow:
        if not await uow.fetchval(QUERIES.hold_heads):
            return 0
        last = {
            row["organisation_id"]: Head(row["statement"], row["signature"].hex())
            for row in await uow.fetch(QUERIES.last_heads)
        }
        published = 0
        rows = await uow.fetch(QUERIES.service_heads)
        for organisation, own in groupby(rows, key=lambda row: row["organisation_id"]):
            services = {
                row["service"]: ServiceHead(row["segment"], row["events"], row["segment_hash"].hex())
                for row in own
            }
            published += await _publish(uow, objects, key, organisation, services, last.get(organisation))
        await uow.execute(QUERIES.add_key, key.id, key.public)
    return published


async def _publish(
    uow: UnitOfWork,
    objects: Objects,
    key: SigningKey,
    organisation: UUID,
    services: Mapping[str, ServiceHead],
    last: Head | None,
) -> bool:
    before = None if last is None else rules.read_head(last)
    if before is not None and before.services == services:
        return False
    statement = HeadStatement(
        kind=KIND,
        organisation=organisation,
        number=1 if before is None else before.number + 1,
        previous=(rules.NOTHING if last is None else rules.hash_of(last.statement.encode())).hex(),
        at=system_clock(),
        key=key.id,
        services=dict(services),
    )
    encoded = msgspec.json.encode(statement)
    head = Head(encoded.decode(), key.sign(encoded).hex())
    place = object_key(organisation, statement.number)
    if not await objects.put_new(place, msgspec.json.encode(head)):
        # Published before a crash that came before the row: what is outside counts.
        head = msgspec.json.decode(await objects.read(place), type=Head)
    signature = bytes.fromhex(head.signature)
    await uow.execute(QUERIES.add_head, organisation, statement.number, head.statement, signature)
    return True

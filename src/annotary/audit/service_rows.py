"""Whether rows of tables still have the content whose hash an event recorded when they were written."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from hashlib import sha256

from blake3 import blake3

from annotary.audit.store import as_of_now
from annotary.audit.values import Broken
from annotary.catalog.rules import asset_key
from annotary.infra import queries
from annotary.infra.ahead import ahead
from annotary.infra.objects import NoObject, Objects
from annotary.infra.postgres import Row, UnitOfWork
from annotary.infra.settings import Settings
from annotary.kernel.limits import AUDIT_ROWS_PER_READ_MAX

QUERIES = queries.load(__package__, "rows.sql")
# What a row is called, and the query that lays it beside the event which told of it last.
_OF_MODALITIES = {
    "submission": QUERIES.submissions,
    "outcome": QUERIES.outcomes,
    "known answer of task": QUERIES.gold,
    "prediction": QUERIES.predictions,
    "earlier version of answer": QUERIES.versions_before,
}
_OF_PLATFORM = {"ontology version": QUERIES.ontologies, "instructions": QUERIES.instructions}
_HASH_BYTES = 32


class RowCheck:
    """Goes through the tables of services and counts the rows; raises Broken at the first that is not right.

    The platform comes first: the modalities' copies are held against what it has.
    """

    def __init__(self, settings: Settings, objects: Objects, count: Callable[[int], None]) -> None:
        self._settings, self._objects, self._count = settings, objects, count
        self._hashes: dict[str, bytes] = {}

    async def check(self, services: Sequence[str]) -> None:
        """Check the tables of some services."""
        if "platform" in services:
            async with as_of_now(self._settings, "platform") as uow:
                await self._platform(uow)
        for service in services:
            if service != "platform":
                async with as_of_now(self._settings, service) as uow:
                    await self._modality(uow, service)

    async def _platform(self, uow: UnitOfWork) -> None:
        for noun, query in _OF_PLATFORM.items():
            await self._rows(uow, "platform", noun, query)
            rows = await uow.fetch(query)
            self._hashes |= {row["id"]: row["content_hash"] for row in rows}
        alone = 0
        async with aclosing(_pages(uow, QUERIES.items)) as pages:
            async for page in pages:
                alone += sum(row["sequence"] is None for row in page)
                await asyncio.to_thread(check_rows, "platform", "item", page, untold=True)
                self._count(len(page))
        together = await self._digests(uow, "platform", "items of chunk", QUERIES.items_imported)
        if alone != together:
            reason = f"{alone} items have no event of their own, but {together} were imported"
            raise Broken("platform", None, reason)
        await self._assets(uow)

    async def _modality(self, uow: UnitOfWork, service: str) -> None:
        for noun, query in _OF_MODALITIES.items():
            await self._rows(uow, service, noun, query)
        await self._digests(uow, service, "predictions of project", QUERIES.predictions_stored)
        for row in await uow.fetch(QUERIES.copies):
            content = blake3(row["content"].encode()).digest()
            known = self._hashes.get(row["id"], content)
            if not content == known == (row["content_hash"] or content):
                reason = f"the copy of {row['id']} is not what the platform has"
                raise Broken(service, row["organisation_id"], reason)
            self._count(1)

    async def _rows(self, uow: UnitOfWork, service: str, noun: str, query: str) -> None:
        async with aclosing(_pages(uow, query)) as pages:
            async for page in pages:
                await asyncio.to_thread(check_rows, service, noun, page)
                self._count(len(page))

    async def _digests(self, uow: UnitOfWork, service: str, noun: str, query: str) -> int:
        """Check hashes that were told over those of many rows; returns how many rows."""
        rows = 0
        async with aclosing(_pages(uow, query)) as pages:
            async for page in pages:
                for row in page:
                    rows += len(row["hashes"] or b"") // _HASH_BYTES
                    if row["hash"] not in (None, blake3(row["hashes"] or b"").hexdigest()):
                        reason = f"the {noun} {row['id']} are not those whose hash was recorded"
                        raise Broken(service, row["organisation_id"], reason, row["sequence"])
        return rows

    async def _assets(self, uow: UnitOfWork) -> None:
        async with aclosing(_pages(uow, QUERIES.assets)) as pages:
            async for page in pages:
                await asyncio.to_thread(check_rows, "platform", "asset", page)
                for row in page:
                    if row["source"] == "stored" and not await self._has_bytes(row["content_hash"]):
                        reason = f"the bytes of the asset {row['id']} are gone, or others"
                        raise Broken("platform", row["organisation_id"], reason, row["sequence"])
                self._count(len(page))

    async def _has_bytes(self, digest: bytes) -> bool:
        hasher = blake3()
        try:
            async for piece in self._objects.stream(asset_key(digest)):
                await asyncio.to_thread(hasher.update, piece)
        except NoObject:
            return False
        return hasher.digest() == digest


def check_rows(service: str, noun: str, rows: Sequence[Row], untold: bool = False) -> None:
    """Hold rows against their events and content; `untold`: a row without an event of its own may be."""
    for row in rows:
        name = f"the {noun} {row['id']}"
        digest, content = row["content_hash"], row["content"]
        if row["sequence"] is None and not untold:
            raise Broken(service, row["organisation_id"], f"{name} is in the table, but no event tells of it")
        if digest is None and content is None and row["hash"] is not None:
            raise Broken(service, row["organisation_id"], f"the row of {name} is gone", row["sequence"])
        if content is not None and not _is_hash(noun, content.encode(), digest):
            reason = f"{name} has not the content that was hashed"
            raise Broken(service, row["organisation_id"], reason, row["sequence"])
        if row["hash"] is not None and row["hash"] != digest.hex():
            reason = f"{name} has another hash than was recorded when it was written"
            raise Broken(service, row["organisation_id"], reason, row["sequence"])


def _is_hash(noun: str, content: bytes, digest: bytes) -> bool:
    if blake3(content).digest() == digest:
        return True
    # Earlier versions of drafts are among those of answers: the database hashed them itself.
    return noun == "earlier version of answer" and sha256(content).digest() == digest


async def _pages(uow: UnitOfWork, query: str) -> AsyncGenerator[Sequence[Row]]:
    """Yield rows by a cursor, so that memory is bounded; the next are read while these are looked at."""

    async def read() -> AsyncGenerator[Sequence[Row]]:
        cursor = await uow.cursor(query)
        while page := await cursor.fetch(AUDIT_ROWS_PER_READ_MAX):
            yield page

    async with aclosing(ahead(read())) as pages:
        async for page in pages:
            yield page

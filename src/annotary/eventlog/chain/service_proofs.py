"""Inclusion proofs: that one event is in a sealed segment, with few hashes."""

from __future__ import annotations

from uuid import UUID

from annotary.eventlog.chain import rules
from annotary.eventlog.chain.errors import NotSealed, UnknownEvent
from annotary.eventlog.chain.store import QUERIES
from annotary.eventlog.chain.values import Proof, Segment
from annotary.infra.postgres import Row, UnitOfWork
from annotary.infra.yielding import in_yielding_thread


async def prove(uow: UnitOfWork, service: str, organisation: UUID, sequence: int) -> Proof:
    """Return the proof that an event of an organisation is in the log; raises UnknownEvent, NotSealed.

    The content of a redacted event is gone: the proof is then of its hash alone, and says so.
    """
    run = await uow.fetchrow(QUERIES.run_of_event, sequence, organisation)
    if run is None:
        raise UnknownEvent(
            f"There is no event {service}.{sequence} in the chain; a new one is there in a second."
        )
    at = run["sequences"].index(sequence)
    place = run["first"] + at
    row = await uow.fetchrow(QUERIES.segment_over, organisation, place)
    if row is None or place >= row["first"] + row["events"]:
        raise NotSealed
    segment = Segment(*row)
    stored = await uow.fetchval(QUERIES.event_at, run["transaction_ids"][at], sequence)
    if stored is None:
        raise UnknownEvent(f"The event {service}.{sequence} is in the chain, but its row is gone.")
    end = segment.first + segment.events
    runs = await uow.fetch(QUERIES.leaves_between, organisation, segment.first, end)
    leaves = [leaf for one in runs for leaf in rules.leaves_in(one["leaves"])]
    index = place - segment.first
    keys = {one["id"]: one["public_key"] for one in await uow.fetch(QUERIES.keys)}
    return Proof(
        service=service,
        event=rules.unpack(stored),
        leaf=leaves[index].hex(),
        index=index,
        size=segment.events,
        path=[one.hex() for one in await in_yielding_thread(rules.path_to, leaves, index)],
        statement=rules.segment_statement(service, segment).decode(),
        signature=segment.signature.hex(),
        key=segment.key_id,
        public_key=keys[segment.key_id].hex(),
        redacted=rules.leaf_of(stored) != leaves[index],
    )


async def keys(uow: UnitOfWork) -> list[Row]:
    """Return the public halves of all keys that have signed here."""
    return await uow.fetch(QUERIES.keys)

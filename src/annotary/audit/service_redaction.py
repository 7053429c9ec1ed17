"""Erasing what an event says, for privacy law: its hash stays, and that it was erased is an event itself."""

from __future__ import annotations

import msgspec

from annotary.audit.errors import CannotRedact, StillRead
from annotary.audit.rules import redaction_statement
from annotary.audit.store import QUERIES
from annotary.audit.values import Redaction, RedactionView
from annotary.eventlog import Event, record
from annotary.eventlog.chain import rules as chain_rules
from annotary.eventlog.chain.errors import UnknownEvent
from annotary.eventlog.chain.service_keys import SigningKey
from annotary.eventlog.chain.store import QUERIES as CHAIN
from annotary.eventlog.relay.store import NAME as RELAY
from annotary.identity import rules as access
from annotary.identity.values import Caller, Role
from annotary.infra.postgres import UnitOfWork
from annotary.kernel.errors import Invalid
from annotary.kernel.limits import REDACTION_REASON_CHARACTERS_MAX

# They hold many rows to the log, and nothing about anybody.
_KEPT_WHOLE = {
    *("answers.changed", "asset.created", "event.redacted", "items.imported"),
    *("instructions.published", "ontology.published", "predictions.stored"),
}
# By these ids a row is known to have been told of, though its hash is gone.
_KEPT_IDS = ("submission", "outcome")


async def redact(
    uow: UnitOfWork, caller: Caller, service: str, sequence: int, reason: str, key: SigningKey
) -> RedactionView:
    """Erase the data of an event of the caller's organisation. Raises UnknownEvent, CannotRedact, StillRead.

    Consumers inside work with what events say, so it waits until all of them have come past this one. Those
    of the platform's log in the modalities are not waited for: they need no more than what it is about.
    """
    access.require_role(caller, Role.OWNER)
    if not 0 < len(reason.strip()) <= REDACTION_REASON_CHARACTERS_MAX:
        expected = f"1 to {REDACTION_REASON_CHARACTERS_MAX} characters that say why"
        raise Invalid(path="/reason", found=f"{len(reason)} characters", expected=expected)
    run = await uow.fetchrow(CHAIN.run_of_event, sequence, caller.organisation_id)
    if run is None:
        raise UnknownEvent(
            f"There is no event {service}.{sequence} in the chain; a new one is there in a second."
        )
    at = run["sequences"].index(sequence)
    place = (run["transaction_ids"][at], sequence)
    event = chain_rules.unpack(await uow.fetchval(QUERIES.hold_event, *place))
    leaf = chain_rules.leaf_of(chain_rules.pack(event))
    held = await uow.fetchval(QUERIES.leaves_of_run, run["organisation_id"], run["first"])
    if event.type in _KEPT_WHOLE or list(chain_rules.leaves_in(held))[at] != leaf:
        raise CannotRedact
    if reader := await uow.fetchval(QUERIES.still_reading, service, *place, RELAY):
        raise StillRead(f"{service}.{sequence} has yet to be read by {reader!r}: ask again in some seconds.")
    said = msgspec.json.decode(event.data)
    left = msgspec.json.encode(
        {"redacted": True} | {name: said[name] for name in _KEPT_IDS if name in said}
    ).decode()
    await uow.execute(QUERIES.erase_event, *place, left)
    after = chain_rules.leaf_of(chain_rules.pack(msgspec.structs.replace(event, data=left)))
    unsigned = Redaction(sequence, leaf.hex(), after.hex(), reason, key.id, "")
    signature = key.sign(redaction_statement(service, unsigned)).hex()
    order = msgspec.structs.replace(unsigned, signature=signature)
    await uow.execute(CHAIN.add_key, key.id, key.public)
    await record(
        uow,
        Event(
            organisation_id=caller.organisation_id,
            type="event.redacted",
            subject_id=caller.organisation_id,
            actor_id=caller.member_id,
            data=msgspec.to_builtins(order),
        ),
    )
    return RedactionView(f"{service}.{sequence}", event.type, reason, order.leaf)

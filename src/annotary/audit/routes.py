"""HTTP of proofs, keys and redaction; mounted below `/v1/{modality}`, and below `/v1` for the platform."""

from __future__ import annotations

import asyncio

from litestar import Response, get, post
from litestar.params import FromPath, JSONBody

from annotary.audit.service_redaction import redact
from annotary.audit.values import NewRedaction, PublicKey, RedactionView
from annotary.eventlog.chain import service_proofs
from annotary.eventlog.chain.service_keys import signing_key
from annotary.eventlog.chain.values import Proof
from annotary.identity import rules as access
from annotary.identity.service import authenticate
from annotary.identity.values import Role
from annotary.infra.http import Request, database, write


@get("/events/{sequence:int}/proof", summary="That an event is in the log")
async def read_proof(request: Request, sequence: FromPath[int]) -> Proof:
    """Return the inclusion proof of an event under its segment's signed root. For managers.

    409 `not_sealed` while the event is too new: ask again in some seconds.
    """
    caller = await authenticate(request)
    access.require_role(caller, Role.MANAGER)
    own = database(request)
    async with own.transaction() as uow:
        return await service_proofs.prove(uow, own.schema, caller.organisation_id, sequence)


@get("/audit/keys", summary="The keys that sign the log")
async def read_keys(request: Request) -> list[PublicKey]:
    """Return the public keys by which segments of this service's log are signed."""
    await authenticate(request)
    async with database(request).connection() as uow:
        rows = await service_proofs.keys(uow)
    return [PublicKey(row["id"], row["public_key"].hex()) for row in rows]


@post("/events/{sequence:int}/redact", status_code=200, summary="Erase what an event says")
async def redact_event(
    request: Request, sequence: FromPath[int], data: JSONBody[NewRedaction]
) -> Response[RedactionView]:
    """Erase an event's content, for privacy law; its hash stays, and the erasure is an event. For owners."""
    caller = await authenticate(request)
    key = await asyncio.to_thread(signing_key, request.app.state.audit_key_file)
    service = database(request).schema
    return await write(
        request,
        caller.member_id,
        lambda uow: redact(uow, caller, service, sequence, data.reason, key),
    )


ROUTES = [read_proof, read_keys, redact_event]

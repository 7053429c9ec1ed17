"""HTTP of lineage and history; mounted below `/v1/{modality}`."""

from __future__ import annotations

from typing import cast

from litestar import get
from litestar.params import FromPath, FromQuery

from annotary.audit.lineage import service, service_history
from annotary.audit.lineage.service import Platform
from annotary.audit.lineage.values import EventProofs, History, Lineage
from annotary.identity.service import authenticate
from annotary.infra.http import Request, database
from annotary.kernel.ids import parse_id


@get("/outcomes/{outcome:str}/lineage", summary="The chain behind an outcome")
async def read_lineage(request: Request, outcome: FromPath[str]) -> Lineage:
    """Return every step behind an outcome (or a task's current one), each with the events that prove it.

    For managers and reviewers; reviewers see no identity and no review but their own.
    """
    caller = await authenticate(request)
    platform = cast(Platform, request.app.state.platform_database)
    return await service.trace(database(request), platform, caller, outcome)


@get("/outcomes/{task:str}/history", summary="The versions of a task's outcome")
async def read_history(request: Request, task: FromPath[str]) -> History:
    """Return the versions of a task's outcome, newest first, each with what it changed in words."""
    caller = await authenticate(request)
    return await service_history.read_history(database(request), caller, parse_id("task", task))


@get("/events/proofs", summary="How well events are proved")
async def read_proofs(request: Request, sequences: FromQuery[str]) -> EventProofs:
    """Return for events of the log, by their sequences between commas, whether they are chained and sealed.

    For whoever reviews or manages something; what the events say is told elsewhere.
    """
    caller = await authenticate(request)
    return await service.read_proofs(database(request), caller, sequences)


ROUTES = [read_lineage, read_history, read_proofs]

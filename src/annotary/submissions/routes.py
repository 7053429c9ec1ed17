"""Submitting over HTTP: the answer, drafts, revisions, and reading them back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast
from uuid import UUID

import msgspec
from litestar import Response, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from annotary.dispatch import store as dispatch_store
from annotary.dispatch.errors import UnknownTask
from annotary.dispatch.routes import given
from annotary.dispatch.routes_listing import LISTING
from annotary.dispatch.service import project_copy
from annotary.dispatch.values import Listing
from annotary.identity.service import authenticate
from annotary.infra.direct import DirectRequest
from annotary.infra.http import (
    JSON,
    AnyRequest,
    Page,
    Request,
    database,
    encode,
    etag,
    idempotency_key,
    if_match,
    request_hash,
    traceparent,
    write,
)
from annotary.infra.postgres import Row, UnitOfWork
from annotary.infra.problems import handle_error
from annotary.infra.strict_json import Undecodable
from annotary.kernel.ids import format_id, parse_id
from annotary.kernel.limits import CLAIM_COUNT_MAX
from annotary.modalities.decoding import ROOT, explain
from annotary.modalities.errors import InvalidAnswer
from annotary.submissions import service_drafts, store
from annotary.submissions.service import Intake
from annotary.submissions.values import (
    DraftLeft,
    DraftRequest,
    DraftView,
    RevisionRequest,
    SubmissionRequest,
    SubmissionTaken,
    SubmissionView,
)

_SUBMISSION = msgspec.json.Decoder(SubmissionRequest)


def intake(request: AnyRequest) -> Intake:
    """Return the service's intake."""
    return cast(Intake, request.app.state.intake)


def refuse_unreadable(request: Request, error: Undecodable) -> Response[bytes]:
    """Say where in the answer stands what is not JSON, such as NaN."""
    return handle_error(request, _unreadable(error))


def _unreadable(error: Undecodable) -> Exception:
    explained = explain(error.body, error.cause)
    where = (explained.path or "").removeprefix(ROOT)
    return InvalidAnswer(path=where, **explained.extra) if where.startswith(f"{ROOT}/") else error


@post(
    "/assignments/{assignment_id:str}/submission",
    status_code=200,
    summary="Submit an answer",
    exception_handlers={Undecodable: refuse_unreadable},
)
async def submit(
    request: Request, assignment_id: FromPath[str], data: JSONBody[SubmissionRequest]
) -> Response[SubmissionTaken]:
    """Take a whole answer under a lease; with `claim_next` the project's next tasks come in the reply."""
    body, headers = await _submit(request, assignment_id, data, await request.body())
    return cast(
        Response[SubmissionTaken], Response(encode(body), status_code=200, media_type=JSON, headers=headers)
    )


async def submit_directly(request: DirectRequest) -> tuple[bytes, Mapping[str, str]]:
    """Take a whole answer, for the direct route."""
    try:
        data = request.decode(_SUBMISSION)
    except Undecodable as error:
        raise _unreadable(error) from error
    body, headers = await _submit(request, request.parameter, data, request.raw_body)
    return encode(body), headers


async def _submit(
    request: AnyRequest, assignment_id: str, data: SubmissionRequest, body: bytes
) -> tuple[SubmissionTaken, dict[str, str]]:
    caller = await authenticate(request)
    key = cast(str, idempotency_key(request, required=True))
    digest = request_hash(request, body)
    taken = await intake(request).submit(
        caller, parse_id("assignment", assignment_id), data, key, digest, traceparent(request)
    )
    reply = SubmissionTaken(format_id("submission", taken.submission_id), given(request, caller, taken.next))
    return reply, {"Idempotency-Replayed": "true"} if taken.replayed else {}


@put("/assignments/{assignment_id:str}/draft", status_code=200, summary="Keep a draft")
async def save_draft(
    request: Request, assignment_id: FromPath[str], data: JSONBody[DraftRequest]
) -> Response[DraftView]:
    """Keep an answer being written. `If-Match` with the last ETag keeps two windows from overwriting."""
    caller = await authenticate(request)
    assignment = parse_id("assignment", assignment_id)
    row = await service_drafts.save_draft(database(request), caller, assignment, data, if_match(request))
    return Response(_draft(row), headers=etag(row["version"]))


@get("/assignments/{assignment_id:str}/draft", summary="Read a draft")
async def read_draft(request: Request, assignment_id: FromPath[str]) -> Response[DraftView]:
    """Return the caller's draft for the assignment's task, also one kept from a lease that was lost."""
    caller = await authenticate(request)
    row = await service_drafts.read_draft(database(request), caller, parse_id("assignment", assignment_id))
    return Response(_draft(row), headers=etag(row["version"]))


@get("/drafts", summary="What I left unfinished")
async def list_drafts(request: Request, assignments: FromQuery[str]) -> Page[DraftLeft]:
    """List drafts to go on from, of the caller's assignments that are named (100 at most, commas between)."""
    caller = await authenticate(request)
    named = [parse_id("assignment", one) for one in assignments.split(",")[:CLAIM_COUNT_MAX]]
    rows = await store.drafts_left(database(request), named, caller.member_id)
    return Page(
        [
            DraftLeft(
                format_id("assignment", row["assignment_id"]),
                service_drafts.raw(row["answer"]),
                row["version"],
                row["saved_at"],
            )
            for row in rows
        ]
    )


@post("/submissions/{submission_id:str}/revision", status_code=200, summary="Revise an own answer")
async def revise(
    request: Request, submission_id: FromPath[str], data: JSONBody[RevisionRequest]
) -> Response[SubmissionTaken]:
    """Supersede an own submission: both stay in the record, the new one counts."""
    caller = await authenticate(request)

    async def action(uow: UnitOfWork) -> SubmissionTaken:
        new = await service_drafts.revise(
            uow, intake(request), caller, parse_id("submission", submission_id), data
        )
        return SubmissionTaken(format_id("submission", new))

    return await write(request, caller.member_id, action)


@get("/submissions", summary="List answers", dependencies=LISTING)
async def list_submissions(request: Request, listing: NamedDependency[Listing]) -> Page[SubmissionView]:
    """List the answers of a project or task: annotators see their own, reviewers and managers all."""
    caller = await authenticate(request)
    project, task = listing.place
    row = await project_copy(database(request), project or await _project_of(request, task))
    return await service_drafts.list_submissions(database(request), caller, row, listing)


@get("/submissions/{submission_id:str}", summary="One answer")
async def get_submission(request: Request, submission_id: FromPath[str]) -> SubmissionView:
    """Return one submission with where it came from."""
    caller = await authenticate(request)
    return await service_drafts.read_submission(
        database(request), caller, parse_id("submission", submission_id)
    )


async def _project_of(request: Request, task: UUID | None) -> UUID:
    row = await database(request).fetchrow(dispatch_store.QUERIES.task, task)
    if row is None:
        raise UnknownTask()
    return cast(UUID, row["project_id"])


def _draft(row: Row) -> DraftView:
    return DraftView(
        format_id("task", row["task_id"]), service_drafts.raw(row["answer"]), row["version"], row["saved_at"]
    )


ROUTES = [submit, save_draft, read_draft, list_drafts, revise, list_submissions, get_submission]

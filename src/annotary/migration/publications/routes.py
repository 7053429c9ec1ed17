"""HTTP of publications; the platform serves it."""

from __future__ import annotations

from typing import cast

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery, JSONBody

from annotary.identity.service import authenticate
from annotary.infra.http import Page, Request, database, write
from annotary.kernel.ids import parse_id
from annotary.migration.publications import service
from annotary.migration.publications.service_checking import Answers, check_publication
from annotary.migration.publications.values import Checked, NewPublication, PublicationView
from annotary.ontology.routes import definition_check


class Withdrawal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why a version is taken back."""

    reason: str = ""


def answers(request: Request) -> Answers:
    """Return the way to the answers of a modality."""
    return cast(Answers, request.app.state.answers)


@post("/v1/ontologies/{ontology:str}/check", status_code=200, summary="Check a version")
async def check(request: Request, ontology: FromPath[str], data: JSONBody[NewPublication]) -> Checked:
    """Return what publishing would do, in words, with counts and samples of the answers it touches."""
    caller = await authenticate(request)
    ontology_id = parse_id("ontology", ontology)
    async with database(request).transaction() as uow:
        return await check_publication(
            uow, caller, definition_check(request), answers(request), ontology_id, data
        )


@post("/v1/ontologies/{ontology:str}/publications", summary="Publish a version")
async def publish(
    request: Request, ontology: FromPath[str], data: JSONBody[NewPublication]
) -> Response[PublicationView]:
    """Publish a version: to named projects or a share of tasks first, or to all at once. For managers."""
    caller = await authenticate(request)
    ontology_id, checks = parse_id("ontology", ontology), definition_check(request)
    return await write(
        request,
        caller.member_id,
        lambda uow: service.publish(uow, caller, checks, answers(request), ontology_id, data),
        status=201,
    )


@get("/v1/ontologies/{ontology:str}/publications", summary="List publications")
async def list_publications(
    request: Request,
    ontology: FromPath[str],
    limit: FromQuery[int | None] = None,
    next_token: FromQuery[str | None] = None,
) -> Page[PublicationView]:
    """List the publications of an ontology, oldest first. For managers."""
    caller = await authenticate(request)
    ontology_id = parse_id("ontology", ontology)
    async with database(request).connection() as uow:
        return await service.list_publications(uow, caller, ontology_id, limit, next_token)


@get("/v1/publications/{publication:str}", summary="One publication")
async def read_publication(request: Request, publication: FromPath[str]) -> PublicationView:
    """Return a publication, with what was seen of a version on trial."""
    caller = await authenticate(request)
    async with database(request).connection() as uow:
        return await service.read_publication(uow, caller, parse_id("publication", publication))


@post("/v1/publications/{publication:str}/complete", status_code=200, summary="Give a version to all")
async def complete(request: Request, publication: FromPath[str]) -> Response[PublicationView]:
    """Give a version that is on trial to all projects of its ontology."""
    caller, publication_id = await authenticate(request), parse_id("publication", publication)
    return await write(request, caller.member_id, lambda uow: service.complete(uow, caller, publication_id))


@post("/v1/publications/{publication:str}/withdraw", status_code=200, summary="Take a version back")
async def withdraw(
    request: Request, publication: FromPath[str], data: JSONBody[Withdrawal]
) -> Response[PublicationView]:
    """Take a version back at once: projects and answers go back to what they were."""
    caller, publication_id = await authenticate(request), parse_id("publication", publication)
    return await write(
        request,
        caller.member_id,
        lambda uow: service.withdraw(uow, caller, publication_id, data.reason or None),
    )


ROUTES = [check, publish, list_publications, read_publication, complete, withdraw]

"""HTTP of ontologies and their versions."""

from __future__ import annotations

from typing import cast

from litestar import Response, get, patch, post
from litestar.params import FromPath, FromQuery, JSONBody

from annotary.identity.service import authenticate
from annotary.infra.http import Page, Request, database, etag, if_match, write
from annotary.kernel.ids import parse_id
from annotary.ontology import service
from annotary.ontology.diff import Change
from annotary.ontology.service import Check
from annotary.ontology.views import (
    NewOntology,
    NewOntologyVersion,
    OntologyChange,
    OntologyVersionView,
    OntologyView,
)


def definition_check(request: Request) -> Check:
    """Return what label types say about definitions: the composition root knows them, ontologies do not."""
    return cast(Check, request.app.state.check_definition)


@post("/v1/ontologies")
async def create_ontology(request: Request, data: JSONBody[NewOntology]) -> Response[OntologyView]:
    """Make an ontology with its first version. For managers."""
    caller = await authenticate(request)
    return await write(
        request,
        caller.member_id,
        lambda uow: service.create_ontology(uow, caller, definition_check(request), data),
        status=201,
        headers=lambda view: etag(view.edition),
    )


@get("/v1/ontologies")
async def list_ontologies(
    request: Request, limit: FromQuery[int | None] = None, next_token: FromQuery[str | None] = None
) -> Page[OntologyView]:
    """List the ontologies of the organisation, each with its latest version. For managers."""
    caller = await authenticate(request)
    async with database(request).connection() as uow:
        return await service.list_ontologies(uow, caller, limit, next_token)


@get("/v1/ontologies/{ontology:str}")
async def read_ontology(request: Request, ontology: FromPath[str]) -> Response[OntologyView]:
    """Return an ontology with its latest version. For managers."""
    caller = await authenticate(request)
    async with database(request).connection() as uow:
        view = await service.read_ontology(uow, caller, parse_id("ontology", ontology))
    return Response(view, headers=etag(view.edition))


@patch("/v1/ontologies/{ontology:str}")
async def rename_ontology(
    request: Request, ontology: FromPath[str], data: JSONBody[OntologyChange]
) -> Response[OntologyView]:
    """Rename an ontology. For managers."""
    caller = await authenticate(request)
    ontology_id = parse_id("ontology", ontology)
    return await write(
        request,
        caller.member_id,
        lambda uow: service.rename_ontology(uow, caller, ontology_id, data.name, if_match(request)),
        headers=lambda view: etag(view.edition),
    )


@post("/v1/ontologies/{ontology:str}/versions")
async def publish_version(
    request: Request, ontology: FromPath[str], data: JSONBody[NewOntologyVersion]
) -> Response[OntologyVersionView]:
    """Publish a version (201); the content of the latest version gives that one back (200). For managers."""
    caller = await authenticate(request)
    ontology_id, check = parse_id("ontology", ontology), definition_check(request)
    return await write(
        request,
        caller.member_id,
        lambda uow: service.publish_version(uow, caller, check, ontology_id, data.definition),
        status=201,
    )


@get("/v1/ontologies/{ontology:str}/versions")
async def list_versions(
    request: Request,
    ontology: FromPath[str],
    limit: FromQuery[int | None] = None,
    next_token: FromQuery[str | None] = None,
) -> Page[OntologyVersionView]:
    """List the versions of an ontology. For managers."""
    caller = await authenticate(request)
    async with database(request).connection() as uow:
        return await service.list_versions(uow, caller, parse_id("ontology", ontology), limit, next_token)


@get("/v1/ontologies/{ontology:str}/versions/{version:str}")
async def read_version(
    request: Request, ontology: FromPath[str], version: FromPath[str]
) -> OntologyVersionView:
    """Return a version by its number or id. For managers, and for those on a project that uses it."""
    caller = await authenticate(request)
    async with database(request).connection() as uow:
        return await service.read_version(uow, caller, parse_id("ontology", ontology), version)


@get("/v1/ontologies/{ontology:str}/differences")
async def compare_versions(
    request: Request, ontology: FromPath[str], before: FromQuery[str], after: FromQuery[str]
) -> list[Change]:
    """Say in words what differs between two versions, each by its number or id."""
    caller = await authenticate(request)
    async with database(request).connection() as uow:
        ontology_id = parse_id("ontology", ontology)
        return await service.compare_versions(uow, caller, ontology_id, before, after)


ROUTES = [
    create_ontology,
    list_ontologies,
    read_ontology,
    rename_ontology,
    publish_version,
    list_versions,
    read_version,
    compare_versions,
]

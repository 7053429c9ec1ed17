"""HTTP of projects, who is on them, and their instructions."""

from __future__ import annotations

from typing import Annotated

from litestar import Response, delete, get, patch, post, put
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from annotary.identity.service import authenticate, write_access
from annotary.identity.values import Role
from annotary.infra.http import Page, Request, database, etag, if_match, write
from annotary.infra.postgres import UnitOfWork
from annotary.kernel.ids import parse_id
from annotary.ontology.routes import definition_check
from annotary.projects import rules, service, service_instructions, service_members
from annotary.projects.store import project_view
from annotary.projects.values import (
    InstructionsView,
    NewInstructions,
    NewProject,
    ProjectChange,
    ProjectMemberChange,
    ProjectMemberView,
    ProjectState,
    ProjectView,
)


@post("/v1/projects")
async def create_project(request: Request, data: JSONBody[NewProject]) -> Response[ProjectView]:
    """Make a project on an ontology there is, or with a definition of its own. For managers."""
    caller = await authenticate(request)
    return await write(
        request,
        caller.member_id,
        lambda uow: service.create_project(uow, caller, definition_check(request), data),
        status=201,
        headers=lambda view: etag(view.version),
    )


@get("/v1/projects")
async def list_projects(
    request: Request,
    wanted: Annotated[ProjectState | None, QueryParameter(name="state")] = None,
    limit: FromQuery[int | None] = None,
    next_token: FromQuery[str | None] = None,
) -> Page[ProjectView]:
    """List the projects one reaches; deleted ones only when asked for by `state`."""
    caller = await authenticate(request)
    async with database(request).connection() as uow:
        return await service.list_projects(uow, caller, wanted, limit, next_token)


@get("/v1/projects/{project:str}")
async def read_project(request: Request, project: FromPath[str]) -> Response[ProjectView]:
    """Return a project. For those on it, and for managers."""
    caller = await authenticate(request)
    async with database(request).connection() as uow:
        row = await service.read_project(uow, caller, parse_id("project", project), Role.ANNOTATOR)
    return Response(project_view(row), headers=etag(row["version"]))


@patch("/v1/projects/{project:str}")
async def change_project(
    request: Request, project: FromPath[str], data: JSONBody[ProjectChange]
) -> Response[ProjectView]:
    """Change a project. For its managers."""
    caller = await authenticate(request)
    project_id = parse_id("project", project)
    return await write(
        request,
        caller.member_id,
        lambda uow: service.change_project(uow, caller, project_id, data, if_match(request)),
        headers=lambda view: etag(view.version),
    )


@delete("/v1/projects/{project:str}", status_code=200)
async def delete_project(request: Request, project: FromPath[str]) -> Response[ProjectView]:
    """Delete a project: nothing new is given out; what was submitted stays. For managers of all."""
    caller = await authenticate(request)
    project_id = parse_id("project", project)
    return await write(
        request,
        caller.member_id,
        lambda uow: service.delete_project(uow, caller, project_id, if_match(request)),
    )


@get("/v1/projects/{project:str}/members")
async def list_project_members(
    request: Request,
    project: FromPath[str],
    limit: FromQuery[int | None] = None,
    next_token: FromQuery[str | None] = None,
) -> Page[ProjectMemberView]:
    """List who is on a project. For its reviewers and above."""
    caller = await authenticate(request)
    project_id = parse_id("project", project)
    async with database(request).connection() as uow:
        return await service_members.list_members(uow, caller, project_id, limit, next_token)


@get("/v1/projects/{project:str}/members/{member:str}")
async def read_project_member(
    request: Request, project: FromPath[str], member: FromPath[str]
) -> ProjectMemberView:
    """Return a member's role on a project: one's own, or anybody's for reviewers and above."""
    caller = await authenticate(request)
    project_id, member_id = parse_id("project", project), parse_id("member", member)
    async with database(request).connection() as uow:
        return await service_members.read_member(uow, caller, project_id, member_id)


@get("/v1/members/{member:str}/projects")
async def list_projects_of_member(
    request: Request,
    member: FromPath[str],
    limit: FromQuery[int | None] = None,
    next_token: FromQuery[str | None] = None,
) -> Page[ProjectMemberView]:
    """List the projects a member is on, with the role there: one's own, or anybody's for a manager."""
    caller = await authenticate(request)
    member_id = parse_id("member", member)
    async with database(request).connection() as uow:
        return await service_members.list_projects_of(uow, caller, member_id, limit, next_token)


@put("/v1/projects/{project:str}/members/{member:str}")
async def put_project_member(
    request: Request, project: FromPath[str], member: FromPath[str], data: JSONBody[ProjectMemberChange]
) -> Response[ProjectMemberView]:
    """Put a member on a project (201), or change the role there (200). For the project's managers."""
    caller = await authenticate(request)
    project_id, member_id = parse_id("project", project), parse_id("member", member)
    return await write_access(
        request,
        caller,
        lambda uow: service_members.put_member(uow, caller, project_id, member_id, data.role),
    )


@delete("/v1/projects/{project:str}/members/{member:str}", status_code=200)
async def remove_project_member(
    request: Request, project: FromPath[str], member: FromPath[str]
) -> Response[ProjectMemberView]:
    """Take a member off a project; what the member submitted stays. For the project's managers."""
    caller = await authenticate(request)
    project_id, member_id = parse_id("project", project), parse_id("member", member)
    return await write_access(
        request, caller, lambda uow: service_members.remove_member(uow, caller, project_id, member_id)
    )


@post("/v1/projects/{project:str}/instructions")
async def publish_instructions(
    request: Request, project: FromPath[str], data: JSONBody[NewInstructions]
) -> Response[InstructionsView]:
    """Publish a new version of the instructions. For the project's managers."""
    caller = await authenticate(request)
    project_id, body = parse_id("project", project), rules.check_instructions(data.body)

    async def publish(uow: UnitOfWork) -> InstructionsView:
        await service.hold_project(uow, caller, project_id)
        return await service_instructions.publish(uow, caller, project_id, body)

    return await write(request, caller.member_id, publish, status=201)


@get("/v1/projects/{project:str}/instructions")
async def list_instructions(
    request: Request,
    project: FromPath[str],
    limit: FromQuery[int | None] = None,
    next_token: FromQuery[str | None] = None,
) -> Page[InstructionsView]:
    """List the versions of a project's instructions, newest first. For those on it, and for managers."""
    caller = await authenticate(request)
    project_id = parse_id("project", project)
    async with database(request).connection() as uow:
        await service.read_project(uow, caller, project_id, Role.ANNOTATOR)
        return await service_instructions.list_instructions(uow, project_id, limit, next_token)


ROUTES = [
    create_project,
    list_projects,
    read_project,
    change_project,
    delete_project,
    list_project_members,
    read_project_member,
    list_projects_of_member,
    put_project_member,
    remove_project_member,
    publish_instructions,
    list_instructions,
]

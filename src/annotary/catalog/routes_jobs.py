"""HTTP of imports, exports and other jobs."""

from __future__ import annotations

from litestar import Response, delete, get, post
from litestar.params import FromPath, FromQuery, JSONBody
from litestar.response import Stream

from annotary.catalog import service_jobs
from annotary.catalog.routes_assets import objects
from annotary.catalog.values_jobs import JobView, NewExport, NewImport, RefusalView
from annotary.identity.service import authenticate
from annotary.infra.http import Page, Request, database, write
from annotary.kernel.ids import parse_id


@post("/v1/imports", status_code=202)
async def start_import(request: Request, data: JSONBody[NewImport]) -> Response[JobView]:
    """Import a file: items into a dataset, and with a project tasks as well. For managers."""
    caller = await authenticate(request)
    return await write(
        request, caller.member_id, lambda uow: service_jobs.start_import(uow, caller, data), status=202
    )


@post("/v1/exports", status_code=202)
async def start_export(request: Request, data: JSONBody[NewExport]) -> Response[JobView]:
    """Export a project's outcomes to a file. For the project's managers."""
    caller = await authenticate(request)
    return await write(
        request, caller.member_id, lambda uow: service_jobs.start_export(uow, caller, data), status=202
    )


@get("/v1/imports")
async def list_imports(
    request: Request,
    project: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
    next_token: FromQuery[str | None] = None,
) -> Page[JobView]:
    """List imports, oldest first; those of a project where one is named."""
    return await _list(request, "import", project, limit, next_token)


@get("/v1/exports")
async def list_exports(
    request: Request,
    project: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
    next_token: FromQuery[str | None] = None,
) -> Page[JobView]:
    """List exports, oldest first; those of a project where one is named."""
    return await _list(request, "export", project, limit, next_token)


@get("/v1/jobs")
async def list_jobs(
    request: Request,
    project: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
    next_token: FromQuery[str | None] = None,
) -> Page[JobView]:
    """List jobs of every kind, oldest first; those of a project where one is named."""
    return await _list(request, None, project, limit, next_token)


@get("/v1/imports/{job:str}")
async def read_import(request: Request, job: FromPath[str]) -> JobView:
    """Return an import and how far it is."""
    return await _read(request, job, "import")


@get("/v1/exports/{job:str}")
async def read_export(request: Request, job: FromPath[str]) -> JobView:
    """Return an export and how far it is."""
    return await _read(request, job, "export")


@get("/v1/jobs/{job:str}")
async def read_job(request: Request, job: FromPath[str]) -> JobView:
    """Return a job and how far it is."""
    return await _read(request, job, None)


@delete("/v1/jobs/{job:str}", status_code=200)
async def cancel_job(request: Request, job: FromPath[str]) -> Response[JobView]:
    """Cancel a job that has not ended; what it did until then stays."""
    caller = await authenticate(request)
    job_id = parse_id("job", job)
    return await write(request, caller.member_id, lambda uow: service_jobs.cancel_job(uow, caller, job_id))


@get("/v1/imports/{job:str}/refusals")
async def list_refusals(
    request: Request,
    job: FromPath[str],
    limit: FromQuery[int | None] = None,
    next_token: FromQuery[str | None] = None,
) -> Page[RefusalView]:
    """List the rows an import refused, by line, with the reasons."""
    caller = await authenticate(request)
    job_id = parse_id("job", job)
    async with database(request).connection() as uow:
        return await service_jobs.list_refusals(uow, caller, job_id, limit, next_token)


@get("/v1/exports/{job:str}/content")
async def read_export_content(request: Request, job: FromPath[str]) -> Stream:
    """Stream the file of an export that succeeded."""
    caller = await authenticate(request)
    async with database(request).connection() as uow:
        file = await service_jobs.find_export(uow, caller, parse_id("job", job))
    headers = {
        "Content-Length": str(file.size_bytes),
        "Content-Disposition": f'attachment; filename="{file.file_name}"',
        "X-Content-Type-Options": "nosniff",
    }
    pieces = objects(request).stream(file.object, 0, file.size_bytes)
    return Stream(pieces, media_type=file.media_type, headers=headers)


async def _list(
    request: Request, kind: str | None, project: str | None, limit: int | None, next_token: str | None
) -> Page[JobView]:
    caller = await authenticate(request)
    async with database(request).connection() as uow:
        return await service_jobs.list_jobs(uow, caller, kind, project, limit, next_token)


async def _read(request: Request, job: str, kind: str | None) -> JobView:
    caller = await authenticate(request)
    async with database(request).connection() as uow:
        return await service_jobs.read_job(uow, caller, parse_id("job", job), kind)


ROUTES = [
    start_import,
    start_export,
    list_imports,
    list_exports,
    list_jobs,
    read_import,
    read_export,
    read_job,
    cancel_job,
    list_refusals,
    read_export_content,
]

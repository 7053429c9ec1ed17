"""Imports and exports asked for over HTTP: checked at once, then left to the worker of their modality."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import msgspec
from msgspec import UNSET

from annotary.catalog import job_runs, rules, service
from annotary.catalog.errors import ExportNotReady, UnknownAsset, UnknownJob, UnknownUpload, UploadEnded
from annotary.catalog.job_runs import BatchTerms, ImportRequest
from annotary.catalog.store import QUERIES
from annotary.catalog.store_jobs import job_view, refusal_view
from annotary.catalog.values_jobs import JobView, NewBatch, NewExport, NewImport, RefusalView
from annotary.identity import rules as access
from annotary.identity.values import Caller, Role
from annotary.infra.http import Page, encode_token, page_limit
from annotary.infra.postgres import Row, UnitOfWork
from annotary.infra.rows import one, page_by_id, token_number
from annotary.kernel import limits
from annotary.kernel.errors import Invalid
from annotary.kernel.ids import parse_id
from annotary.kernel.names import body_id, check_name
from annotary.projects import rules as project_rules
from annotary.projects.errors import ProjectDeleted
from annotary.projects.overlap import check_target
from annotary.projects.service import read_project


class ExportFile(msgspec.Struct, frozen=True):
    """Where the file of an export lies (`object` is its key), and what it is: a part of the job's result."""

    object: str
    file_name: str
    media_type: str
    size_bytes: int


async def start_import(uow: UnitOfWork, caller: Caller, new: NewImport) -> JobView:
    """Leave an import to the worker. For managers of the organisation: items belong to it."""
    access.require_role(caller, Role.MANAGER)
    project = await _project(uow, caller, new.project)
    dataset = await _dataset(uow, caller, new, project)
    request = ImportRequest(
        format=new.format,
        source=await _source(uow, caller, new.upload),
        dataset_id=dataset["id"],
        files=_files(new.files),
        batch=_terms(new, project),
    )
    return await _enqueue(uow, caller, "import", dataset["modality"], request, project)


async def start_export(uow: UnitOfWork, caller: Caller, new: NewExport) -> JobView:
    """Leave an export to the worker. For the project's managers; a deleted project's record stays as well."""
    project = await read_project(uow, caller, body_id("project", new.project, "/project"), Role.MANAGER)
    if new.format == "coco" and project["modality"] != "image":
        raise Invalid(path="/format", found="coco", expected="jsonl: COCO is for images")
    request = {
        "format": new.format,
        "include_submissions": new.include_submissions,
        "gzip": new.gzip,
    }
    return await _enqueue(uow, caller, "export", project["modality"], request, project)


async def list_jobs(
    uow: UnitOfWork,
    caller: Caller,
    kind: str | None,
    project: str | None,
    limit: int | None,
    next_token: str | None,
) -> Page[JobView]:
    """Return jobs, oldest first: of one project for its managers; else all for the organisation's managers,
    and those of the projects one manages for others.
    """
    among = None
    if project is not None:
        row = await read_project(uow, caller, parse_id("project", project), Role.MANAGER)
        among = [row["id"]]
    elif caller.role < Role.MANAGER:
        among = [managed for managed, role in caller.projects.items() if role >= Role.MANAGER]
        if not among:
            access.require_role(caller, Role.MANAGER)
    return await page_by_id(
        uow, QUERIES.jobs_page, job_view, limit, next_token, caller.organisation_id, kind, among
    )


async def read_job(uow: UnitOfWork, caller: Caller, job_id: UUID, kind: str | None = None) -> JobView:
    """Return a job."""
    return job_view(await _find(uow, caller, job_id, kind))


async def cancel_job(uow: UnitOfWork, caller: Caller, job_id: UUID) -> JobView:
    """Cancel a job that has not ended; what it did until then stays."""
    row = await _find(uow, caller, job_id, None)
    await job_runs.cancel(uow, caller.organisation_id, row["id"], caller.member_id)
    return await read_job(uow, caller, job_id)


async def list_refusals(
    uow: UnitOfWork, caller: Caller, job_id: UUID, limit: int | None, next_token: str | None
) -> Page[RefusalView]:
    """Return the rows an import refused, by line."""
    await _find(uow, caller, job_id, "import")
    length = page_limit(limit)
    rows = await uow.fetch(QUERIES.refusals_page, token_number(next_token), length + 1, job_id)
    shown = rows[:length]
    following = encode_token(str(shown[-1]["line"])) if len(rows) > length else None
    return Page([refusal_view(row) for row in shown], following)


async def find_export(uow: UnitOfWork, caller: Caller, job_id: UUID) -> ExportFile:
    """Return the file of an export that succeeded."""
    row = await _find(uow, caller, job_id, "export")
    if row["state"] != "succeeded":
        raise ExportNotReady(f"This export is {row['state']}: it has no file.")
    return msgspec.json.decode(row["result"], type=ExportFile)


async def _find(uow: UnitOfWork, caller: Caller, job_id: UUID, kind: str | None) -> Row:
    row = await uow.fetchrow(QUERIES.job, caller.organisation_id, job_id)
    if row is None or (kind is not None and row["kind"] != kind):
        raise UnknownJob
    if row["project_id"] is None:
        access.require_role(caller, Role.MANAGER)
    else:
        access.access_project(caller, row["project_id"], row["organisation_id"], Role.MANAGER)
    return row


async def _enqueue(
    uow: UnitOfWork, caller: Caller, kind: str, modality: str, request: object, project: Row | None
) -> JobView:
    job_id = await job_runs.enqueue(
        uow,
        kind=kind,
        service=modality,
        request=request,
        organisation_id=caller.organisation_id,
        project_id=project["id"] if project else None,
        created_by=caller.member_id,
    )
    return job_view(await one(uow, QUERIES.job, caller.organisation_id, job_id))


async def _project(uow: UnitOfWork, caller: Caller, project: str | None) -> Row | None:
    if project is None:
        return None
    row = await read_project(uow, caller, body_id("project", project, "/project"), Role.MANAGER)
    if row["state"] == "deleted":
        raise ProjectDeleted
    return row


async def _dataset(uow: UnitOfWork, caller: Caller, new: NewImport, project: Row | None) -> Row:
    if new.dataset is not None:
        dataset = await service.hold_dataset(uow, caller, body_id("dataset", new.dataset, "/dataset"))
        if project is not None and dataset["modality"] != project["modality"]:
            expected = f"a dataset for {project['modality']}"
            raise Invalid(path="/dataset", found=f"a dataset for {dataset['modality']}", expected=expected)
        return dataset
    if project is None:
        raise Invalid(path="/dataset", found=None, expected="`project`, `dataset` or both")
    return await service.dataset_called(uow, caller, new.name or project["name"], project["modality"])


async def _source(uow: UnitOfWork, caller: Caller, upload: str) -> str:
    """Return the hash of the asset to import: the one named, or what an upload became."""
    if not upload.startswith("upl_"):
        digest = rules.read_hash(upload, "/upload")
        if await uow.fetchrow(QUERIES.asset, caller.organisation_id, digest) is None:
            raise UnknownAsset(path="/upload")
        return upload
    upload_id = body_id("upload", upload, "/upload")
    row = await uow.fetchrow(QUERIES.upload, caller.organisation_id, upload_id)
    if row is None:
        raise UnknownUpload(path="/upload")
    if row["state"] != "complete":
        raise UploadEnded(f"This upload is {row['state']}: complete it first.", path="/upload")
    source: str = row["asset_hash"].hex()
    return source


def _files(files: dict[str, str]) -> dict[str, str]:
    if len(files) > limits.IMPORT_FILES_MAX:
        raise Invalid(path="/files", found=len(files), expected=f"at most {limits.IMPORT_FILES_MAX} files")
    for name, hash in files.items():
        rules.read_hash(hash, f"/files/{name[:80]}")
    return files


def _terms(new: NewImport, project: Row | None) -> BatchTerms | None:
    """Return the batch that tasks are released in: by default there is one when there is a project."""
    if new.batch is None or (new.batch is UNSET and project is None):
        return None
    if project is None:
        raise Invalid(path="/batch", found="a batch", expected="a `project` beside it, or no batch")
    batch = NewBatch() if new.batch is UNSET else new.batch
    if batch.overlap is not None:
        project_rules.check_overlap(batch.overlap, "/batch/overlap")
    if batch.target is not None:
        check_target(batch.target, batch.overlap or project["overlap"], 0, "/batch/target")
    name = batch.name or new.name
    return BatchTerms(
        name=check_name(name, "/batch/name") if name else None,
        priority=batch.priority,
        deadline=_deadline(batch.deadline),
        overlap=batch.overlap,
        order=batch.order,
        target=batch.target,
    )


def _deadline(deadline: datetime | None) -> datetime | None:
    if deadline is None:
        return None
    try:
        if deadline.tzinfo is not None:
            return deadline.astimezone(UTC)
    except OverflowError:
        pass
    raise Invalid(path="/batch/deadline", found=deadline.isoformat(), expected="a time with its zone")

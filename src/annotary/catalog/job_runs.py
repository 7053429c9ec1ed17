"""Long work with progress: its rows, what a run of it is told, and how a run begins, advances and ends.

A job is a row here and an entry in the queue of the service that does it, written in one transaction. A run
may be killed at any point and begin again elsewhere: `checkpoint` says where, and `run` numbers the runs so
that an earlier one, should it still live, can write no more.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
import structlog

from annotary import eventlog
from annotary.eventlog import Event
from annotary.infra import queries
from annotary.infra.objects import Objects
from annotary.infra.postgres import Database, Row, UnitOfWork, meaning
from annotary.infra.settings import Settings
from annotary.kernel.errors import AnnotaryError, Conflict, NotFound, Unavailable
from annotary.kernel.ids import new_id
from annotary.projects.overlap import OverlapTarget

QUERIES = queries.load(__package__, "jobs.sql")
TASKS = {
    "import": "import_items",
    "release": "release_batch",
    "export": "export_outcomes",
    "consistency": "check_consistency",
    "consensus": "run_consensus",
    "change": "change_answers",
}
log = structlog.get_logger(__name__)
_encode = msgspec.json.Encoder().encode


class JobStopped(Conflict):
    """The job was cancelled, or another run of it has begun: this run ends and writes no more."""

    code = "job_stopped"


class BatchTerms(msgspec.Struct, frozen=True, kw_only=True):
    """The batch an import releases its tasks in. Without an overlap the project's counts."""

    name: str | None = None
    priority: str = "normal"
    deadline: datetime | None = None
    overlap: int | None = None
    order: str | None = None
    target: OverlapTarget | None = None


class ImportRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What an import is told. `source` is the asset that holds the file (64 hexadecimal digits of its hash).

    `files` gives the asset of each file name (COCO). Without a `batch` items are imported and no task is
    made.
    """

    format: str
    source: str
    dataset_id: UUID
    files: dict[str, str] = {}
    batch: BatchTerms | None = None


class ReleaseRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What a release is told: the batch, and its items: a whole dataset, or a list."""

    batch_id: UUID
    dataset_id: UUID | None = None
    item_ids: list[UUID] = []


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """A job in one run of it. `request` and `checkpoint` are JSON."""

    id: UUID
    organisation_id: UUID
    project_id: UUID | None
    kind: str
    service: str
    request: bytes
    progress: dict[str, Any]
    checkpoint: bytes | None
    run: int
    created_by: UUID | None
    created_at: datetime


class JobContext(msgspec.Struct, frozen=True, kw_only=True):
    """What background work may use. `database` is the service's own."""

    service: str
    settings: Settings
    platform: Database
    database: Database
    objects: Objects


class Refusal(msgspec.Struct, frozen=True):
    """A row that did not go in: its line (from 1), the JSON pointer of what was wrong, and the reason."""

    line: int
    path: str | None
    reason: str


Work = Callable[[JobContext, Job], Awaitable[dict[str, Any]]]


async def enqueue(
    uow: UnitOfWork,
    *,
    kind: str,
    service: str,
    request: Any,
    organisation_id: UUID,
    project_id: UUID | None,
    created_by: UUID | None,
) -> UUID:
    """Write a job and defer it to the worker of `service`; `uow` is on the platform's database. Returns the
    job's id.
    """
    job_id = new_id()
    await uow.execute(
        QUERIES.create_job,
        job_id,
        organisation_id,
        project_id,
        kind,
        service,
        _encode(request).decode(),
        _encode({"done": 0, "total": None, "unit": "rows"}).decode(),
        created_by,
        TASKS[kind],
    )
    await _tell(uow, organisation_id, job_id, "job.created", created_by, kind=kind, service=service)
    return job_id


async def begin(database: Database, job_id: UUID) -> Job | None:
    """Take the job for a new run, or return None when it has ended."""
    row = await database.fetchrow(QUERIES.begin_job, job_id)
    if row is None:
        return None
    fields = dict(row)
    fields["request"] = row["request"].encode()
    fields["progress"] = msgspec.json.decode(row["progress"])
    fields["checkpoint"] = row["checkpoint"].encode() if row["checkpoint"] else None
    return Job(**fields)


async def advance(uow: UnitOfWork, job: Job, progress: Any, checkpoint: Any) -> None:
    """Record how far this run has come, in the transaction of what it did; raises JobStopped."""
    moved = await uow.fetchval(
        QUERIES.advance_job, job.id, job.run, _encode(progress).decode(), _encode(checkpoint).decode()
    )
    if moved is None:
        raise JobStopped()


async def end(
    database: Database, job: Job, state: str, *, progress: Any = None, result: Any = None, error: Any = None
) -> None:
    """End the run as `succeeded` or `failed`; raises JobStopped when it is no longer this run's to end."""
    parts = [None if part is None else _encode(part).decode() for part in (progress, result, error)]
    async with database.transaction() as uow:
        if await uow.fetchval(QUERIES.end_job, job.id, job.run, state, *parts) is None:
            raise JobStopped()
        await _tell(uow, job.organisation_id, job.id, f"job.{state}", job.created_by, kind=job.kind)


async def cancel(uow: UnitOfWork, organisation_id: UUID, job_id: UUID, actor_id: UUID) -> bool:
    """Cancel a job that has not ended; returns whether there was anything to cancel."""
    if await uow.fetchval(QUERIES.cancel_job, job_id, organisation_id) is None:
        return False
    await _tell(uow, organisation_id, job_id, "job.cancelled", actor_id)
    return True


async def refuse(uow: UnitOfWork, job: Job, refusals: Sequence[Refusal]) -> None:
    """Keep the reasons for refused rows."""
    if refusals:
        lines, paths, reasons = (
            [getattr(one, name) for one in refusals] for name in ("line", "path", "reason")
        )
        # What was found may hold a NUL, which Postgres keeps in no text.
        clean = [reason.replace("\0", "\\u0000") for reason in reasons]
        await uow.execute(QUERIES.refuse_rows, job.id, lines, paths, clean)


async def project_of(context: JobContext, job: Job) -> Row:
    """Return the job's project with the ontology version it uses now; raises NotFound when it is deleted."""
    project = await context.platform.fetchrow(
        QUERIES.project_for_work, job.project_id, job.organisation_id, context.service
    )
    if project is None:
        raise NotFound(f"There is no such project of {context.service} any more.")
    return project


async def check_dataset(context: JobContext, job: Job, dataset_id: UUID) -> None:
    """Raise NotFound unless items may go into this dataset."""
    query = QUERIES.dataset_for_work
    if await context.platform.fetchrow(query, dataset_id, job.organisation_id, context.service) is None:
        raise NotFound(f"There is no such dataset of {context.service} any more.")


async def run(context: JobContext, job_id: str, work: Work) -> None:
    """Do one run of a job: `work` returns the result; its AnnotaryError fails the job; Unavailable is for the
    queue to repeat.
    """
    job = await begin(context.platform, UUID(hex=job_id))
    if job is None:
        return
    with structlog.contextvars.bound_contextvars(job=job_id, run=job.run):
        try:
            result = await work(context, job)
            await end(
                context.platform, job, "succeeded", progress=result.pop("progress", None), result=result
            )
        except JobStopped:
            log.info("job stopped", kind=job.kind)
        except Exception as error:
            await _fail(context, job, error)


async def _fail(context: JobContext, job: Job, error: Exception) -> None:
    """End a run that raised. What the queue may repeat is raised on; a fault of ours is logged and told as
    one.
    """
    known = error if isinstance(error, AnnotaryError) else meaning(error)
    if isinstance(error, asyncpg.TransactionRollbackError):  # a deadlock with another job on the same rows
        known = Unavailable("Another job holds the same rows.")
    if known is not None and known.retryable:
        log.warning("job begins again", kind=job.kind, reason=repr(error)[:300])
        raise known if isinstance(known, Unavailable) else Unavailable(known.detail) from error
    if known is None:
        log.exception("job failed", kind=job.kind)
        shown = {
            "code": "internal",
            "detail": "A fault in Annotary stopped the job; the worker's log has it.",
            "path": None,
        }
    else:
        shown = {"code": known.code, "detail": known.detail, "path": known.path}
    await end(context.platform, job, "failed", error=shown)


async def _tell(
    uow: UnitOfWork, organisation_id: UUID, job_id: UUID, type: str, actor_id: UUID | None, **data: Any
) -> None:
    await eventlog.record(
        uow,
        Event(organisation_id=organisation_id, type=type, subject_id=job_id, actor_id=actor_id, data=data),
    )

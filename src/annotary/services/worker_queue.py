"""The queue of long jobs: procrastinate on the platform's database, one queue a service."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator

import structlog
from procrastinate import App, BaseRetryStrategy, PsycopgConnector, RetryDecision
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import DeleteJobCondition, Job

from annotary.catalog import job_runs
from annotary.catalog.job_runs import JobContext, Work
from annotary.dispatch.jobs import release_batch
from annotary.formats.imports import import_items
from annotary.formats.jobs import export_outcomes
from annotary.kernel.errors import Unavailable
from annotary.kernel.limits import (
    JOB_HEARTBEAT_SECONDS,
    JOB_POLL_SECONDS,
    JOB_REPEAT_SECONDS_MAX,
    JOB_STALLED_SECONDS,
    JOBS_AT_ONCE_MAX,
    QUEUE_CONNECTIONS_MAX,
)
from annotary.migration.jobs import change_answers
from annotary.quality.consistency.jobs import check_consistency
from annotary.quality.runs.jobs import consensus_run

WORK: dict[str, Work] = {
    "import": import_items,
    "release": release_batch,
    "export": export_outcomes,
    "consistency": check_consistency,
    "consensus": consensus_run,
    "change": change_answers,
}
ABORT_SECONDS = 0.5
log = structlog.get_logger(__name__)


class Repeat(BaseRetryStrategy):
    """Does a job again when it was stopped by what passes: a worker that ends, a database that does not
    answer.
    """

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Return when to begin again, or None to give up."""
        if isinstance(exception, asyncio.CancelledError):
            return RetryDecision(retry_in={"seconds": 0})
        if isinstance(exception, Unavailable):
            return RetryDecision(retry_in={"seconds": min(2**job.attempts, JOB_REPEAT_SECONDS_MAX)})
        return None


class Counted:
    """How many jobs of this process are under way, and how many have ended."""

    def __init__(self) -> None:
        self.running = 0
        self.ended = 0

    @contextlib.contextmanager
    def one(self) -> Iterator[None]:
        """Count one job."""
        self.running += 1
        try:
            yield
        finally:
            self.running -= 1
            self.ended += 1


def queue_app(url: str, context: JobContext, counted: Counted) -> App:
    """Return the queue with the tasks that this service's child does."""
    connector = PsycopgConnector(
        conninfo=url,
        kwargs={"options": "-c search_path=jobs", "application_name": f"annotary-jobs-{context.service}"},
        min_size=1,
        max_size=QUEUE_CONNECTIONS_MAX,
    )
    app = App(connector=connector)
    for kind, work in WORK.items():
        app.task(name=job_runs.TASKS[kind], retry=Repeat())(_task(context, work, counted))
    return app


def _task(context: JobContext, work: Work, counted: Counted) -> Callable[..., object]:
    async def run(job_id: str) -> None:
        with counted.one():
            await job_runs.run(context, job_id, work)

    return run


async def run_queue(url: str, context: JobContext, counted: Counted, stop: asyncio.Event) -> None:
    """Do the service's jobs until `stop`; what is under way then is put back, to be taken up at its
    checkpoint.
    """
    while not stop.is_set():
        try:
            async with queue_app(url, context, counted).open_async() as app:
                sweeping = asyncio.create_task(_take_back_stalled(app, context.service))
                try:
                    await _work(app, context.service, stop)
                finally:
                    sweeping.cancel()
        except Exception as error:
            log.warning("the queue begins again", reason=repr(error)[:300])
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), JOB_POLL_SECONDS)


async def _work(app: App, service: str, stop: asyncio.Event) -> None:
    """Run until `stop`, or until procrastinate gives up because its database is gone."""
    working = asyncio.create_task(
        app.run_worker_async(
            queues=[service],
            name=service,
            concurrency=JOBS_AT_ONCE_MAX,
            fetch_job_polling_interval=JOB_POLL_SECONDS,
            update_heartbeat_interval=JOB_HEARTBEAT_SECONDS,
            stalled_worker_timeout=JOB_STALLED_SECONDS,
            shutdown_graceful_timeout=ABORT_SECONDS,
            install_signal_handlers=False,
            # The job's own row is its record.
            delete_jobs=DeleteJobCondition.ALWAYS,
        )
    )
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if stop.is_set():
        working.cancel()
        await asyncio.wait({working})
    else:
        working.result()


async def _take_back_stalled(app: App, service: str) -> None:
    """Put jobs back whose worker was killed: it is known by its heartbeat, which has stopped."""
    while True:
        await asyncio.sleep(JOB_HEARTBEAT_SECONDS)
        try:
            stalled = await app.job_manager.get_stalled_jobs(
                queue=service, seconds_since_heartbeat=JOB_STALLED_SECONDS
            )
            for job in stalled:
                log.info("job taken back from a worker that is gone", job=job.task_kwargs.get("job_id"))
                await app.job_manager.retry_job(job)
        except ConnectorException as error:
            # Another worker was faster, or the database is away: the next round sees.
            log.info("stalled jobs could not be taken back", reason=repr(error)[:300])

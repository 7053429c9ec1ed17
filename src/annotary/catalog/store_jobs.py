"""Rows of jobs as the API shows them."""

from __future__ import annotations

import msgspec

from annotary.catalog.values_jobs import JobError, JobView, RefusalView
from annotary.infra.postgres import Row
from annotary.kernel.ids import format_id


def job_view(row: Row) -> JobView:
    """Return a job's row as the API shows it."""
    return JobView(
        id=format_id("job", row["id"]),
        kind=row["kind"],
        state=row["state"],
        project=format_id("project", row["project_id"]) if row["project_id"] else None,
        progress=msgspec.json.decode(row["progress"]),
        result=msgspec.json.decode(row["result"]) if row["result"] else None,
        error=msgspec.json.decode(row["error"], type=JobError) if row["error"] else None,
        created_at=row["created_at"],
        started_at=row["started_at"],
        ended_at=row["ended_at"],
    )


def refusal_view(row: Row) -> RefusalView:
    """Return the row of a refused row as the API shows it."""
    return RefusalView(row["line"], row["path"], row["reason"])

"""Where the time of labels went: one label by its stamps, a project by its histograms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from annotary.identity.rules import access_project
from annotary.identity.values import Caller, Role
from annotary.infra.postgres import Database, Row
from annotary.kernel.clock import system_clock
from annotary.kernel.errors import Invalid
from annotary.kernel.ids import format_id, outside_id
from annotary.kernel.limits import (
    HOP_EXEMPLARS_MAX,
    HOP_MOMENTS_MAX,
    HOPS_KEPT_DAYS,
    HOPS_SINCE_HOURS_DEFAULT,
)
from annotary.operations.hops import rules, store
from annotary.operations.hops.values import (
    BESIDE,
    NAMES,
    PATH,
    AbsentHop,
    HopMoment,
    HopName,
    HopSummary,
    HopsView,
    SlowLabel,
    Stamp,
    SubmissionHops,
)
from annotary.projects.service import read_project
from annotary.submissions.errors import UnknownSubmission

MINUTE = timedelta(minutes=1)
HOUR_MINUTES = 60
NOT_YET = {
    "done": "The task wants more answers, or this one no longer counts.",
    "consumed": "Consensus has not taken it up yet.",
    "consensus": "There is no outcome that rests on this answer yet.",
    "accepted": "No outcome that rests on this answer has been accepted.",
    "snapshotted": "There are no snapshots yet, and no complete export began since it was accepted.",
    "appended": "The chain over the log has not reached it yet.",
    "eligible": "It has no wait for a claim: a revision, or gold.",
    "first_input": "The client did not say when the first input was made.",
}


async def submission_hops(database: Database, caller: Caller, submission: UUID) -> SubmissionHops:
    """Return one label's hops. For managers of its project."""
    row = await store.whole_way(database, submission)
    if row is None or row["organisation_id"] != caller.organisation_id:
        raise UnknownSubmission()
    access_project(caller, row["project_id"], row["organisation_id"], Role.MANAGER)
    stamps = _stamps(row)
    hops, beside = rules.hops(stamps, row["why"]), rules.hops_beside(stamps)
    slowest = max(hops, key=lambda hop: hop.microseconds, default=None)
    return SubmissionHops(
        submission=format_id("submission", row["id"]),
        task=format_id("task", row["task_id"]),
        project=format_id("project", row["project_id"]),
        outcome=outside_id("outcome", row["outcome_id"]),
        supersedes=outside_id("submission", row["supersedes"]),
        trace=row["trace_id"],
        began_at=rules.moment(next(stamps[name] for name in PATH if name in stamps)),
        total_microseconds=sum(hop.microseconds for hop in hops),
        slowest=slowest.name if slowest else None,
        hops=hops,
        beside=beside,
        absent=[AbsentHop(name, _why_absent(name, row)) for name in (*PATH, *BESIDE) if name not in stamps],
    )


def _stamps(row: Row) -> dict[Stamp, int]:
    moments: dict[Stamp, datetime] = {name: row[name] for name in (*PATH, *BESIDE) if row[name] is not None}
    return {name: (at - rules.EPOCH) // timedelta(microseconds=1) for name, at in moments.items()}


def _why_absent(name: Stamp, row: Row) -> str:
    if name == "relayed":
        return "The relay has not come so far." if row["has_relay"] else "Nothing is relayed to Kafka."
    if name in ("created", "eligible", "claimed", "group_opened", "flushed"):
        if row["supersedes"]:
            return "A revision has no lease and is committed alone."
        return "Gold is given out again and again." if row["task_state"] == "gold" else "It was not stamped."
    if name == "consumed" and row["outcome_id"]:
        return "The outcome was made by a run or a reviewer."
    if name == "first_input" and row["supersedes"]:
        return "A revision has no lease and is committed alone."
    return NOT_YET[name]


async def project_hops(
    database: Database,
    caller: Caller,
    project: UUID,
    since: datetime | None,
    until: datetime | None,
    step_minutes: int,
) -> HopsView:
    """Return how long each hop took between two times, and its slowest labels. For managers of the project.

    With `step_minutes` there are also moments so far apart; by whole hours, the first hour counts whole.
    """
    async with database.connection() as uow:
        await read_project(uow, caller, project, Role.MANAGER)
    start, end = _between(since, until, step_minutes)
    if step_minutes and step_minutes % HOUR_MINUTES == 0:
        start = start.replace(minute=0)
        rows = await store.hours(database, project, start, end)
    else:
        rows = await store.minutes(database, project, start, end)
    by_hop: dict[HopName, list[Row]] = defaultdict(list)
    for row in rows:
        by_hop[row["hop"]].append(row)
    on_path = sum(row["sum_microseconds"] for row in rows if row["hop"] in PATH) or 1
    return HopsView(
        project=format_id("project", project),
        since=start,
        until=end,
        hops=[_summary(name, by_hop[name], on_path) for name in NAMES if name in by_hop],
        moments=_moments(by_hop, start, step_minutes) if step_minutes else [],
    )


def _between(since: datetime | None, until: datetime | None, step_minutes: int) -> tuple[datetime, datetime]:
    now = system_clock()
    for name, at in (("since", since), ("until", until)):
        if at is not None and at.tzinfo is None:
            raise Invalid(path=name, found=at.isoformat(), expected="a time with its time zone")
    # The minute that has begun is asked for with the whole one.
    end = (until or now + MINUTE).replace(second=0, microsecond=0)
    start = (since or end - timedelta(hours=HOPS_SINCE_HOURS_DEFAULT)).replace(second=0, microsecond=0)
    if not start < end:
        raise Invalid(path="since", found=start.isoformat(), expected=f"a time before {end.isoformat()}")
    if end - start > timedelta(days=HOPS_KEPT_DAYS + 1):
        raise Invalid(path="since", found=start.isoformat(), expected=f"at most {HOPS_KEPT_DAYS} days")
    if step_minutes < 0 or (
        step_minutes and (end - start) / MINUTE / step_minutes * len(NAMES) > HOP_MOMENTS_MAX
    ):
        expected = f"a step that gives at most {HOP_MOMENTS_MAX // len(NAMES)} moments, or 0 for none"
        raise Invalid(path="step_minutes", found=step_minutes, expected=expected)
    return start, end


def _summary(name: HopName, rows: Sequence[Row], on_path_microseconds: int) -> HopSummary:
    labels = _by_bucket(rows)
    count, took = sum(labels.values()), sum(row["sum_microseconds"] for row in rows)
    whys: dict[str, int] = defaultdict(int)
    for row in rows:
        if row["why"]:
            whys[row["why"]] += row["labels"]
    slowest = sorted(rows, key=lambda row: row["slowest_microseconds"], reverse=True)
    return HopSummary(
        name=name,
        count=count,
        p50_seconds=rules.quantile(labels, 0.5),
        p90_seconds=rules.quantile(labels, 0.9),
        p99_seconds=rules.quantile(labels, 0.99),
        mean_seconds=took / count / 1e6,
        share=took / on_path_microseconds if name in PATH else 0.0,
        whys=dict(whys),
        slowest=[_exemplar(row) for row in slowest[:HOP_EXEMPLARS_MAX]],
    )


def _exemplar(row: Row) -> SlowLabel:
    seconds = row["slowest_microseconds"] / 1e6
    return SlowLabel(format_id("submission", row["submission_id"]), seconds, row["minute"], row["trace_id"])


def _by_bucket(rows: Sequence[Row]) -> Mapping[int, int]:
    labels: dict[int, int] = defaultdict(int)
    for row in rows:
        labels[row["bucket"]] += row["labels"]
    return labels


def _moments(by_hop: Mapping[HopName, list[Row]], start: datetime, step_minutes: int) -> list[HopMoment]:
    step = MINUTE * step_minutes
    steps: dict[tuple[datetime, int], list[Row]] = defaultdict(list)
    for name, rows in by_hop.items():
        for row in rows:
            steps[start + (row["minute"] - start) // step * step, NAMES.index(name)].append(row)
    moments = []
    for (at, place), rows in sorted(steps.items(), key=lambda item: item[0]):
        labels = _by_bucket(rows)
        median, tail = rules.quantile(labels, 0.5), rules.quantile(labels, 0.99)
        moments.append(HopMoment(at, NAMES[place], sum(labels.values()), median, tail))
    return moments

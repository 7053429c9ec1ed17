"""Labels on their way through a project, with the consumers that follow the log run when told."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from annotary.dispatch.values import Lease
from annotary.eventlog.consumer import consume_once
from annotary.identity.values import Caller
from annotary.infra.postgres import Database
from annotary.kernel.ids import format_id
from annotary.operations.hops.jobs import hops_consumer
from annotary.operations.hops.values import PATH, HopsView, SubmissionHops
from annotary.submissions.values import SubmissionRequest
from integration.conftest import Seed
from integration.dispatch.work import ORGANISATION, YES, Work, content_hash_of, member
from integration.quality.test_consensus import catch_up

ON_PATH = PATH[1:-1]


async def submit(
    work: Work,
    caller: Caller,
    lease: Lease,
    answer: bytes = YES,
    first_input_ago_seconds: float | None = None,
) -> uuid.UUID:
    """Submit as the HTTP edge does, saying when the first input was made; returns the submission."""
    asked = SubmissionRequest(lease.fence, msgspec.Raw(answer), 1.0, 0, first_input_ago_seconds)
    digest = content_hash_of(lease.assignment_id.bytes + answer)
    taken = await work.intake.submit(caller, lease.assignment_id, asked, str(uuid.uuid4()), digest)
    return taken.submission_id


async def label(work: Work, count: int, **options: Any) -> list[uuid.UUID]:
    """Have somebody new answer so many tasks."""
    caller = member()
    return [await submit(work, caller, lease, **options) for lease in await work.claim(caller, count)]


async def settle(database: Database) -> None:
    """Let consensus and the counting of hops do all there is to do."""
    await catch_up(database)
    while await consume_once(hops_consumer(database)):
        pass


async def manager(database: Database, role: str = "manager") -> dict[str, str]:
    """Return request headers of somebody of the organisation."""
    seed = Seed(database)
    seed.organisation = ORGANISATION
    return await seed.hire(role)


async def way(client: Any, headers: Mapping[str, str], submission: uuid.UUID) -> SubmissionHops:
    """Return one label's hops, having checked that they add up."""
    reply = await client.get(
        f"/v1/text/submissions/{format_id('submission', submission)}/hops", headers=headers
    )
    assert reply.status_code == 200, reply.text
    found = msgspec.json.decode(reply.content, type=SubmissionHops)
    assert sum(hop.microseconds for hop in found.hops) == found.total_microseconds
    assert all(hop.microseconds >= 0 for hop in (*found.hops, *found.beside))
    told = [hop.name for hop in found.hops]
    absent = {one.name for one in found.absent}
    assert not absent & {*told, *(hop.name for hop in found.beside)} and all(a.reason for a in found.absent)
    return found


async def summary(client: Any, headers: Mapping[str, str], project: uuid.UUID, **asked: Any) -> HopsView:
    """Return a project's hops."""
    params = {"project": format_id("project", project), **asked}
    reply = await client.get("/v1/text/hops", params=params, headers=headers)
    assert reply.status_code == 200, reply.text
    return msgspec.json.decode(reply.content, type=HopsView)


async def counts(database: Database) -> dict[str, tuple[int, int]]:
    """Return how often each hop was counted, and how long they took together, by minutes and since ever."""
    # One statement sees one moment, also while the worker counts on.
    rows = await database.fetch(
        "SELECT of, hop, sum(labels)::bigint AS labels, sum(sum_microseconds)::bigint AS took FROM"
        " (SELECT 'minutes' AS of, hop, labels, sum_microseconds FROM hop_minutes"
        " UNION ALL SELECT 'hours', hop, labels, sum_microseconds FROM hop_hours"
        " UNION ALL SELECT 'totals', hop, labels, sum_microseconds FROM hop_totals) AS hops GROUP BY of, hop"
    )
    found, hours, since_ever = (
        {row["hop"]: (row["labels"], row["took"]) for row in rows if row["of"] == of}
        for of in ("minutes", "hours", "totals")
    )
    assert found == hours == since_ever
    return found


def added(ways: Sequence[SubmissionHops]) -> dict[str, tuple[int, int]]:
    """Return the same from labels one by one."""
    found: dict[str, tuple[int, int]] = {}
    for one in ways:
        took = {hop.name: hop.microseconds for hop in one.hops if hop.name in ON_PATH}
        if "accepted" in took:
            took["total"] = sum(took.values())  # type: ignore[index]
        for name, microseconds in took.items():
            labels, total = found.get(name, (0, 0))
            found[name] = (labels + 1, total + microseconds)
    return found

"""Pauses: an annotator gets nothing more, and their recent work is asked for again, each answer once."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from annotary.eventlog import Event, record
from annotary.identity.values import Caller
from annotary.infra.postgres import Database, Row, UnitOfWork
from annotary.kernel.clock import system_clock
from annotary.kernel.ids import format_id, new_id
from annotary.kernel.limits import REASON_CHARACTERS_MAX, REQUEUE_LOOKED_AT_MAX, REQUEUES_AT_ONCE_MAX
from annotary.kernel.names import check_text
from annotary.projects.quality import read_quality
from annotary.quality.skill import rules, store
from annotary.quality.skill.errors import AlreadyPaused, NotPaused, UnknownAnnotator
from annotary.quality.skill.store import PAUSES

# An id is made a little before its answer is stored, by another clock.
ID_MARGIN = timedelta(hours=1)


async def pause_now(
    uow: UnitOfWork,
    project_id: UUID,
    member_id: UUID,
    organisation_id: UUID,
    reason: str,
    by: UUID | None,
    requeue_days: float,
    skill: float | None,
) -> None:
    """Note a pause of a held annotator, with its event. Leases and answers follow in steps of their own."""
    pause_id = new_id()
    since = system_clock() - timedelta(days=requeue_days) - ID_MARGIN
    looked_to = UUID(int=int(since.timestamp() * 1000) << 80)
    values = (pause_id, project_id, organisation_id, member_id, reason, by, requeue_days, looked_to)
    await uow.execute(PAUSES.add_pause, *values)
    await record(
        uow,
        Event(
            organisation_id=organisation_id,
            type="annotator.paused",
            subject_id=member_id,
            actor_id=by,
            data={
                "project": format_id("project", project_id),
                "pause": pause_id,
                "reason": reason,
                "skill": skill,
                "requeue_days": requeue_days,
            },
        ),
    )


async def pause(
    uow: UnitOfWork, caller: Caller, project_id: UUID, member_id: UUID, reason: str, days: float | None
) -> None:
    """Pause an annotator by hand. The caller's role was checked."""
    why = check_text(reason, "/reason", REASON_CHARACTERS_MAX, may_be_empty=True) or "paused by a manager"
    held, row = await _held(uow, project_id, member_id)
    if not row["is_member"]:
        raise UnknownAnnotator
    if row["state"] == "paused":
        raise AlreadyPaused
    wanted = read_quality(row["quality"]).skill.requeue_days if days is None else days
    rules.check_requeue_days(wanted)
    found = rules.estimate(await store.evidence(uow, project_id, member_id, row["since"]))
    skill = found.skill if found else None
    await pause_now(uow, project_id, member_id, held.organisation_id, why, caller.member_id, wanted, skill)
    await store.put_annotator(uow, project_id, member_id, held, "paused", why, skill)


async def resume(uow: UnitOfWork, caller: Caller, project_id: UUID, member_id: UUID) -> None:
    """Let an annotator work again. What was known of them is past: skill is learned anew from here on."""
    held, row = await _held(uow, project_id, member_id)
    if row["state"] != "paused":
        raise NotPaused
    await uow.fetch(PAUSES.end_pause, project_id, member_id)
    await record(
        uow,
        Event(
            organisation_id=held.organisation_id,
            type="annotator.resumed",
            subject_id=member_id,
            actor_id=caller.member_id,
            data={"project": format_id("project", project_id), "reason": row["reason"]},
        ),
    )
    await store.put_annotator(uow, project_id, member_id, held, "active", None, None)


async def _held(uow: UnitOfWork, project_id: UUID, member_id: UUID) -> tuple[store.Held, Row]:
    held = await store.hold_annotator(uow, project_id, member_id)
    row = await uow.fetchrow(store.QUERIES.standing, project_id, member_id) if held else None
    if held is None or row is None:
        raise UnknownAnnotator
    return held, row


async def requeue_once(database: Database) -> int:
    """Do one step of each pause that is under way; returns how many steps were done."""
    rows = await database.fetch(PAUSES.pauses_under_way, REQUEUES_AT_ONCE_MAX)
    return sum([await _step(database, row["id"]) for row in rows])


async def _step(database: Database, pause_id: UUID) -> bool:
    """Do one step of a pause in one transaction: take leases back and free what is kept for the annotator,
    then set answers aside by the chunk.

    The first step waits until no transaction is left that does not know of the pause: then nobody gives the
    annotator anything more, and once the leases are taken back no answer of theirs can come any more.
    """
    async with database.transaction() as uow:
        pause = await uow.fetchrow(PAUSES.hold_pause, pause_id)
        if pause is None or not pause["is_seen"]:
            return False
        if pause["state"] == "waiting":
            reason = f"The annotator is paused: {pause['reason']}"
            whose = (pause["project_id"], pause["member_id"], reason)
            await uow.fetch(PAUSES.revoke_leases, *whose)
            await uow.fetch(PAUSES.free_reserved, *whose)
            state = "requeuing" if pause["requeue_from"] else "done"
            await uow.execute(PAUSES.move_pause, pause_id, state, pause["looked_to"])
            return True
        looked = await uow.fetchrow(
            PAUSES.recent_answers,
            *(pause["looked_to"], pause["project_id"], pause["member_id"], REQUEUE_LOOKED_AT_MAX),
        )
        assert looked is not None
        await _set_aside(uow, pause, looked["assignments"])
        state = "requeuing" if looked["answers"] == REQUEUE_LOOKED_AT_MAX else "done"
        await uow.execute(PAUSES.move_pause, pause_id, state, looked["looked_to"] or pause["looked_to"])
        return True


async def _set_aside(uow: UnitOfWork, pause: Row, assignments: list[UUID]) -> None:
    await uow.fetch(PAUSES.hold_outcomes, assignments)
    tasks = [row["id"] for row in await uow.fetch(PAUSES.hold_tasks, assignments)]
    reason = f"The annotator was paused: {pause['reason']}"
    await uow.fetch(PAUSES.set_aside, pause["id"], assignments, tasks, reason, pause["requeue_from"])

"""Skill: answers are judged, annotators looked at, and what follows from it written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from annotary.eventlog import Event, record
from annotary.infra.postgres import Database, Row, UnitOfWork
from annotary.kernel.ids import format_id
from annotary.kernel.limits import AGREEMENT_NOTED_SECONDS_MAX
from annotary.projects.quality import read_quality
from annotary.quality import rules as consensus
from annotary.quality import store as consensus_store
from annotary.quality.errors import MergeStopped
from annotary.quality.merge_process import MergeProcess
from annotary.quality.skill import rules, store
from annotary.quality.skill.judging import labels_of
from annotary.quality.skill.service_pauses import pause_now
from annotary.quality.skill.store import Finished
from annotary.quality.skill.values import DueAnnotator, Pair, PairScore, Standing
from annotary.quality.values import OntologyVersion

ANSWERS_THAT_JUDGE = 3
_encode = msgspec.json.Encoder().encode


async def note_outcomes(uow: UnitOfWork, tasks: Sequence[UUID]) -> None:
    """Ask how far the answers to tasks agree with the tasks' outcomes as they are now.

    An outcome of one or two answers says nothing about them unless somebody reviewed it.
    """
    asked: list[tuple[UUID, UUID, str]] = []
    for row in await uow.fetch(store.JUDGING.current_outcomes, list(tasks)):
        if row["is_reviewed"] or len(row["submission_ids"]) >= ANSWERS_THAT_JUDGE:
            source = "review" if row["is_reviewed"] else "consensus"
            asked += [(submission, row["id"], source) for submission in row["submission_ids"]]
    current = sorted({outcome for _, outcome, _ in asked})
    voided = await uow.fetch(store.JUDGING.void_agreements, list(tasks), current)
    await store.mark_due(uow, voided, AGREEMENT_NOTED_SECONDS_MAX)
    if asked:
        await uow.execute(store.JUDGING.ask_agreements, *map(list, zip(*asked, strict=True)))


async def judge_once(database: Database, modality: str, process: MergeProcess) -> tuple[int, list[UUID]]:
    """Judge what waits, one round; returns how many were due, and the gold tasks they were for."""
    due = await store.waiting_judgements(database)
    if not due:
        return 0, []
    versions = {row[name] for row in due for name in ("given_version", "known_version") if row[name]}
    known = await consensus_store.ontology_versions(database, sorted(versions))
    finished: list[Finished] = []
    for row in due:
        finished.append(await _judge(row, known, modality, process))
        if finished[-1].state == "waiting":
            # It took too long: the others do not wait for it, nor for the next of its kind.
            break
    async with database.transaction() as uow:
        standing = await store.finish_judgements(uow, finished)
        judged = [row for row in standing if row["state"] == "judged"]
        agreed = [row for row in judged if row["source"] == "consensus"]
        await store.mark_due(uow, agreed, AGREEMENT_NOTED_SECONDS_MAX)
        await store.mark_due(uow, [row for row in judged if row["source"] != "consensus"])
    gold = {row["task_id"] for row in judged if row["source"] in ("gold", "qualification")}
    return len(due), sorted(gold)


async def _judge(
    row: Row, versions: Mapping[UUID, OntologyVersion], modality: str, process: MergeProcess
) -> Finished:
    asked = (row["submission_id"], row["asked_in"])
    if row["known"] is None:
        return Finished(*asked, "failed", reason="What the answer was to be held against is gone.")
    if row["given_hash"] == row["known_hash"]:
        labels = dict.fromkeys(labels_of(msgspec.json.decode(row["given"])), 1.0)
        return Finished(*asked, "judged", 1.0, _encode(labels).decode())
    ids = (row["given_version"], row["known_version"])
    newest = consensus.newest([versions[id] for id in ids if id in versions])
    if newest is None:
        return Finished(*asked, "failed", reason="The ontology versions of the answers are not known here.")
    pair = Pair(
        modality=modality,
        definition=newest.definition.encode(),
        definition_hash=newest.content_hash,
        item=row["payload"].encode(),
        known=row["known"].encode(),
        given=row["given"].encode(),
        seconds_max=consensus.seconds_for(row["attempts"]),
    )
    try:
        found = await process.judge(pair)
    except MergeStopped as error:
        if not consensus.is_last(row["attempts"]):
            return Finished(*asked, "waiting")
        found = PairScore(blocked=error.detail)
    if found.blocked:
        return Finished(*asked, "failed", reason=found.blocked)
    return Finished(*asked, "judged", found.score, _encode(found.labels).decode())


async def look_at(database: Database, due: DueAnnotator) -> None:
    """Look at an annotator: the skill as it is known now, and what becomes of them. One transaction each."""
    async with database.transaction() as uow:
        held = await store.hold_annotator(uow, *due)
        row = await uow.fetchrow(store.QUERIES.standing, *due) if held else None
        if held is None or row is None:
            return
        settings = read_quality(row["quality"])
        judged = await store.evidence(uow, *due, row["since"])
        found = rules.estimate(judged)
        if found is not None:
            await store.put_skill_day(uow, *due, found, rules.label_skills(judged))
        scores: tuple[float, ...] = ()
        if row["state"] == "qualifying" and settings.qualification is not None:
            scores = await store.qualification_scores(uow, *due, row["since"], settings.qualification.tasks)
        standing = Standing(state=row["state"], skill=found, qualification=scores)
        move = rules.next_move(standing, settings)
        state, reason = move or (row["state"], row["reason"])
        skill = found.skill if found else None
        if move and state == "paused":
            days = settings.skill.requeue_days if row["state"] == "active" else 0.0
            await pause_now(uow, *due, held.organisation_id, move.reason or "", None, days, skill)
        elif move:
            await record(
                uow,
                Event(
                    organisation_id=held.organisation_id,
                    type="annotator.qualified",
                    subject_id=due.member_id,
                    data={"project": format_id("project", due.project_id), "scores": scores},
                ),
            )
        await store.put_annotator(uow, *due, held, state, reason, skill)

"""Making gold: known answers are checked like any other, and their tasks put aside for it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from uuid import UUID

import msgspec

from annotary.dispatch.errors import UnknownTask
from annotary.eventlog import Event, record
from annotary.identity.values import Caller, Role
from annotary.infra.postgres import UnitOfWork
from annotary.kernel.errors import Invalid, Unavailable
from annotary.kernel.limits import GOLD_BUSY_SECONDS_MAX, GOLD_TASK_ANSWERS_MAX, UNIQUE_ID_CHARACTERS_MAX
from annotary.kernel.names import body_id, check_name
from annotary.modalities.answers import AnswerValidator
from annotary.modalities.errors import InvalidAnswer
from annotary.projects.service import read_project
from annotary.quality.gold import rules, store
from annotary.quality.gold.errors import CannotBeGold
from annotary.quality.gold.values import (
    GoldMade,
    GoldSource,
    Known,
    NewGold,
    NewGoldSet,
    Terms,
    Wanted,
    outside,
)


async def add_gold(uow: UnitOfWork, caller: Caller, asked: NewGoldSet) -> GoldMade:
    """Make gold of a project's tasks, or correct it, all or none. For the project's managers.

    Raises what is wrong with the first answer or task that cannot be, with its path.
    """
    rules.check_asked(asked)
    project_id = body_id("project", asked.project, "/project")
    project = await read_project(uow, caller, project_id, Role.MANAGER)
    version = project["ontology_version_id"]
    validator = await store.validator(uow, version)
    if asked.from_outcomes:
        wanted = await _of_outcomes(uow, project_id, asked)
    else:
        wanted = await _given(uow, project_id, asked.gold)
    known = await _checked(wanted, validator)
    source: GoldSource = "outcome" if asked.from_outcomes else "manager"
    terms = Terms(project_id, project["organisation_id"], version, source, caller.member_id)
    return await _put(uow, terms, known, [one.path for one in wanted])


async def take_imported(
    uow: UnitOfWork, project_id: UUID, by: UUID | None, known: Sequence[Known]
) -> list[UUID]:
    """Make gold of tasks that an import has just made; returns those that it has not made.

    Doing it again changes nothing: a task that was made gold, and perhaps turned back since, stays as it is.
    """
    project = await uow.fetchrow(store.QUERIES.project, project_id)
    if project is None:
        raise Unavailable("The project has not arrived here yet: this chunk is tried again.")
    terms = Terms(project_id, project["organisation_id"], project["ontology_version_id"], "import", by)
    carriers = await store.carriers(uow, project_id, [one.task_id for one in known])
    fresh = [one for one in known if one.task_id in carriers and carriers[one.task_id].gold_state is None]
    await store.make(uow, terms, fresh)
    await _tell(uow, "gold.made", terms, fresh, overlap=GOLD_TASK_ANSWERS_MAX)
    return [one.task_id for one in known if one.task_id not in carriers]


async def _given(uow: UnitOfWork, project_id: UUID, gold: Sequence[NewGold]) -> list[Wanted]:
    by_id: dict[int, UUID] = {}
    by_key: dict[int, str] = {}
    for number, one in enumerate(gold):
        if (one.task is None) == (one.unique_id is None):
            expected = "either `task` or `unique_id`"
            raise Invalid(path=f"/gold/{number}", found=[one.task, one.unique_id], expected=expected)
        if one.task is not None:
            by_id[number] = body_id("task", one.task, f"/gold/{number}/task")
        elif one.unique_id is not None:
            path = f"/gold/{number}/unique_id"
            by_key[number] = check_name(one.unique_id, path, UNIQUE_ID_CHARACTERS_MAX)
    places = await store.tasks_named(uow, project_id, by_id, by_key)
    for number in range(len(gold)):
        if number not in places:
            raise UnknownTask(path=f"/gold/{number}")
    return [
        Wanted(f"/gold/{number}", place["task_id"], place["payload"], bytes(one.answer), one.qualification)
        for number, one in enumerate(gold)
        if (place := places[number])
    ]


async def _of_outcomes(uow: UnitOfWork, project_id: UUID, asked: NewGoldSet) -> list[Wanted]:
    tasks = [body_id("task", task, f"/tasks/{number}") for number, task in enumerate(asked.tasks)]
    rows = await uow.fetch(store.QUERIES.outcomes_named, project_id, tasks)
    found = {row["task_id"]: row for row in rows}
    for number, task in enumerate(tasks):
        if task not in found:
            raise UnknownTask(
                "The task is not of this project, or has no accepted outcome.", path=f"/tasks/{number}"
            )
    return [
        Wanted(f"/tasks/{number}", task, row["payload"], row["answer"].encode(), asked.qualification)
        for number, task in enumerate(tasks)
        if (row := found[task])
    ]


async def _checked(wanted: Sequence[Wanted], validator: AnswerValidator) -> list[Known]:
    """Return the answers in canonical form; raises InvalidAnswer with the path in the request."""
    known: list[Known] = []
    seen: set[UUID] = set()
    since = time.perf_counter()
    for one in wanted:
        if one.task_id in seen:
            raise Invalid(path=one.path, found="the task again", expected="one known answer a task")
        seen.add(one.task_id)
        try:
            canonical = validator.validate(one.answer, msgspec.json.decode(one.payload))
        except InvalidAnswer as error:
            raise _moved(error, one.path) from None
        known.append(Known(one.task_id, canonical.encoded, canonical.content_hash, one.qualification))
        # A request with many answers gives way to others now and then.
        if time.perf_counter() - since > GOLD_BUSY_SECONDS_MAX:
            await asyncio.sleep(0)
            since = time.perf_counter()
    return known


def _moved(error: InvalidAnswer, path: str) -> InvalidAnswer:
    """Return an error about an answer with the path it has in the request."""
    return InvalidAnswer(path=f"{path}{error.path or ''}", **error.extra)


async def _put(uow: UnitOfWork, terms: Terms, known: Sequence[Known], paths: Sequence[str]) -> GoldMade:
    carriers = await store.carriers(uow, terms.project_id, [one.task_id for one in known])
    by_fate: dict[rules.Fate, list[Known]] = {"made": [], "corrected": [], "unchanged": []}
    for one, path in zip(known, paths, strict=True):
        carrier = carriers[one.task_id]
        decided = rules.fate(carrier, one)
        if decided == "made" and (refusal := rules.why_not(carrier)):
            raise CannotBeGold(f"{path}: {refusal}", path=path)
        by_fate[decided].append(one)
    await store.make(uow, terms, by_fate["made"])
    await store.correct(uow, terms, by_fate["corrected"])
    await _tell(uow, "gold.made", terms, by_fate["made"], overlap=GOLD_TASK_ANSWERS_MAX)
    await _tell(uow, "gold.corrected", terms, by_fate["corrected"])
    counts = {name: len(group) for name, group in by_fate.items()}
    return GoldMade(outside([one.task_id for one in known]), **counts)


async def _tell(uow: UnitOfWork, kind: str, terms: Terms, known: Sequence[Known], **more: int) -> None:
    if known:
        data = {"project": terms.project_id, "source": terms.source, **more}
        events = [
            Event(
                organisation_id=terms.organisation_id,
                type=kind,
                subject_id=one.task_id,
                actor_id=terms.by,
                data={**data, "content_hash": one.content_hash.hex()},
            )
            for one in known
        ]
        await record(uow, *events)

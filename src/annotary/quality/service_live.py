"""What the live models say of tasks as they stand: the class, how sure it is, the answer that gives it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

import msgspec

from annotary.quality import rules
from annotary.quality.live.service import known_class
from annotary.quality.live.values import ClassAnswer, Judgement, TaskAnswers
from annotary.quality.overlap.values import Asked, Candidate
from annotary.quality.values import NewOutcome, NewState, Standing

if TYPE_CHECKING:
    from annotary.quality.live.project import LiveProject

_encode = msgspec.json.Encoder().encode


class Judged(NamedTuple):
    """What is said of one task. `group` are the places of the answers that give the class; `copied` is one of
    their submissions where they are all the same, else they are merged.
    """

    judgement: Judgement
    group: list[int]
    copied: UUID | None
    agreement: float | None
    parameters: bytes
    matrix: object


def judged(standings: Sequence[Standing], models: Mapping[UUID, LiveProject | None]) -> dict[UUID, Judged]:
    """Tell the models how tasks are answered now; return what they say of the finished ones.

    A task is left out where an answer is no class, or all abstain: its answers are merged as they are.
    """
    found: dict[UUID, Judged] = {}
    for project_id, model in models.items():
        if model is None:
            continue
        mine = [standing for standing in standings if standing.project_id == project_id]
        given = {standing.task_id: classes_of(model, standing) for standing in mine}
        model.learn(
            {
                standing.task_id: TaskAnswers(
                    given[standing.task_id] or [],
                    known_class(model, standing.gold) or None if standing.gold else None,
                )
                for standing in mine
                if standing.state != "cancelled"
            }
        )
        parameters = _encode(model.parameters())
        for standing in mine:
            one = _judge(model, standing, given[standing.task_id], parameters)
            if one is not None:
                found[standing.task_id] = one
    return found


def classes_of(model: LiveProject, standing: Standing) -> list[ClassAnswer] | None:
    """Return the classes of a task's answers, in their order; None where one is no class."""
    keys = [known_class(model, answer) if answer else None for answer in standing.answers]
    if None in keys:
        return None
    return [ClassAnswer(member, key or "") for member, key in zip(standing.member_ids, keys, strict=True)]


def _judge(
    model: LiveProject, standing: Standing, given: list[ClassAnswer] | None, parameters: bytes
) -> Judged | None:
    if standing.state != "done" or not given:
        return None
    judgement = model.judge(standing.task_id, given)
    if judgement is None:
        return None
    group = [place for place, one in enumerate(given) if one.key == judgement.key]
    same = {standing.content_hashes[place] for place in group}
    # Answers given under several ontology versions are merged in the newest, so that the outcome fits it.
    is_whole = len(same) == 1 and len(set(standing.ontology_version_ids)) == 1
    return Judged(
        judgement=judgement,
        group=group,
        copied=standing.submission_ids[group[0]] if is_whole else None,
        agreement=model.agreement([one.key for one in given if one.key]),
        parameters=parameters,
        matrix=model.model.expected_matrix(),
    )


def candidate(standing: Standing, judgements: Mapping[UUID, Judged]) -> Candidate | None:
    """Return a finished task that may be asked once more; None where it may not.

    Where no model says how sure the answers are, a merge will.
    """
    one = judgements.get(standing.task_id)
    if one is None:
        return None
    asked = Asked(one.judgement.confidence, len(standing.submission_ids), one.judgement.posterior)
    return rules.candidate(standing, asked, one.matrix)


def outcome_of(standing: Standing, one: Judged, outcome_id: UUID, state: NewState) -> NewOutcome:
    """Return the outcome of a task whose answers of the winning class are all the same."""
    return rules.copied(
        standing,
        one.group[0],
        outcome_id,
        state,
        aggregator=rules.LIVE,
        confidence=one.judgement.confidence,
        agreement=one.agreement,
        parameters=one.parameters,
    )

"""A verdict: what it does to the outcome, to the next level, and to whoever does the work again."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple
from uuid import UUID

import msgspec

from annotary.eventlog import fact, record
from annotary.identity.values import Caller
from annotary.infra.postgres import Row, UnitOfWork
from annotary.infra.rows import one
from annotary.kernel.errors import Invalid, TooLarge
from annotary.kernel.ids import format_id
from annotary.kernel.limits import ANSWER_BYTES_MAX
from annotary.modalities.answers import Canonical, compile_ontology
from annotary.ontology.values import Definition
from annotary.projects.quality import read_quality
from annotary.quality import service_verdicts as outcomes
from annotary.review import rules, service, store
from annotary.review.errors import ReviewWithdrawn
from annotary.review.rules_diff import diff
from annotary.review.store import QUERIES
from annotary.review.values import About, Diff, VerdictRequest, VerdictTaken

REJECTED = "A reviewer rejected the outcome."


class Amendment(NamedTuple):
    """A checked answer that a reviewer puts in the place of another, and what it changes."""

    answer: Canonical
    diff: Diff


async def give_verdict(
    uow: UnitOfWork, caller: Caller, review_id: UUID, asked: VerdictRequest
) -> VerdictTaken:
    """Take a verdict under a live lease.

    Accepted leads to the next level, or accepts the outcome after the last one; amended puts the reviewer's
    answer in its place, as the next version; rejected asks for the work again. An audit's verdict on an
    outcome that has given way meanwhile is kept and has no effect; any other is refused (ReviewWithdrawn).
    """
    rules.check_verdict(asked)
    review = await service.hold_leased(uow, caller, review_id, asked.fence)
    outcome = await one(uow, QUERIES.hold_outcome, review["outcome_id"])
    current = outcome["superseded_at"] is None
    if not current and review["purpose"] != "audit":
        raise ReviewWithdrawn()
    item, before = msgspec.json.decode(outcome["payload"]), msgspec.json.decode(outcome["answer"])
    amendment = await _amendment(uow, outcome, item, before, asked) if asked.verdict == "amended" else None
    pointed = [before] if amendment is None else [before, msgspec.json.decode(amendment.answer.encoded)]
    rules.check_remarks(asked.issues, item, pointed)
    about = About(
        outcome["task_id"], outcome["project_id"], outcome["organisation_id"], review_id, outcome["id"]
    )
    issues = await store.add_issues(uow, about, asked.issues, caller.member_id)
    # The verdict stands before its effect: the next level of a round opens only beside it.
    amended_to = await _effect(uow, caller, review, outcome, asked, amendment) if current else None
    decided = await store.decide(
        uow, review_id, asked.verdict, asked.comment, amendment and amendment.diff, amended_to, current
    )
    await _tell(uow, caller, decided)
    if current:
        await service.settle(uow, [review["task_id"]])
    return VerdictTaken(
        store.review_view(decided, open_handed=False), [format_id("issue", issue) for issue in issues]
    )


async def _amendment(
    uow: UnitOfWork, outcome: Row, item: Any, before: Any, asked: VerdictRequest
) -> Amendment:
    """Return the amended answer, checked against the ontology version that the outcome pins."""
    assert isinstance(asked.answer, msgspec.Raw)
    raw = bytes(asked.answer)
    if len(raw) > ANSWER_BYTES_MAX:
        raise TooLarge(f"/answer: {len(raw)} bytes, expected at most {ANSWER_BYTES_MAX}.", path="/answer")
    version = await one(uow, QUERIES.ontology_version, outcome["ontology_version_id"])
    definition = msgspec.json.decode(version["definition"], type=Definition)
    validator = compile_ontology(version["modality"], definition, version["content_hash"])
    answer = validator.validate(raw, item)
    if answer.content_hash == outcome["content_hash"]:
        expected = "another answer than the one reviewed, or the verdict accepted"
        raise Invalid(path="/answer", found="the same answer", expected=expected)
    return Amendment(answer, diff(before, msgspec.json.decode(answer.encoded)))


async def _effect(
    uow: UnitOfWork,
    caller: Caller,
    review: Row,
    outcome: Row,
    asked: VerdictRequest,
    amendment: Amendment | None,
) -> UUID | None:
    """Do to a current outcome what the verdict says; returns what it was amended to, if it was."""
    by, outcome_id, task_id = caller.member_id, outcome["id"], outcome["task_id"]
    if asked.verdict == "rejected":
        await _rework(uow, by, outcome, asked.comment)
        return None
    if review["purpose"] == "stage":
        await uow.execute(QUERIES.resolve_issues_of_task, task_id, by, review["id"])
    await uow.execute(QUERIES.drop_draft_for_anybody, task_id)
    last = review["purpose"] != "stage" or review["level"] == review["levels"]
    if amendment is not None:
        answer = amendment.answer
        state: Literal["accepted", "proposed"] = "accepted" if last else "proposed"
        return await outcomes.amend(uow, outcome_id, answer.encoded, answer.content_hash, by, state)
    if last:
        await outcomes.accept(uow, [outcome_id], by)
    return None


async def _rework(uow: UnitOfWork, by: UUID, outcome: Row, comment: str) -> None:
    """Ask for the work again; whoever does it finds the earlier answer as a draft."""
    rework_by = read_quality(outcome["quality"]).review.rework_by
    await outcomes.reject(uow, [outcome["id"]], by, comment or REJECTED, rework_by)
    await uow.execute(QUERIES.draft_for_anybody, outcome["id"])
    if rework_by == "same":
        await uow.execute(QUERIES.draft_own_answers, outcome["submission_ids"])


async def _tell(uow: UnitOfWork, caller: Caller, decided: Row) -> None:
    data = {
        "review": decided["id"],
        "purpose": decided["purpose"],
        "level": decided["level"],
        "outcome": decided["outcome_id"],
        "verdict": decided["verdict"],
        "amended_to": decided["amended_to"],
        "effective": decided["effective"],
    }
    await record(uow, fact("review.decided", decided, caller.member_id, data, "task_id"))

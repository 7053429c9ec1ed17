"""What verdicts do: levels, amendments with their diffs, rework with issues and drafts, who may look."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import msgspec
import pytest
import pytest_asyncio

from annotary.identity.values import Role
from annotary.kernel.errors import Invalid
from annotary.kernel.ids import format_id
from annotary.modalities.errors import InvalidAnswer
from annotary.review.errors import ReviewWithdrawn
from annotary.review.service_audits import start_audit
from annotary.review.values import NewAudit
from annotary.submissions.service_drafts import read_draft, revise
from annotary.submissions.values import RevisionRequest
from integration.dispatch.work import member
from integration.review.desk import Desk, answer_of

Make = Callable[..., Any]


@pytest_asyncio.fixture
async def make_desk(database_url: str) -> AsyncIterator[Make]:
    made: list[Desk] = []

    async def make(**settings: Any) -> Desk:
        made.append(await Desk.start(database_url, **settings))
        return made[-1]

    yield make
    for desk in made:
        await desk.work.close()


async def test_an_amendment_is_looked_at_by_another_and_the_diff_is_kept(make_desk: Make) -> None:
    desk = await make_desk(levels=2)
    annotator, first, second = [await desk.hire() for _ in range(3)]
    (task,) = await desk.answered(annotator)
    assert await desk.claim(annotator) == [], "not one's own work"
    (review,) = await desk.claim(first)
    taken = await desk.decide(first, review, "amended", answer_of("no"))
    assert [change.text for change in taken.review.diff.changes] == [
        'classification "yes": label "yes" → "no"'
    ]
    proposed = await desk.outcome(task)
    assert (proposed["state"], proposed["version"], proposed["aggregator"]) == ("proposed", 2, "review")
    assert await desk.claim(first) == [], "not one's own amendment"
    (review,) = await desk.claim(second)
    assert (review["level"], msgspec.json.decode(review["answer"])) == (
        2,
        {"classification": [{"label": "no"}]},
    )
    await desk.decide(second, review, "accepted")
    await desk.follow()
    accepted = await desk.outcome(task)
    assert (accepted["state"], accepted["id"]) == ("accepted", proposed["id"])


@pytest.mark.parametrize("rework_by", ["same", "another"])
async def test_rejected_work_comes_back_with_the_issues_and_the_earlier_answer(
    make_desk: Make, rework_by: str
) -> None:
    desk = await make_desk(rework_by=rework_by)
    author, other, reviewer = [await desk.hire(role) for role in ("annotator", "annotator", "reviewer")]
    (task,) = await desk.answered(author)
    (review,) = await desk.claim(reviewer)
    await desk.decide(reviewer, review, "rejected", issues=["look again"], comment="no")
    assert await desk.outcome(task) is None
    excluded, chosen = (author, other) if rework_by == "another" else (other, author)
    assert await desk.work.claim(excluded) == []
    (lease,) = await desk.work.claim(chosen)
    draft = await read_draft(desk.work.database, chosen, lease.assignment_id)
    assert msgspec.json.decode(draft["answer"]) == {"classification": [{"label": "yes"}]}
    await desk.work.submit(chosen, lease, answer=answer_of("no"))
    await desk.follow()
    (again,) = await desk.claim(reviewer)
    assert (again["outcome_version"], again["level"]) == (2, 1)
    issue = await desk.work.database.fetchrow("SELECT * FROM issues")
    assert issue["state"] == "open"
    await desk.decide(reviewer, again, "accepted")
    issue = await desk.work.database.fetchrow("SELECT * FROM issues")
    assert (issue["state"], issue["resolved_by"]) == ("resolved", reviewer.member_id)
    assert (await desk.outcome(task))["state"] == "accepted"


async def test_a_revision_withdraws_the_review_that_somebody_holds(make_desk: Make) -> None:
    desk = await make_desk()
    annotator, reviewer = await desk.hire(), await desk.hire()
    (task,) = await desk.answered(annotator)
    (review,) = await desk.claim(reviewer)
    submission = await desk.work.database.pool.fetchval("SELECT id FROM submissions")
    async with desk.work.database.transaction() as uow:
        revised = RevisionRequest(answer=msgspec.Raw(answer_of("no")), seconds=1.0)
        await revise(uow, desk.work.intake, annotator, submission, revised)
    await desk.follow()
    with pytest.raises(ReviewWithdrawn):
        await desk.decide(reviewer, review, "accepted")
    (fresh,) = await desk.claim(reviewer)
    assert fresh["outcome_version"] == 2 and fresh["id"] != review["id"]
    await desk.decide(reviewer, fresh, "accepted")
    assert (await desk.outcome(task))["state"] == "accepted"


async def test_what_a_verdict_may_not_say(make_desk: Make) -> None:
    desk = await make_desk()
    annotator, reviewer = await desk.hire(), await desk.hire()
    await desk.answered(annotator)
    (review,) = await desk.claim(reviewer)
    for verdict, answer, path in (
        ("amended", None, "/answer"),
        ("accepted", answer_of("no"), "/answer"),
        ("amended", answer_of("yes"), "/answer"),
    ):
        with pytest.raises(Invalid) as refused:
            await desk.decide(reviewer, review, verdict, answer)
        assert refused.value.path == path
    with pytest.raises(InvalidAnswer) as wrong:
        await desk.decide(reviewer, review, "amended", answer_of("maybe"))
    assert wrong.value.path == "/answer/classification/0/label"
    with pytest.raises(Invalid) as empty:
        await desk.decide(reviewer, review, "rejected", issues=[" "])
    assert empty.value.path == "/issues/0/text"
    assert await desk.work.rows("SELECT 1 FROM issues") == [], "a refused verdict leaves nothing behind"
    await desk.decide(reviewer, review, "accepted")


async def test_a_sample_is_reviewed_and_the_rest_is_accepted_at_once(make_desk: Make) -> None:
    desk = await make_desk(policy="sample")
    annotator, reviewer = await desk.hire(), await desk.hire()
    tasks = await desk.answered(annotator, 100)
    states = [(await desk.outcome(task))["state"] for task in tasks]
    reviews = await desk.claim(reviewer, 100)
    assert {row["task_id"] for row in reviews} == {
        task for task, state in zip(tasks, states, strict=True) if state == "proposed"
    }
    assert 0 < len(reviews) < 30


async def test_reviews_come_in_the_order_of_their_tasks(make_desk: Make) -> None:
    desk = await make_desk()
    annotator, reviewer = await desk.hire(), await desk.hire()
    late = await desk.work.add_tasks(2, priority="low")
    urgent = await desk.work.add_tasks(2, priority="urgent")
    for lease in await desk.work.claim(annotator, 4):
        await desk.work.submit(annotator, lease)
    await desk.follow()
    given = [row["task_id"] for row in await desk.claim(reviewer, 10)]
    assert sorted(given[:2]) == sorted(urgent) and sorted(given[2:]) == sorted(late)


async def test_who_claims_many_times_at_once_is_given_one_look_in_a_round(make_desk: Make) -> None:
    desk = await make_desk(policy="none")
    annotator, reviewer = await desk.hire(), await desk.hire()
    await desk.answered(annotator)
    asked = NewAudit(project=format_id("project", desk.work.project), size=1)
    for _ in range(2):
        async with desk.work.database.transaction() as uow:
            await start_audit(uow, member(Role.OWNER), asked)
    given = await asyncio.gather(*(desk.claim(reviewer) for _ in range(8)))
    assert sum(map(len, given)) == 1

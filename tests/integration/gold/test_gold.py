"""Gold: made of tasks, given out, judged once, retired, doubted, turned back into what it was."""

from __future__ import annotations

import msgspec
import pytest

from annotary.eventlog.store import read_after
from annotary.eventlog.values import Position
from annotary.kernel.ids import format_id
from annotary.modalities.errors import InvalidAnswer
from annotary.quality.gold.errors import CannotBeGold
from annotary.quality.gold.jobs import count
from annotary.quality.gold.values import NewGold
from integration.gold.stage import NO, YES, Stage, member


async def test_each_answer_to_gold_is_judged_once_however_often_it_is_told(stage: Stage) -> None:
    await stage.ask(gold={"first": 4, "rate": 0.5})
    gold = await stage.gold(4)
    await stage.work.add_tasks(30, overlap=2)
    right, wrong = member(), member()
    for who, answer in ((right, YES), (wrong, NO)):
        await stage.work_on(who, 12, answer)
    await stage.catch_up()
    before = await _derived(stage)
    events = (await read_after(stage.work.database, Position(), 1000)).events
    async with stage.work.database.transaction() as uow:
        await count(uow, events)
        await count(uow, events[10:])
    await stage.work.database.execute("DELETE FROM consumers")
    await stage.catch_up()
    assert await _derived(stage) == before
    judged = await stage.work.rows("SELECT member_id, score, task_id, state FROM judged_answers")
    assert {row["state"] for row in judged} == {"judged"}
    by_member = {
        who.member_id: [r["score"] for r in judged if r["member_id"] == who.member_id]
        for who in (right, wrong)
    }
    assert set(by_member[right.member_id]) == {1.0} and set(by_member[wrong.member_id]) == {0.0}
    assert {row["task_id"] for row in judged} == set(gold) and len(judged) == 8
    assert (await stage.annotator(right))["skill"] > 0.85 > 0.15 > (await stage.annotator(wrong))["skill"]


async def _derived(stage: Stage) -> list[list[tuple[object, ...]]]:
    queries = (
        "SELECT * FROM judged_answers ORDER BY submission_id",
        "SELECT member_id, answers, gold_due FROM annotator_counts ORDER BY member_id",
        "SELECT member_id, state, skill, gold_waiting, answers FROM annotators ORDER BY member_id",
        "SELECT * FROM skill_days ORDER BY member_id",
    )
    return [[tuple(row) for row in await stage.work.rows(query)] for query in queries]


async def test_gold_is_drawn_at_the_rate_and_evaded_gold_comes_again(stage: Stage) -> None:
    await stage.ask(gold={"first": 1, "rate": 0.25})
    gold = set(await stage.gold(200))
    await stage.work.add_tasks(400)
    someone = member()
    (first,) = await stage.work.claim(someone)
    assert first.task_id in gold
    dispatcher = stage.work.dispatcher
    await dispatcher.end(someone, first.assignment_id, first.fence, "released")
    await stage.catch_up()
    (again,) = await stage.work.claim(someone)
    assert again.task_id in gold, "a gold task that was given back is due still"
    await dispatcher.end(someone, again.assignment_id, again.fence, "skipped", "unclear")
    await stage.catch_up()
    served = []
    for _ in range(200):
        served += await stage.work_on(someone, 1)
        await stage.catch_up()
    share = sum(lease.task_id in gold for lease in served) / len(served)
    assert 0.15 < share < 0.36, "200 draws at 0.25 stay within five standard deviations"
    (counted,) = await stage.work.rows("SELECT answers FROM annotator_counts")
    assert counted["answers"] == 200


async def test_gold_cannot_be_made_of_tasks_that_people_are_answering(stage: Stage) -> None:
    open_task, done_task = (await stage.work.add_tasks(1, overlap=2))[0], (await stage.work.add_tasks(1))[0]
    for lease in await stage.work.claim(someone := member(), 2):
        await stage.answer(someone, lease)
    with pytest.raises(CannotBeGold, match="1 answers and is not done"):
        await stage.gold(0, tasks=[open_task])
    with pytest.raises(InvalidAnswer) as refused:
        await stage.gold(0, tasks=[done_task], answer=b'{"classification":[{"label":"maybe"}]}')
    assert refused.value.path == "/gold/0/answer/classification/0/label"
    await stage.gold(0, tasks=[done_task])
    again = await stage.make([NewGold(task=format_id("task", done_task), answer=msgspec.Raw(YES))])
    assert (again.made, again.corrected, again.unchanged) == (0, 0, 1)


async def test_a_done_task_is_what_it_was_after_it_was_gold(stage: Stage) -> None:
    await stage.ask(gold={"first": 1})
    (task,) = await stage.work.add_tasks(1)
    author = member()
    (mine,) = await stage.work_on(author, 1)
    before = await stage.work.rows("SELECT state, overlap, leased, answered, reserved_for FROM tasks")
    await stage.gold(0, tasks=[task])
    assert await stage.work.claim(author) == [], "who answered it is not given it as gold"
    holder = member()
    for someone in (member(), member()):
        assert len(await stage.work_on(someone, 1, NO)) == 1
    assert len(await stage.work.claim(holder)) == 1
    await stage.catch_up()
    assert await stage.act("return", task) == 1
    assert await stage.work.rows("SELECT state, overlap, leased, answered, reserved_for FROM tasks") == before
    states = {
        row["member_id"]: row["state"]
        for row in await stage.work.rows("SELECT member_id, state FROM assignments")
    }
    assert states.pop(author.member_id) == "submitted" and states.pop(holder.member_id) == "revoked"
    assert set(states.values()) == {"set_aside"} and mine.task_id == task
    judged = await stage.work.rows("SELECT member_id FROM judged_answers")
    assert author.member_id not in {row["member_id"] for row in judged} and len(judged) == 2
    assert [fact["type"] for fact in await stage.facts("gold.")] == ["gold.made", "gold.returned"]


async def test_gold_given_out_too_often_retires_and_comes_back_anew(stage: Stage) -> None:
    await stage.ask(gold={"first": 1, "exposures_max": 3})
    (worn, fresh) = await stage.gold(2)
    for _ in range(6):
        await stage.work_on(member(), 1)
    await stage.keep()
    states = dict(await stage.work.rows("SELECT task_id, state FROM gold_tasks"))
    assert states == {worn: "retired", fresh: "retired"}, "served in turn, three times each"
    assert await stage.work.claim(member()) == []
    assert await stage.act("reinstate", worn) == 1
    await stage.keep()
    assert dict(await stage.work.rows("SELECT task_id, state FROM gold_tasks"))[worn] == "active"
    assert (await stage.work_on(member(), 1))[0].task_id == worn
    assert len(await stage.facts("gold.retired")) == 2


async def test_known_answers_that_good_annotators_disagree_with_are_doubted_not_punished(
    stage: Stage,
) -> None:
    await stage.ask(gold={"first": 12}, skill={"pause_below": 0.95, "answers_min": 12})
    good = await stage.gold(11)
    (bad,) = await stage.gold(1, answer=NO)
    people = [member() for _ in range(6)]
    for someone in people:
        leases = await stage.work.claim(someone, 12)
        for lease in sorted(leases, key=lambda one: one.task_id == bad):
            await stage.answer(someone, lease)
            await stage.catch_up()
    states = dict(await stage.work.rows("SELECT task_id, state FROM gold_tasks"))
    assert states == dict.fromkeys(good, "active") | {bad: "suspect"}
    (fact,) = await stage.facts("gold.suspected")
    assert fact["subject_id"] == bad
    paused = [format_id("member", someone.member_id) for someone in people[:4]]
    assert msgspec.json.decode(fact["data"])["paused"] == sorted(paused), "they are named, to be resumed"
    last = await stage.annotator(people[4])
    assert last["state"] == "active" and last["skill"] == pytest.approx(11.5 / 12)
    # The manager finds the mistake: corrected, it counts again for all who were right.
    done = await stage.make([NewGold(task=format_id("task", bad), answer=msgspec.Raw(YES))])
    assert done.corrected == 1
    await stage.catch_up()
    assert (await stage.annotator(people[4]))["skill"] == pytest.approx(12.5 / 13)
    scores = await stage.work.rows("SELECT score, state FROM judged_answers WHERE task_id = $1", bad)
    assert {tuple(row) for row in scores} == {(1.0, "judged")}


async def test_an_erased_item_is_no_gold_any_more(stage: Stage) -> None:
    (task,) = await stage.gold(1)
    await stage.work.database.execute("UPDATE task_items SET payload = 'null'")
    await stage.keep()
    (row,) = await stage.work.rows("SELECT state, reason FROM gold_tasks")
    assert tuple(row) == ("retired", "the item was deleted")
    assert await stage.work.claim(member()) == [] and task

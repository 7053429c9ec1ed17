"""The gate: newcomers answer qualification tasks first, and are let in, or not."""

from __future__ import annotations

from integration.gold.stage import NO, YES, Stage, member

GATE = {"tasks": 4, "pass_at": 0.75}


async def test_a_gate_lets_in_who_passes_and_nobody_else(stage: Stage) -> None:
    await stage.ask(qualification=GATE, gold={"first": 1})
    gate = set(await stage.gold(5, qualification=True))
    await stage.gold(2)
    await stage.work.add_tasks(10)
    able, unable = member(), member()
    for who, answers in ((able, (YES, NO, YES, YES)), (unable, (NO, YES, NO, YES))):
        for answer in answers:
            (lease,) = await stage.work.claim(who)
            assert lease.task_id in gate, "nothing else is given out at the gate"
            await stage.answer(who, lease, answer)
            await stage.catch_up()
    assert (await stage.annotator(able))["state"] == "active"
    stands = await stage.annotator(unable)
    assert stands["state"] == "paused"
    assert stands["reason"] == "did not qualify: reached 0.50 of 0.75 on 4 qualification tasks"
    assert await stage.work.claim(unable) == []
    assert [fact["type"] for fact in await stage.facts("annotator.")] == [
        "annotator.qualified",
        "annotator.paused",
    ]
    first, second = await stage.work.claim(able), await stage.work.claim(able)
    states = [
        (await stage.work.rows("SELECT state FROM tasks WHERE id = $1", lease.task_id))[0]["state"]
        for lease in (*first, *second)
    ]
    assert states == ["gold", "open"], "the first of the mixed in is still due"


async def test_a_gate_that_is_taken_away_holds_nobody(stage: Stage) -> None:
    await stage.ask(qualification=GATE)
    await stage.gold(4, qualification=True)
    await stage.work.add_tasks(1)
    someone = member()
    await stage.work_on(someone, 1)
    await stage.catch_up()
    assert (await stage.annotator(someone))["state"] == "qualifying"
    await stage.ask()
    await stage.keep()
    assert (await stage.annotator(someone))["state"] == "active"
    assert len(await stage.work.claim(someone)) == 1

"""Agreement over HTTP: the numbers of the file form for the same answers, and who may see them."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from annotary.kernel.ids import format_id
from annotary.quality.agreement.answers_text import read_answers
from annotary.quality.agreement.report import agreement
from integration.agreement.crowd import Crowd, hired

Make = Callable[[str], Awaitable[Any]]
TASKS, PEOPLE = 40, 3
LABELS = ("good", "bad", "ugly")
PATH = "/v1/text/agreement"


async def answered(make_seed: Make) -> tuple[Any, Any, list[tuple[int, int, str]]]:
    """A project that three people answered, each right in most cases; task, annotator, label."""
    seed, chance = await make_seed("text"), random.Random(0)
    project = await seed.project()
    people = await hired(seed, PEOPLE)
    tasks = await seed.tasks(project, [{"text": "a"}] * TASKS, PEOPLE)
    rows = []
    for number, task in enumerate(tasks):
        for who, member in enumerate(people[: 2 + number % 2]):
            label = LABELS[number % 3] if chance.random() < 0.7 else chance.choice(LABELS)
            rows.append((number, who, label))
            await seed.answer(task, {"classification": [{"label": label}]}, member=member)
    await seed.tell("submission.received", *tasks)
    crowd = Crowd(seed, tasks, people, [])
    await crowd.catch_up()
    await crowd.process.stop()
    return seed, project, rows


async def test_the_service_says_what_the_file_says(make_seed: Make, make_client: Make) -> None:
    seed, project, rows = await answered(make_seed)
    client, reviewer = await make_client("text"), await seed.hire("reviewer", project=project)
    text = "task,worker,label\n" + "".join(f"t{task},w{who},{label}\n" for task, who, label in rows)
    known = agreement(read_answers(text))

    async def asked(**params: str) -> Any:
        params["project"] = format_id("project", project)
        reply = await client.get(PATH, params=params, headers=reviewer)
        assert reply.status_code == 200, reply.text
        return reply.json()

    whole = await asked()
    assert (whole["waiting"], whole["failed"], whole["groups_total"], len(whole["groups"])) == (0, 0, 1, 1)
    (group,) = whole["groups"]
    assert (group["tool"], group["tasks"]) == ("classification", known.units_pairable)
    same = {"alpha_nominal": known.alpha, "fleiss_kappa": known.fleiss_kappa}
    same |= dict.fromkeys(("percent_agreement", "mean_agreement"), known.percent_agreement)
    assert set(group["measures"]) == set(same)
    for name, expected in same.items():
        assert_near(group["measures"][name], expected)
    of_labels = {one["label"]: one for one in (await asked(by="label"))["groups"]}
    assert sorted(of_labels) == sorted(LABELS)
    for one in known.labels:
        assert_near(of_labels[one.label]["measures"]["alpha_nominal"], one.alpha)
        assert_near(of_labels[one.label]["measures"]["specific_agreement"], one.specific_agreement)
    pairs = (await asked(by="pair"))["groups"]
    found = {frozenset(one["name"][-1] for one in pair["annotators"]): pair for pair in pairs}
    for each in known.pairs:
        pair = found[frozenset(name[-1] for name in each.annotators)]
        assert pair["tasks"] == each.shared
        assert_near(pair["measures"]["cohen_kappa"], each.cohen_kappa)
        assert_near(pair["measures"]["percent_agreement"], each.percent_agreement)
        assert_near(pair["measures"]["mean_agreement"], each.percent_agreement)
    for by in ("batch", "week"):
        (group,) = (await asked(by=by, measure="alpha"))["groups"]
        assert list(group["measures"]) == ["alpha_nominal"] and group[by] is not None
        assert_near(group["measures"]["alpha_nominal"], known.alpha)


def assert_near(found: Any, expected: Any) -> None:
    """The value to the last digit; the interval, whose tasks are drawn in other groups, roughly.

    Groups go by the tasks' ids, which are new in every run: ends that differ by 0.11 were seen.
    """
    assert found["value"] == pytest.approx(expected.value, abs=1e-6)
    for end in ("low", "high"):
        assert found[end] == pytest.approx(getattr(expected, end), abs=0.2)


async def test_only_reviewers_and_managers_of_the_project_see_it(make_seed: Make, make_client: Make) -> None:
    seed, client = await make_seed("text"), await make_client("text")
    project = await seed.project()
    params = {"project": format_id("project", project)}
    expected = {"manager": 200, "reviewer": 200, "annotator": 403}
    for role, code in expected.items():
        headers = await seed.hire(role, project=project)
        reply = await client.get(PATH, params=params, headers=headers)
        assert reply.status_code == code, (role, reply.text)
        if code == 200:
            assert reply.json()["groups"] == []
    assert (await client.get(PATH, params=params, headers=await seed.hire("annotator"))).status_code == 404
    assert (await client.get(PATH, params=params)).status_code == 401
    manager = await seed.hire("manager")
    for wrong in ({"by": "day"}, {"measure": "beta"}):
        reply = await client.get(PATH, params=params | wrong, headers=manager)
        assert reply.status_code == 422 and reply.json()["code"] == "invalid", reply.text

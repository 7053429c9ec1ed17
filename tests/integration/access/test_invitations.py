"""Invitations: made by who decides about the role, accepted once, and only while they hold."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from annotary.infra.settings import Settings
from annotary.kernel.limits import INVITATION_SECONDS_MAX
from integration.access.browser import Browser, with_password
from integration.platform.people import People, rows

pytestmark = pytest.mark.asyncio(loop_scope="module")
PATH = "/v1/invitations"
SECRET = "a long walk by the sea"


async def invite(people: People, by: str = "owner", **body: Any) -> dict[str, Any]:
    """Make an invitation (to be an annotator, unless said otherwise)."""
    asked = {"role": "annotator", **body} if "member" not in body else {"kind": "reset", **body}
    made: dict[str, Any] = await people.ask(by, "POST", PATH, asked, expect=201)
    return made


async def accept(people: People, code: str, expect: int = 201, **body: str) -> tuple[Browser, Any]:
    """Accept an invitation in a browser of its own."""
    page = Browser(people)
    given = {"code": code, "password": SECRET, **body}
    return page, await page.ask("POST", f"{PATH}/accept", given, expect=expect)


async def test_a_link_makes_a_member_who_is_signed_in_and_on_the_projects(
    people: People, settings: Settings
) -> None:
    project = (await people.project("invited to"))["id"]
    wanted = [{"project": project, "role": "reviewer"}]
    made = await invite(people, role="reviewer", email="Rita@example.org", projects=wanted)
    assert made["url"] == f"http://platform/invitation#code={made['code']}"
    for table in ("invitations", "events", "idempotency_keys"):
        kept = " ".join(row[0] for row in await rows(settings, f"SELECT t::text FROM {table} t"))
        assert made["code"] not in kept and made["code"].encode().hex() not in kept
    shown = await Browser(people).ask("POST", f"{PATH}/look", {"code": made["code"]}, expect=200)
    assert (shown["kind"], shown["organisation"], shown["invited_by"], shown["role"], shown["email"]) == (
        *("invitation", "My organisation", "Owner", "reviewer"),
        "Rita@example.org",
    )
    page, me = await accept(people, made["code"], name="Rita")
    assert (me["member"]["name"], me["member"]["role"], me["has_password"]) == ("Rita", "reviewer", True)
    assert me["projects"] == wanted
    assert await page.is_in()
    await Browser(people).sign_in(email="rita@example.org", password=SECRET)
    told = await rows(
        settings,
        "SELECT type FROM events WHERE subject_id::text = replace($1, 'mem_', '')::uuid::text"
        " OR (type = 'project_member.added' AND data->>'member' = $1) ORDER BY type",
        me["member"]["id"],
    )
    assert [row["type"] for row in told] == ["member.created", "project_member.added"]


async def test_one_link_accepted_by_many_at_once_makes_one_member(people: People, settings: Settings) -> None:
    made = await invite(people)
    pages = [Browser(people) for _ in range(6)]
    replies = await asyncio.gather(
        *(
            page.ask(
                "POST",
                f"{PATH}/accept",
                {"code": made["code"], "password": SECRET, "name": f"r{n}", "email": f"racer{n}@example.org"},
            )
            for n, page in enumerate(pages)
        )
    )
    assert sorted(reply.status_code for reply in replies) == [201] + [409] * 5
    assert {r.json()["code"] for r in replies if r.status_code == 409} == {"invitation_over"}
    assert sum([await page.is_in() for page in pages]) == 1
    members = await rows(settings, "SELECT 1 FROM members WHERE email LIKE 'racer%'")
    assert len(members) == 1
    listed = await people.ask("owner", "GET", PATH, expect=200)
    (state,) = {(one["state"], one["member"] is None) for one in listed["items"] if one["id"] == made["id"]}
    assert state == ("accepted", False)


async def test_two_links_for_one_email_make_one_member_and_the_loser_may_take_another(people: People) -> None:
    first, second = (
        await invite(people, email="twin@example.org"),
        await invite(people, email="twin@example.org"),
    )
    await accept(people, first["code"], name="Twin")
    _, problem = await accept(people, second["code"], expect=409, name="Twin")
    assert (problem["code"], problem["path"]) == ("already_exists", "/email")
    # What failed has used nothing up.
    _, me = await accept(people, second["code"], name="Twin", email="other-twin@example.org")
    assert me["member"]["email"] == "other-twin@example.org"


@pytest.mark.parametrize(
    ("by", "role", "expect"),
    [
        ("owner", "owner", 201),
        ("owner", "manager", 201),
        ("manager", "reviewer", 201),
        ("manager", "annotator", 201),
        ("manager", "manager", 403),
        ("manager", "owner", 403),
        ("reviewer", "annotator", 403),
        ("annotator", "annotator", 403),
        ("nobody", "annotator", 401),
    ],
)
async def test_managers_invite_below_themselves_and_owners_all(
    people: People, by: str, role: str, expect: int
) -> None:
    response = await people.ask(by, "POST", PATH, {"role": role})
    assert response.status_code == expect, response.text
    if expect == 201:
        path = f"{PATH}/{response.json()['id']}"
        assert (await people.ask("stranger", "DELETE", path)).status_code == 404
        assert (await people.ask("annotator", "DELETE", path)).status_code == 403
        low = await people.ask("manager", "DELETE", path)
        assert low.status_code == (200 if role in ("reviewer", "annotator") else 403)
        listed = (await people.ask("manager", "GET", f"{PATH}?limit=1000", expect=200))["items"]
        assert (response.json()["id"] in [one["id"] for one in listed]) == (low.status_code == 200)


async def test_what_is_over_is_over(people: People, settings: Settings) -> None:
    withdrawn, expired, by_gone = await invite(people), await invite(people), None
    gone = await people.hire("leaving manager", "manager")
    by_gone = await invite(people, by="leaving manager")
    lower = await people.hire("lowered manager", "manager")
    by_lower = await invite(people, by="lowered manager")
    await people.ask("owner", "DELETE", f"{PATH}/{withdrawn['id']}", expect=200)
    await people.ask("owner", "DELETE", f"{PATH}/{withdrawn['id']}", expect=200)
    await people.ask("owner", "DELETE", f"/v1/members/{gone}", expect=200)
    await people.ask("owner", "PATCH", f"/v1/members/{lower}", {"role": "annotator"}, expect=200)
    for made in (withdrawn, by_gone, by_lower):
        _, problem = await accept(people, made["code"], expect=409, name="x", email="late@example.org")
        assert problem["code"] == "invitation_over"
    try:
        seconds = timedelta(seconds=INVITATION_SECONDS_MAX + 1)
        await rows(settings, "INSERT INTO clock_steps (step) VALUES ($1)", seconds)
        _, problem = await accept(people, expired["code"], expect=409, name="x", email="late@example.org")
        listed = (await people.ask("owner", "GET", f"{PATH}?limit=1000", expect=200))["items"]
        states = {one["id"]: one["state"] for one in listed}
        assert (states[expired["id"]], states[withdrawn["id"]]) == ("expired", "withdrawn")
    finally:
        await rows(settings, "DELETE FROM clock_steps")
    for code in ("", "nonsense", withdrawn["code"] + "x", "ani_" + "a" * 43, "\u0000"):
        await accept(people, code, expect=404, name="x", email="late@example.org")


async def test_a_reset_sets_a_password_and_signs_out_everywhere_else(people: People) -> None:
    email, member = await with_password(people, "forgetful", "annotator", SECRET)
    page = Browser(people)
    await page.sign_in(email=email, password=SECRET)
    older = await invite(people, by="manager", member=member)
    made = await invite(people, by="manager", member=member)
    # A newer link takes the older one's place.
    await accept(people, older["code"], expect=409)
    fresh, me = await accept(people, made["code"], password="a short swim in the lake")
    assert me["member"]["id"] == member and await fresh.is_in() and not await page.is_in()
    await page.sign_in(email=email, password=SECRET, expect=401)
    await page.sign_in(email=email, password="a short swim in the lake")
    await accept(people, made["code"], expect=409)


async def test_a_member_made_without_an_email_gets_one_by_a_reset(people: People) -> None:
    member = await people.hire("by token only", "annotator")
    made = await invite(people, member=member)
    _, problem = await accept(people, made["code"], expect=409)
    assert problem["code"] == "no_email"
    _, me = await accept(people, made["code"], email="by-token@example.org")
    assert (me["member"]["id"], me["member"]["email"]) == (member, "by-token@example.org")


async def test_nobody_resets_the_password_of_whom_they_do_not_decide_about(people: People) -> None:
    for by, whose, expect in (
        ("manager", "owner", 403),
        ("manager", "manager", 403),
        ("reviewer", "annotator", 403),
        ("stranger", "annotator", 404),
        ("owner", "manager", 201),
    ):
        body = {"kind": "reset", "member": people.members[whose]}
        assert (await people.ask(by, "POST", PATH, body)).status_code == expect, (by, whose)


async def test_a_repeated_request_shows_the_same_link(people: People) -> None:
    key = {"Idempotency-Key": "invite once"}
    body = {"role": "annotator", "name": "Once"}
    first = await people.ask("owner", "POST", PATH, body, headers=key, expect=201)
    again = await people.ask("owner", "POST", PATH, body, headers=key, expect=201)
    assert first == again
    await accept(people, again["code"], email="once@example.org")


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "/role"),
        ({"role": "king"}, "/role"),
        ({"role": "annotator", "member": "mem_" + "0" * 32}, "/role"),
        ({"kind": "reset"}, "/member"),
        ({"kind": "reset", "member": "nonsense"}, "/member"),
        ({"role": "annotator", "email": "no address"}, "/email"),
        ({"role": "annotator", "name": "\u0001"}, "/name"),
        ({"role": "annotator", "projects": [{"project": "x", "role": "annotator"}]}, "/projects/0/project"),
        (
            {"role": "annotator", "projects": [{"project": "prj_" + "0" * 32, "role": "owner"}]},
            "/projects/0/role",
        ),
        (
            {"role": "annotator", "projects": [{"project": "prj_" + "0" * 32, "role": "annotator"}] * 2},
            "/projects",
        ),
        (
            {"role": "annotator", "projects": [{"project": "prj_" + "0" * 32, "role": "annotator"}] * 101},
            "/projects",
        ),
    ],
)
async def test_bad_invitations_are_refused_with_their_path(people: People, body: Any, path: str) -> None:
    assert (await people.ask("owner", "POST", PATH, body, expect=422))["path"] == path


async def test_no_other_page_accepts_an_invitation(people: People) -> None:
    made = await invite(people)
    body = {"code": made["code"], "password": SECRET, "name": "x", "email": "foreign@example.org"}
    for headers in ({"Origin": "http://evil.example"}, {"X_Annotary_Request": None}):
        assert (await Browser(people).ask("POST", f"{PATH}/accept", body, **headers)).status_code == 403
    for missing, path in (("name", "/name"), ("email", "/email")):
        given = {key: value for key, value in body.items() if key != missing}
        response = await Browser(people).ask("POST", f"{PATH}/accept", given)
        assert response.status_code in (409, 422) and response.json()["path"] == path
    weak = {**body, "password": "foreign@example.org"}
    assert (await Browser(people).ask("POST", f"{PATH}/accept", weak)).json()["path"] == "/password"
    await Browser(people).ask("POST", f"{PATH}/accept", body, expect=201)

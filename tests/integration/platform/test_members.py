"""Members and tokens: who may make whom, what removal means, and that a secret is kept nowhere."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from annotary.identity.rules import token_hash
from annotary.infra.settings import Settings
from annotary.kernel.ids import parse_id
from annotary.services.first_owner import ensure_first_owner, recover_owner_token
from integration.platform.people import People, rows

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize(
    ("by", "role", "code"),
    [
        ("manager", "owner", 403),
        ("manager", "manager", 403),
        ("manager", "reviewer", 201),
        ("manager", "annotator", 201),
        ("owner", "owner", 201),
        ("owner", "manager", 201),
    ],
)
async def test_who_makes_whom(people: People, by: str, role: str, code: int) -> None:
    await people.ask(by, "POST", "/v1/members", {"name": "new", "role": role}, expect=code)


async def test_nobody_raises_anybody_to_their_own_role_or_above(people: People) -> None:
    annotator, manager = people.members["annotator"], people.members["manager"]
    for path, by in ((annotator, "manager"), (manager, "manager"), (annotator, "annotator")):
        await people.ask(by, "PATCH", f"/v1/members/{path}", {"role": "owner"}, expect=403)
    me = await people.ask("annotator", "GET", "/v1/me", expect=200)
    assert me["member"]["role"] == "annotator"


async def test_nobody_makes_tokens_for_those_above(people: People) -> None:
    for by, of in (("annotator", "reviewer"), ("manager", "owner"), ("annotator", "owner")):
        body = {"member": people.members[of], "name": "t"}
        problem = await people.ask(by, "POST", "/v1/tokens", body, expect=403)
        assert problem["path"] == "/member"


async def test_tokens_of_others_are_seen_by_those_above_only(people: People) -> None:
    for who, seen in (("annotator", {"annotator"}), ("manager", {"annotator", "manager", "reviewer"})):
        listed = await people.ask(who, "GET", "/v1/tokens?limit=1000", expect=200)
        found = {token["member"] for token in listed["items"]}
        assert {people.members[one] for one in seen} <= found
        assert people.members["owner"] not in found


async def test_a_removed_member_keeps_the_name_and_nothing_else(people: People, settings: Settings) -> None:
    member = await people.hire("leaver", "annotator")
    project = await people.project("left")
    path = f"/v1/projects/{project['id']}/members/{member}"
    await people.ask("owner", "PUT", path, {"role": "annotator"}, expect=201)
    await people.ask("leaver", "GET", f"/v1/projects/{project['id']}", expect=200)
    removed = await people.ask("manager", "DELETE", f"/v1/members/{member}", expect=200)
    assert removed["state"] == "removed" and removed["name"] == "leaver" and removed["removed_at"]
    await people.ask("leaver", "GET", "/v1/me", expect=401)
    await people.ask("owner", "GET", path, expect=404)
    kinds = await rows(settings, "SELECT type, data FROM events ORDER BY sequence DESC LIMIT 3")
    assert [row["type"] for row in kinds] == ["member.removed", "project_member.removed", "token.revoked"]
    assert member in kinds[1]["data"]
    # Again it changes nothing, and nothing can be changed any more.
    again = await people.ask("manager", "DELETE", f"/v1/members/{member}", expect=200)
    assert again == removed
    await people.ask("owner", "PATCH", f"/v1/members/{member}", {"name": "x"}, expect=409)
    await people.ask("owner", "POST", "/v1/tokens", {"member": member, "name": "t"}, expect=409)
    await people.ask("owner", "PUT", path, {"role": "annotator"}, expect=409)


async def test_one_owner_always_remains(people: People) -> None:
    first = people.members["owner"]
    others = await people.ask("owner", "GET", "/v1/members?limit=1000", expect=200)
    for member in others["items"]:
        if member["role"] == "owner" and member["id"] != first:
            await people.ask("owner", "DELETE", f"/v1/members/{member['id']}", expect=200)
    problem = await people.ask("owner", "DELETE", f"/v1/members/{first}", expect=409)
    assert problem["code"] == "last_owner"
    await people.ask("owner", "PATCH", f"/v1/members/{first}", {"role": "manager"}, expect=409)


async def test_two_owners_who_end_each_other_at_once_leave_one(people: People) -> None:
    await people.hire("second", "owner")
    for _ in range(8):
        pairs = (("owner", "second"), ("second", "owner"))
        replies = await asyncio.gather(*(_demote(people, by, of) for by, of in pairs))
        # One wins; the other was too late, or was demoted before it came to its turn.
        assert sorted(reply.status_code for reply in replies)[0] == 200
        assert all(reply.status_code in (200, 401, 403, 409) for reply in replies), replies
        left = [who for who in ("owner", "second") if await _is_owner(people, who)]
        assert len(left) == 1, [reply.text for reply in replies]
        [lost] = {"owner", "second"} - set(left)
        path = f"/v1/members/{people.members[lost]}"
        await people.ask(left[0], "PATCH", path, {"role": "owner"}, expect=200)


async def _demote(people: People, by: str, of: str) -> Any:
    return await people.ask(by, "PATCH", f"/v1/members/{people.members[of]}", {"role": "annotator"})


async def _is_owner(people: People, who: str) -> bool:
    response = await people.ask(who, "GET", "/v1/me")
    return bool(response.status_code == 200 and response.json()["member"]["role"] == "owner")


async def test_an_email_is_one_members(people: People) -> None:
    body = {"name": "a", "role": "annotator", "email": "Ann@example.org"}
    made = await people.ask("owner", "POST", "/v1/members", body, expect=201)
    twice = {**body, "email": "ann@EXAMPLE.org"}
    problem = await people.ask("owner", "POST", "/v1/members", twice, expect=409)
    assert problem["existing"] == made["id"] and problem["path"] == "/email"
    # It is free again when the member was removed, and the address itself is forgotten.
    removed = await people.ask("owner", "DELETE", f"/v1/members/{made['id']}", expect=200)
    assert removed["email"] is None
    await people.ask("owner", "POST", "/v1/members", twice, expect=201)


async def test_a_change_against_an_old_version_is_refused(people: People) -> None:
    member = await people.hire("edited", "annotator")
    path = f"/v1/members/{member}"
    response = await people.ask("owner", "GET", path)
    tag = {"If-Match": response.headers["etag"]}
    await people.ask("owner", "PATCH", path, {"name": "one"}, headers=tag, expect=200)
    await people.ask("owner", "PATCH", path, {"name": "two"}, headers=tag, expect=412)
    assert (await people.ask("owner", "GET", path, expect=200))["name"] == "one"


async def test_a_repeated_token_request_shows_the_secret_again_and_keeps_it_nowhere(
    people: People, settings: Settings
) -> None:
    key = {"Idempotency-Key": "make me a token"}
    first = await people.ask("annotator", "POST", "/v1/tokens", {"name": "k"}, headers=key, expect=201)
    again = await people.ask("annotator", "POST", "/v1/tokens", {"name": "k"}, headers=key, expect=201)
    assert first == again
    await people.ask("annotator", "POST", "/v1/tokens", {"name": "other"}, headers=key, expect=422)
    people.tokens["again"] = again["token"]
    await people.ask("again", "GET", "/v1/me", expect=200)
    for table in ("tokens", "events", "idempotency_keys"):
        kept = await rows(settings, f"SELECT t::text FROM {table} t")
        text = " ".join(row[0] for row in kept)
        assert first["token"] not in text and first["token"].encode().hex() not in text
    stored = await rows(settings, "SELECT 1 FROM tokens WHERE hash = $1", token_hash(first["token"].encode()))
    assert len(stored) == 1


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"name": "", "role": "annotator"}, "/name"),
        ({"name": "a\u0000b", "role": "annotator"}, "/name"),
        ({"name": "x" * 201, "role": "annotator"}, "/name"),
        ({"name": "a", "role": "king"}, "/role"),
        ({"name": "a", "role": "annotator", "email": "no address"}, "/email"),
        ({"name": 3, "role": "annotator"}, "/name"),
    ],
)
async def test_bad_members_are_refused_with_their_path(people: People, body: Any, path: str) -> None:
    problem = await people.ask("owner", "POST", "/v1/members", body, expect=422)
    assert problem["path"] == path


@pytest.mark.parametrize(
    "expires", ["2020-01-01T00:00:00Z", "2999-01-01T00:00:00", "0001-01-01T00:00:00+14:00"]
)
async def test_a_token_expires_at_a_time_to_come(people: People, expires: str) -> None:
    body = {"name": "t", "expires_at": expires}
    assert (await people.ask("owner", "POST", "/v1/tokens", body, expect=422))["path"] == "/expires_at"


async def test_the_first_owner_is_made_once_and_a_lost_token_replaced(
    people: People, settings: Settings
) -> None:
    assert await ensure_first_owner(settings) is None
    people.tokens["recovered"] = await recover_owner_token(settings)
    me = await people.ask("recovered", "GET", "/v1/me", expect=200)
    assert me["member"]["role"] == "owner"
    made = await rows(
        settings,
        "SELECT 1 FROM events WHERE type = 'token.created' AND data->>'member' = $1 AND actor_id IS NULL",
        me["member"]["id"],
    )
    assert made
    assert parse_id("member", me["member"]["id"])


async def test_two_first_starts_at_once_make_one_owner(make_database: Any, settings: Settings) -> None:
    url = await asyncio.to_thread(make_database)
    empty = Settings(data_dir=settings.data_dir, database_urls={"platform": url})
    tokens = await asyncio.gather(*(ensure_first_owner(empty) for _ in range(4)))
    assert len([token for token in tokens if token]) == 1

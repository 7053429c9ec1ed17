"""Datasets and items: the business key, canonical content, pages, and an erasure that keeps the record."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from annotary.infra.settings import Settings
from integration.platform.people import People, rows

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def _dataset(people: People, name: str, modality: str = "text") -> str:
    body = {"name": name, "modality": modality}
    made = await people.ask("manager", "POST", "/v1/datasets", body, expect=201)
    return f"/v1/datasets/{made['id']}/items"


async def test_the_same_content_under_a_key_is_the_same_item(people: People) -> None:
    path = await _dataset(people, "keys")
    body = {"unique_id": "row-1", "payload": {"text": "hello"}, "metadata": {"page": 1}}
    first = await people.ask("owner", "POST", path, body, expect=201)
    again = await people.ask("owner", "POST", path, body, expect=200)
    assert again == first
    other = {**body, "payload": {"text": "other"}}
    problem = await people.ask("owner", "POST", path, other, expect=409)
    assert (problem["code"], problem["existing"], problem["path"]) == (
        "already_exists",
        first["id"],
        "/unique_id",
    )
    # The key is the dataset's own: another dataset may use it.
    await people.ask("owner", "POST", await _dataset(people, "keys too"), other, expect=201)


async def test_many_at_once_make_one_item(people: People) -> None:
    path = await _dataset(people, "raced")
    body = {"unique_id": "one", "payload": {"text": "same"}}
    replies = await asyncio.gather(*(people.ask("owner", "POST", path, body) for _ in range(8)))
    assert sorted(reply.status_code for reply in replies) == [200] * 7 + [201]
    assert len({reply.json()["id"] for reply in replies}) == 1


async def test_without_a_key_the_content_is_the_key_whatever_its_order(people: People) -> None:
    path = await _dataset(people, "unnamed")
    one = await people.ask(
        "owner", "POST", path, content=b'{"payload":{"prompt":"p","a":"1","b":"2"}}', expect=201
    )
    two = await people.ask(
        "owner", "POST", path, content=b'{"payload" : {"b":"2", "a":"\\u0031", "prompt":"p"}}', expect=200
    )
    assert one == two and one["unique_id"] == one["content_hash"][:32]


async def test_a_long_text_is_kept_as_an_asset(people: People) -> None:
    path = await _dataset(people, "long")
    text = "é" * 40_000
    item = await people.ask("owner", "POST", path, {"payload": {"text": text}}, expect=201)
    assert item["payload"]["media_type"] == "text/plain" and item["payload"]["characters"] == 40_000
    address = await people.ask("owner", "GET", f"/v1/assets/{item['payload']['asset']}/url", expect=200)
    assert (await people.client.get(address["url"])).content.decode() == text


async def test_a_deleted_items_content_is_erased_and_the_record_stays(
    people: People, settings: Settings
) -> None:
    path = await _dataset(people, "erased")
    body = {"unique_id": "gone", "payload": {"text": "a secret"}, "metadata": {"who": "a secret"}}
    item = await people.ask("owner", "POST", path, body, expect=201)
    deleted = await people.ask("manager", "DELETE", f"/v1/items/{item['id']}", expect=200)
    assert deleted["deleted_at"] and deleted["payload"] is None and deleted["metadata"] is None
    for kept in ("id", "unique_id", "content_hash", "created_at"):
        assert deleted[kept] == item[kept]
    assert await people.ask("manager", "DELETE", f"/v1/items/{item['id']}", expect=200) == deleted
    for table in ("items", "events"):
        everything = await rows(settings, f"SELECT t::text FROM {table} t")
        assert not any("a secret" in row[0] for row in everything)
    told = await rows(settings, "SELECT count(*) FROM events WHERE type = 'item.deleted'")
    assert told[0][0] == 1
    assert (await people.ask("owner", "POST", path, body, expect=409))["existing"] == item["id"]


@pytest.mark.parametrize(
    ("payload", "path"),
    [
        ({}, "/payload/text"),
        ({"text": ""}, "/payload/text"),
        ({"text": "a\u0000b"}, "/payload/text"),
        ({"text": 5}, "/payload/text"),
        ({"text": "a", "more": 1}, "/payload/more"),
        ({"prompt": [{"role": "user"}], "a": "x", "b": "y"}, "/payload/prompt"),
        (
            {"prompt": [{"role": "user", "content": "\u0000"}], "a": "x", "b": "y"},
            "/payload/prompt/0/content",
        ),
        ({"asset": "0" * 64}, "/payload/asset"),
    ],
)
async def test_a_bad_payload_is_refused_with_its_path(
    people: People, settings: Settings, payload: dict[str, Any], path: str
) -> None:
    found = await people.ask("owner", "GET", "/v1/datasets?limit=1", expect=200)
    where = f"/v1/datasets/{found['items'][0]['id']}/items"
    before = await rows(settings, "SELECT count(*) FROM items")
    problem = await people.ask("owner", "POST", where, {"payload": payload}, expect=422)
    assert problem["path"].startswith(path), problem
    assert await rows(settings, "SELECT count(*) FROM items") == before


async def test_media_items_need_an_asset_of_their_medium(people: People) -> None:
    path = await _dataset(people, "images", "image")
    text = await people.ask(
        "owner", "POST", "/v1/assets", content=b"no image", headers={"Content-Type": "text/plain"}, expect=201
    )
    body = {"payload": {"asset": text["hash"]}}
    assert (await people.ask("owner", "POST", path, body, expect=422))["path"] == "/payload/asset"
    missing = {"payload": {"asset": "0" * 64}}
    assert (await people.ask("owner", "POST", path, missing, expect=404))["path"] == "/payload/asset"


async def test_nothing_goes_into_a_deleted_dataset_and_its_name_is_free(people: People) -> None:
    path = await _dataset(people, "reused")
    item = await people.ask("owner", "POST", path, {"payload": {"text": "stays"}}, expect=201)
    await people.ask("owner", "DELETE", path.removesuffix("/items"), expect=200)
    problem = await people.ask("owner", "POST", path, {"payload": {"text": "late"}}, expect=409)
    assert problem["code"] == "dataset_deleted"
    await people.ask("owner", "GET", f"/v1/items/{item['id']}", expect=200)
    await _dataset(people, "reused")


@pytest.mark.parametrize("limit", [1, 2, 7, 24, 25, 26, 1000])
async def test_pages_of_any_length_give_every_item_once_in_order(people: People, limit: int) -> None:
    path = await _dataset(people, f"pages of {limit}")
    made = [
        (await people.ask("owner", "POST", path, {"payload": {"text": f"{n}"}}, expect=201))["id"]
        for n in range(25)
    ]
    found: list[str] = []
    params: dict[str, Any] = {"limit": limit}
    while True:
        page = await people.ask("owner", "GET", path, params=params, expect=200)
        assert 1 <= len(page["items"]) <= limit
        found += [item["id"] for item in page["items"]]
        if page["next_token"] is None:
            break
        params["next_token"] = page["next_token"]
    # Ids made in the same millisecond are in no order of their own.
    assert found == sorted(made)


@pytest.mark.parametrize("token", ["x", "WyJ4Il0", "W10", "bnVsbA", "WzFd", "%00", "WyIxIiwiMiJd", "é"])
async def test_a_bad_page_token_is_malformed(people: People, token: str) -> None:
    for path in ("/v1/projects", "/v1/members", "/v1/tokens", "/v1/datasets", "/v1/jobs", "/v1/ontologies"):
        problem = await people.ask("owner", "GET", path, params={"next_token": token}, expect=400)
        assert problem["code"] == "malformed"


@pytest.mark.parametrize("limit", ["0", "-1", "1001", "many", "1e9", ""])
async def test_a_bad_limit_is_refused(people: People, limit: str) -> None:
    response = await people.ask("owner", "GET", "/v1/datasets", params={"limit": limit})
    assert response.status_code in (400, 422) and "limit" in response.json()["path"], response.text

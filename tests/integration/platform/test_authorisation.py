"""Every route against every kind of caller, by a declared table; a route that is missing from it fails."""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio

from annotary.infra.settings import Settings
from annotary.kernel.ids import parse_id
from integration.platform.conftest import ALL
from integration.platform.people import DEFINITION, People, rows

pytestmark = pytest.mark.asyncio(loop_scope="module")

CALLERS = ("owner", "manager", "reviewer", "annotator", "outsider", "stranger")
# Nobody gets in without a token that is good; only a signed address needs none.
WITHOUT = ("nobody", "revoked", "expired")

ANYBODY = "200 200 200 200 200 200"
# What belongs to an organisation: its managers; everybody of another organisation is told it is not there.
MANAGED = "200 200 403 403 403 404"
MADE = "201 201 403 403 403 201"
LISTED = "200 200 403 403 403 200"
# What belongs to a project: those on it see it, those off it are told it is not there.
SEEN = "200 200 200 200 404 404"
RUN = "200 200 403 403 404 404"

TABLE = {
    "GET /v1/me": ANYBODY,
    "GET /v1/organisation": ANYBODY,
    "PATCH /v1/organisation": "200 403 403 403 403 200",
    "GET /v1/members": LISTED,
    "POST /v1/members": MADE,
    "GET /v1/members/{member}": MANAGED,
    "PATCH /v1/members/{member}": MANAGED,
    "DELETE /v1/members/{member}": MANAGED,
    "POST /v1/tokens": "201 201 201 201 201 201",
    "GET /v1/tokens": ANYBODY,
    "DELETE /v1/tokens/{token}": "200 200 404 404 404 404",
    "POST /v1/ontologies": MADE,
    "GET /v1/ontologies": LISTED,
    "GET /v1/ontologies/{ontology}": MANAGED,
    "PATCH /v1/ontologies/{ontology}": MANAGED,
    "POST /v1/ontologies/{ontology}/versions": "201 201 403 403 403 404",
    "GET /v1/ontologies/{ontology}/versions": MANAGED,
    "GET /v1/ontologies/{ontology}/versions/{version}": SEEN,
    "POST /v1/projects": MADE,
    "GET /v1/projects": ANYBODY,
    "GET /v1/projects/{project}": SEEN,
    "PATCH /v1/projects/{project}": RUN,
    "DELETE /v1/projects/{project}": MANAGED,
    "GET /v1/projects/{project}/members": "200 200 200 403 404 404",
    "GET /v1/projects/{project}/members/{member}": "200 200 200 403 404 404",
    "PUT /v1/projects/{project}/members/{member}": RUN,
    "DELETE /v1/projects/{project}/members/{member}": RUN,
    "POST /v1/projects/{project}/instructions": "201 201 403 403 404 404",
    "GET /v1/projects/{project}/instructions": SEEN,
    "POST /v1/datasets": MADE,
    "GET /v1/datasets": LISTED,
    "GET /v1/datasets/{dataset}": MANAGED,
    "DELETE /v1/datasets/{dataset}": MANAGED,
    "POST /v1/datasets/{dataset}/items": "201 201 403 403 403 404",
    "GET /v1/datasets/{dataset}/items": MANAGED,
    "GET /v1/items/{item}": MANAGED,
    "DELETE /v1/items/{item}": MANAGED,
    "POST /v1/assets": MADE,
    "POST /v1/assets/reference": MADE,
    "GET /v1/assets/{hash}": MANAGED,
    "GET /v1/assets/{hash}/url": MANAGED,
    "GET /v1/assets/{hash}/content": "403 403 403 403 403 403",
    "HEAD /v1/assets/{hash}/content": "403 403 403 403 403 403",
    "POST /v1/uploads": MADE,
    "GET /v1/uploads/{upload}": MANAGED,
    "PUT /v1/uploads/{upload}/chunks/{number}": MANAGED,
    "POST /v1/uploads/{upload}/complete": "201 201 403 403 403 404",
    "POST /v1/imports": "202 202 403 403 403 404",
    "POST /v1/exports": "202 202 403 403 404 404",
    "GET /v1/imports": LISTED,
    "GET /v1/exports": LISTED,
    "GET /v1/jobs": LISTED,
    "GET /v1/imports/{job}": RUN,
    "GET /v1/exports/{job}": RUN,
    "GET /v1/jobs/{job}": RUN,
    "DELETE /v1/jobs/{job}": RUN,
    "GET /v1/imports/{job}/refusals": RUN,
    "GET /v1/exports/{job}/content": "409 409 403 403 404 404",
}


class Things:
    """Makes, as the owner, what a route is about: fresh for every request, so that none spoils another."""

    def __init__(self, people: People, settings: Settings) -> None:
        self.people = people
        self.settings = settings
        self.names = (f"thing {number}" for number in itertools.count(1))

    async def make(self, route: str) -> tuple[str, dict[str, Any]]:
        """Return the path and the request for a route."""
        template = route.split()[1]
        found: dict[str, Any] = {"number": 0, "version": "1"}
        if "{member}" in template or "{token}" in template:
            found |= await self._member()
        if "{project}" in template or "{ontology}" in template or template in ("/v1/imports", "/v1/exports"):
            found |= await self._project()
        if "{job}" in template:
            found |= await self._job("export" if "exports" in template else "import")
        for name in ("dataset", "item", "upload", "hash"):
            if f"{{{name}}}" in template:
                found |= await getattr(self, f"_{name}")()
        if "{project}" in template and "{member}" in template:
            on_it = f"/v1/projects/{found['project']}/members/{found['member']}"
            await self.people.ask("owner", "PUT", on_it, {"role": "annotator"}, expect=201)
        body = REQUESTS.get(route, lambda things, found: {})(self, found)
        return template.format(**found), await body if isinstance(body, Awaitable) else body

    async def _member(self) -> dict[str, Any]:
        member = await self._post("/v1/members", {"name": next(self.names), "role": "annotator"})
        token = await self._post("/v1/tokens", {"member": member["id"], "name": "t"})
        return {"member": member["id"], "token": token["id"]}

    async def _project(self) -> dict[str, Any]:
        project = await self.people.project(next(self.names))
        for who in ("reviewer", "annotator"):
            path = f"/v1/projects/{project['id']}/members/{self.people.members[who]}"
            await self.people.ask("owner", "PUT", path, {"role": who}, expect=201)
        return {"project": project["id"], "ontology": project["ontology"]}

    async def _job(self, kind: str) -> dict[str, Any]:
        made = await self._project()
        body: dict[str, Any] = {"project": made["project"], "format": "jsonl"}
        if kind == "import":
            body["upload"] = (await self._hash())["hash"]
        return {"job": (await self._post(f"/v1/{kind}s", body, 202))["id"], **made}

    async def _dataset(self) -> dict[str, Any]:
        return {"dataset": (await self._post("/v1/datasets", self.named(modality="text")))["id"]}

    async def _item(self) -> dict[str, Any]:
        dataset = (await self._dataset())["dataset"]
        item = await self._post(f"/v1/datasets/{dataset}/items", {"payload": {"text": "t"}})
        return {"item": item["id"]}

    async def _upload(self) -> dict[str, Any]:
        upload = await self._post("/v1/uploads", {"name": "u", "size_bytes": 3})
        path = f"/v1/uploads/{upload['id']}/chunks/0"
        await self.people.ask("owner", "PUT", path, content=next(self.names)[-3:].encode(), expect=200)
        return {"upload": upload["id"]}

    async def _hash(self) -> dict[str, Any]:
        content = next(self.names).encode()
        asset = await self.people.ask("owner", "POST", "/v1/assets", content=content, expect=201)
        return {"hash": asset["hash"]}

    async def _post(self, path: str, body: dict[str, Any], expect: int = 201) -> Any:
        return await self.people.ask("owner", "POST", path, body, expect=expect)

    def named(self, **more: Any) -> dict[str, Any]:
        """Return a body with a name that was not used before."""
        return {"name": next(self.names), **more}

    def file(self) -> dict[str, Any]:
        """Make a file in an allowed folder, and return a reference to it."""
        path = self.settings.asset_roots[0] / next(self.names)
        path.write_text(path.name)
        return {"path": str(path)}

    async def import_of(self, found: dict[str, Any]) -> dict[str, Any]:
        """Return a request to import a file."""
        upload = (await self._hash())["hash"]
        return {"json": {"format": "jsonl", "upload": upload, "project": found["project"]}}


def published(things: Things) -> dict[str, Any]:
    """Return a definition that no version has."""
    return {**DEFINITION, "labels": [*DEFINITION["labels"], {"name": next(things.names)}]}


REQUESTS: dict[str, Callable[[Things, dict[str, Any]], Any]] = {
    "PATCH /v1/organisation": lambda t, f: {"json": t.named()},
    "POST /v1/members": lambda t, f: {"json": t.named(role="annotator")},
    "PATCH /v1/members/{member}": lambda t, f: {"json": {"name": "other"}},
    "POST /v1/tokens": lambda t, f: {"json": {"name": "mine"}},
    "POST /v1/ontologies": lambda t, f: {"json": t.named(modality="text", definition=DEFINITION)},
    "PATCH /v1/ontologies/{ontology}": lambda t, f: {"json": t.named()},
    "POST /v1/ontologies/{ontology}/versions": lambda t, f: {"json": {"definition": published(t)}},
    "POST /v1/projects": lambda t, f: {"json": t.named(modality="text", definition=DEFINITION)},
    "PATCH /v1/projects/{project}": lambda t, f: {"json": {"state": "paused"}},
    "PUT /v1/projects/{project}/members/{member}": lambda t, f: {"json": {"role": "reviewer"}},
    "POST /v1/projects/{project}/instructions": lambda t, f: {"json": {"body": "Read this."}},
    "POST /v1/datasets": lambda t, f: {"json": t.named(modality="text")},
    "POST /v1/datasets/{dataset}/items": lambda t, f: {"json": {"payload": {"text": "new"}}},
    "POST /v1/assets": lambda t, f: {"content": next(t.names).encode()},
    "POST /v1/assets/reference": lambda t, f: {"json": t.file()},
    "GET /v1/assets/{hash}/content": lambda t, f: {
        "params": {"organisation": "0" * 32, "expires": "9999999999", "signature": "0" * 64}
    },
    "HEAD /v1/assets/{hash}/content": lambda t, f: {
        "params": {"organisation": "0" * 32, "expires": "9999999999", "signature": "0" * 64}
    },
    "POST /v1/uploads": lambda t, f: {"json": t.named(size_bytes=1)},
    "PUT /v1/uploads/{upload}/chunks/{number}": lambda t, f: {"content": b"abc"},
    "POST /v1/imports": lambda t, f: t.import_of(f),
    "POST /v1/exports": lambda t, f: {"json": {"project": f["project"]}},
}


def declared() -> set[str]:
    """Return every route of the platform, with path parameters by name only."""
    return {
        f"{method} {path.replace(':str', '').replace(':int', '')}"
        for handler in ALL
        for path in handler.paths
        for method in handler.http_methods
    }


async def test_every_route_is_in_the_table() -> None:
    assert declared() == set(TABLE)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def things(people: People, settings: Settings) -> Things:
    """Makes things, with tokens that are no longer good among the people's."""
    await people.hire("revoked", "owner")
    await people.hire("expired", "owner")
    issued = await people.ask("revoked", "GET", "/v1/tokens", expect=200)
    [token] = [one for one in issued["items"] if one["member"] == people.members["revoked"]]
    await people.ask("owner", "DELETE", f"/v1/tokens/{token['id']}", expect=200)
    await rows(
        settings,
        "UPDATE tokens SET expires_at = $1 WHERE member_id = $2",
        datetime.now(UTC) - timedelta(seconds=1),
        parse_id("member", people.members["expired"]),
    )
    return Things(people, settings)


@pytest.mark.parametrize("route", TABLE)
async def test_who_may_do_what(people: People, things: Things, settings: Settings, route: str) -> None:
    method = route.split()[0]
    expected = dict(zip(CALLERS, map(int, TABLE[route].split()), strict=True))
    expected |= dict.fromkeys(WITHOUT, 403 if "content" in route and "assets" in route else 401)
    for who, code in expected.items():
        path, request = await things.make(route)
        before = await _events(settings)
        response = await people.ask(who, method, path, **request)
        assert response.status_code == code, (who, route, response.text)
        written = await _events(settings) - before
        if method in ("POST", "PUT", "PATCH", "DELETE") and code < 300:
            assert written > 0, f"{route} as {who} wrote no event"
        else:
            assert written == 0, f"{route} as {who} was refused or only read, and wrote an event"
        if code in (401, 403, 404) and method != "HEAD":
            assert response.headers["content-type"].startswith("application/problem+json")
            assert response.json()["status"] == code


async def _events(settings: Settings) -> int:
    [row] = await rows(settings, "SELECT count(*) FROM events")
    return int(row[0])

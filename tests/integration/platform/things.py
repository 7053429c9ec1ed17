"""What every route of the platform is about, made fresh for a request, and a good request for it."""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable
from typing import Any

from annotary.infra.settings import Settings
from annotary.services.platform import platform_application
from integration.platform.people import DEFINITION, People


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
        if "{publication}" in template or "{reference}" in template:
            found |= await self._publication()
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

    async def _publication(self) -> dict[str, Any]:
        made = await self._project()
        body = {"steps": new_label(self), "projects": [made["project"]]}
        published = await self._post(f"/v1/ontologies/{made['ontology']}/publications", body)
        return {"publication": published["id"], "reference": published["version"]["id"], **made}

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


def new_label(things: Things) -> list[dict[str, Any]]:
    """Return steps to a version that there is not."""
    return [{"step": "add_label", "label": {"name": next(things.names)}}]


# What is asked with a body, and changes nothing.
READING = {"POST /v1/ontologies/{ontology}/check"}
REQUESTS: dict[str, Callable[[Things, dict[str, Any]], Any]] = {
    "PATCH /v1/organisation": lambda t, f: {"json": t.named()},
    "POST /v1/members": lambda t, f: {"json": t.named(role="annotator")},
    "PATCH /v1/members/{member}": lambda t, f: {"json": {"name": "other"}},
    "POST /v1/tokens": lambda t, f: {"json": {"name": "mine"}},
    "POST /v1/ontologies": lambda t, f: {"json": t.named(modality="text", definition=DEFINITION)},
    "PATCH /v1/ontologies/{ontology}": lambda t, f: {"json": t.named()},
    "POST /v1/ontologies/{ontology}/versions": lambda t, f: {"json": {"definition": published(t)}},
    "POST /v1/ontologies/{ontology}/check": lambda t, f: {"json": {"steps": new_label(t)}},
    "POST /v1/ontologies/{ontology}/publications": lambda t, f: {"json": {"steps": new_label(t)}},
    "POST /v1/publications/{publication}/withdraw": lambda t, f: {"json": {}},
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
    """Return every route of the platform's application, with path parameters by name only."""
    app: Any = platform_application(Settings()).app
    return {
        f"{method} {route.path_format}"
        for route in app.routes
        if route.path.startswith("/v1/")
        for method in set(route.methods) - {"OPTIONS"}
    }

"""What every route of the platform is about, made fresh for a request, and a good request for it."""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable
from typing import Any

from annotary.infra.settings import Settings
from annotary.kernel.ids import format_id, new_id, parse_id
from annotary.services.platform import platform_application
from integration.platform.people import DEFINITION, People, rows
from integration.platform.things_log import LOG_REQUESTS, make_of_log


class Things:
    """Makes, as the owner, what a route is about: fresh for every request, so that none spoils another."""

    def __init__(self, people: People, settings: Settings) -> None:
        self.people = people
        self.settings = settings
        self.names = (f"thing {number}" for number in itertools.count(1))
        # Of what an organisation has only so many of, the one made last gives way to the next.
        self.made_before: dict[str, str] = {}

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
        if "{invitation}" in template:
            found["invitation"] = (await self._post("/v1/invitations", {"role": "annotator"}))["id"]
        for name in ("dataset", "item", "upload", "hash", "session", "outcome"):
            if f"{{{name}}}" in template:
                found |= await getattr(self, f"_{name}")()
        found |= await make_of_log(self, route)
        if "{project}" in template and "{member}" in template:
            on_it = f"/v1/projects/{found['project']}/members/{found['member']}"
            await self.people.ask("owner", "PUT", on_it, {"role": "annotator"}, expect=201)
        body = REQUESTS.get(route, lambda things, found: {})(self, found)
        return template.format(**found), await body if isinstance(body, Awaitable) else body

    async def _member(self) -> dict[str, Any]:
        member = await self._post("/v1/members", {"name": next(self.names), "role": "annotator"})
        token = await self._post("/v1/tokens", {"member": member["id"], "name": "t"})
        return {"member": member["id"], "token": token["id"]}

    async def _session(self) -> dict[str, Any]:
        body = {"token": self.people.tokens["owner"]}
        await self.people.ask("nobody", "POST", "/v1/session", body, headers=OWN_PAGE, expect=201)
        # What asks from here on shows its token.
        self.people.client.cookies.clear()
        return {
            "session": (await self.people.ask("owner", "GET", "/v1/me/sessions", expect=200))["items"][0][
                "id"
            ]
        }

    async def _project(self) -> dict[str, Any]:
        project = await self.people.project(next(self.names))
        for who in ("reviewer", "annotator"):
            path = f"/v1/projects/{project['id']}/members/{self.people.members[who]}"
            await self.people.ask("owner", "PUT", path, {"role": who}, expect=201)
        return {"project": project["id"], "ontology": project["ontology"]}

    async def _outcome(self) -> dict[str, Any]:
        """Write an outcome into the tables of texts."""
        made, outcome = await self._project(), new_id()
        owner = await self.people.ask("owner", "GET", "/v1/me", expect=200)
        organisation = parse_id("organisation", owner["organisation"]["id"])
        await rows(
            self.settings,
            "INSERT INTO text.outcomes (id, task_id, project_id, organisation_id, version, answer,"
            " content_hash, ontology_version_id, aggregator, confidence, submission_ids)"
            " VALUES ($1, $1, $2, $3, 1, '{}', $4, $1, 'single', 1, '{}')",
            *(outcome, parse_id("project", made["project"]), organisation, b"h" * 32),
        )
        return {"outcome": format_id("outcome", outcome)}

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
READING = {"POST /v1/ontologies/{ontology}/check", "DELETE /v1/session"}
# Of a request with a secret nothing is kept, so it is never answered from what was said before.
SECRET = {
    "POST /v1/session",
    "PUT /v1/me/password",
    "POST /v1/invitations/look",
    "POST /v1/invitations/accept",
}
# Nobody's secrets, in the form that they have.
CODE, TOKEN = "ani_" + "x" * 43, "ann_" + "x" * 43
FORGED = {"params": {"organisation": "0" * 32, "expires": "9999999999", "signature": "0" * 64}}
OWN_PAGE = {"X-Annotary-Request": "1"}
REQUESTS: dict[str, Callable[[Things, dict[str, Any]], Any]] = {
    "POST /v1/session": lambda t, f: {"json": {"token": TOKEN}, "headers": OWN_PAGE},
    "DELETE /v1/session": lambda t, f: {"headers": OWN_PAGE},
    "PATCH /v1/me": lambda t, f: {"json": t.named()},
    "PUT /v1/me/password": lambda t, f: {"json": {"password": "a long walk by the sea"}},
    "POST /v1/invitations": lambda t, f: {"json": {"role": "annotator"}},
    "POST /v1/invitations/look": lambda t, f: {"json": {"code": CODE}},
    "POST /v1/invitations/accept": lambda t, f: {
        "json": {"code": CODE, "password": "a long walk by the sea"},
        "headers": OWN_PAGE,
    },
    "PATCH /v1/organisation": lambda t, f: {"json": t.named()},
    "POST /v1/members": lambda t, f: {"json": t.named(role="annotator")},
    "PATCH /v1/members/{member}": lambda t, f: {"json": {"name": "other"}},
    "POST /v1/tokens": lambda t, f: {"json": {"name": "mine"}},
    "POST /v1/ontologies": lambda t, f: {"json": t.named(modality="text", definition=DEFINITION)},
    "PATCH /v1/ontologies/{ontology}": lambda t, f: {"json": t.named()},
    "GET /v1/ontologies/{ontology}/differences": lambda t, f: {"params": {"before": "1", "after": "1"}},
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
    "GET /v1/assets/{hash}/content": lambda t, f: FORGED,
    "HEAD /v1/assets/{hash}/content": lambda t, f: FORGED,
    "GET /v1/assets/{hash}/frames": lambda t, f: FORGED,
    "GET /v1/assets/{hash}/frames/strips/{number}": lambda t, f: FORGED,
    "GET /v1/assets/{hash}/thumbnail": lambda t, f: FORGED,
    "POST /v1/uploads": lambda t, f: {"json": t.named(size_bytes=1)},
    "PUT /v1/uploads/{upload}/chunks/{number}": lambda t, f: {"content": b"abc"},
    "POST /v1/imports": lambda t, f: t.import_of(f),
    "POST /v1/exports": lambda t, f: {"json": {"project": f["project"]}},
    **LOG_REQUESTS,
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

"""People of every kind, who ask the platform over HTTP, and what they leave in its tables."""

from __future__ import annotations

from typing import Any

import asyncpg
import httpx
from litestar import Litestar

from annotary.infra.settings import Settings

DEFINITION = {"tools": {"classification": {}}, "labels": [{"name": "good"}, {"name": "bad"}]}


class People:
    """A client and the tokens of people, by what they are."""

    def __init__(self, client: httpx.AsyncClient, app: Litestar) -> None:
        self.client = client
        self.app = app
        self.tokens: dict[str, str] = {}
        self.members: dict[str, str] = {}

    async def ask(
        self, who: str, method: str, path: str, body: Any = None, *, expect: int | None = None, **options: Any
    ) -> Any:
        """Ask as somebody; returns the decoded reply when a code is expected, else the response."""
        headers = dict(options.pop("headers", {}))
        if who in self.tokens:
            headers["Authorization"] = f"Bearer {self.tokens[who]}"
        if body is not None:
            options["json"] = body
        response = await self.client.request(method, path, headers=headers, **options)
        if expect is None:
            return response
        assert response.status_code == expect, (method, path, response.status_code, response.text)
        return response.json() if response.content else None

    async def hire(self, who: str, role: str, by: str = "owner") -> str:
        """Make a member with a token; returns the member's id."""
        member = await self.ask(by, "POST", "/v1/members", {"name": who, "role": role}, expect=201)
        token = await self.ask(by, "POST", "/v1/tokens", {"member": member["id"], "name": "t"}, expect=201)
        self.tokens[who], self.members[who] = token["token"], member["id"]
        return str(member["id"])

    async def project(self, name: str, modality: str = "text", **more: Any) -> dict[str, Any]:
        """Make a project with an ontology of its own."""
        body = {"name": name, "modality": modality, "definition": DEFINITION, **more}
        made: dict[str, Any] = await self.ask("owner", "POST", "/v1/projects", body, expect=201)
        return made


async def rows(settings: Settings, statement: str, *arguments: Any) -> list[asyncpg.Record]:
    """Read from the platform's tables."""
    connection = await asyncpg.connect(
        settings.database_urls["platform"], server_settings={"search_path": "platform"}
    )
    try:
        found: list[asyncpg.Record] = await connection.fetch(statement, *arguments)
    finally:
        await connection.close()
    return found

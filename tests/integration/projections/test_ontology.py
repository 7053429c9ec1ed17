"""Ontologies, publications and projects at random, over HTTP: their events add up to the tables."""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio
from litestar.testing import AsyncTestClient

from annotary.infra.postgres import Database
from annotary.infra.settings import SERVICES, Settings
from annotary.services.jobs_schema import migrate_jobs
from annotary.services.platform import platform_application
from integration.conftest import CLASSES, Seed
from integration.projections.state import State
from integration.projections.tables import ONTOLOGY, hold_against_tables, read_log, read_state

ROUNDS = 60
Reply = dict[str, Any]


class Managers:
    """What managers do to ontologies and projects; what is refused has no effect."""

    def __init__(self, client: httpx.AsyncClient, headers: dict[str, str], chance: random.Random) -> None:
        self.client, self.headers, self.chance = client, headers, chance
        self.names = (f"name {number}" for number in itertools.count())
        self.ontologies: list[str] = []
        self.projects: list[Reply] = []
        self.publications: list[str] = []

    async def ask(self, method: str, path: str, body: Reply) -> Reply:
        headers = self.headers | {"Idempotency-Key": str(uuid4())}
        reply = await self.client.request(method, f"/v1{path}", json=body, headers=headers)
        assert reply.status_code < 500, reply.text
        found: Reply = reply.json()
        return found if reply.status_code < 400 else {}

    async def make_ontology(self) -> None:
        body = {"name": next(self.names), "modality": "text", "definition": CLASSES}
        self.ontologies.append((await self.ask("POST", "/ontologies", body))["id"])

    async def make_project(self) -> None:
        body = {"name": next(self.names), "modality": "text"}
        body |= {"ontology": self.chance.choice(self.ontologies), "instructions": "Read."}
        self.projects.append(await self.ask("POST", "/projects", body))

    async def rename(self) -> None:
        await self.ask(
            "PATCH", f"/ontologies/{self.chance.choice(self.ontologies)}", {"name": next(self.names)}
        )

    async def change_project(self) -> None:
        path = f"/projects/{self.chance.choice(self.projects)['id']}"
        if self.chance.random() < 0.3:
            await self.ask("POST", f"{path}/instructions", {"body": next(self.names)})
        await self.ask("PATCH", path, {"state": self.chance.choice(["active", "paused"])})

    async def add_version(self) -> None:
        labels = [*CLASSES["labels"], {"name": next(self.names)}]  # type: ignore[misc]
        body = {"definition": CLASSES | {"labels": labels}}
        await self.ask("POST", f"/ontologies/{self.chance.choice(self.ontologies)}/versions", body)

    async def publish(self) -> None:
        ontology = self.chance.choice(self.ontologies)
        body: Reply = {"steps": [{"step": "add_label", "label": {"name": next(self.names)}}]}
        if self.chance.random() < 0.5:
            body["share"] = self.chance.choice([0.25, 0.1])
        among = [one["id"] for one in self.projects if one["ontology"] == ontology]
        if among and self.chance.random() < 0.5:
            body["projects"] = [self.chance.choice(among)]
        if self.chance.random() < 0.5:
            body["reason"] = next(self.names)
        made = await self.ask("POST", f"/ontologies/{ontology}/publications", body)
        self.publications += [made["id"]] if made else []

    async def end_publication(self) -> None:
        if self.publications:
            verb = self.chance.choice(["complete", "withdraw"])
            await self.ask("POST", f"/publications/{self.chance.choice(self.publications[-4:])}/{verb}", {})

    async def act(self) -> None:
        often = (self.publish, self.end_publication, self.end_publication)
        rarely = (self.make_project, self.rename, self.change_project, self.add_version)
        await self.chance.choice((*often, *often, *rarely))()


@pytest_asyncio.fixture
async def client(database_url: str, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """The platform's service over this test's database."""
    await asyncio.to_thread(migrate_jobs_now, database_url)
    settings = Settings(
        data_dir=tmp_path, database_urls=dict.fromkeys(SERVICES, database_url), signing_key=b"k" * 32
    )
    async with AsyncTestClient(app=platform_application(settings).app) as opened:  # type: ignore[arg-type]
        yield opened


def migrate_jobs_now(url: str) -> None:
    asyncio.run(migrate_jobs(url))


@pytest.mark.parametrize("seed", range(2))
async def test_events_of_ontologies_add_up_to_the_tables(
    client: httpx.AsyncClient,
    connect: Callable[..., Awaitable[Database]],
    database_url: str,
    seed: int,
) -> None:
    platform = await connect(database_url, "platform")
    managers = Managers(client, await Seed(platform).hire("owner"), random.Random(seed))
    for _ in range(2):
        await managers.make_ontology()
        await managers.make_project()
    moments = []
    for number in range(ROUNDS):
        if number % 20 == 0:
            moments.append((await read_state(platform, ONTOLOGY), (await read_log(platform))[1]))
        await managers.act()
    for state, position in moments:
        later, _ = await read_log(platform, position)
        await hold_against_tables(platform, ONTOLOGY, state, later)
    every, _ = await read_log(platform)
    for events in (every, every[::-1]):
        await hold_against_tables(platform, ONTOLOGY, State(), events)
    happened = {event.type for event in every}
    assert {"publication.watching", "publication.full", "publication.withdrawn"} <= happened
    assert {"ontology.renamed", "instructions.published"} <= happened, "too little happened"

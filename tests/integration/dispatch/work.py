"""A modality's service without HTTP, over a real database: what tests of dispatch and submissions drive."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec

from annotary.dispatch import rules
from annotary.dispatch.service import Dispatcher
from annotary.dispatch.store import connect_for_groups
from annotary.dispatch.values import Lease
from annotary.identity.values import Caller, Role
from annotary.infra.postgres import Database
from annotary.kernel.ids import new_id
from annotary.ontology.rules import content_hash
from annotary.ontology.values import Definition
from annotary.submissions.service import Intake
from annotary.submissions.values import SubmissionRequest, Taken

DEFINITION: dict[str, Any] = {
    "tools": {"classification": {}},
    "labels": [{"name": "yes"}, {"name": "no"}],
}
ORGANISATION = new_id()
YES = b'{"classification":[{"label":"yes"}]}'
NO = b'{"classification":[{"label":"no"}]}'


@dataclass
class Work:
    """One project of texts, its members, and the service over them."""

    database: Database
    hot: Database
    dispatcher: Dispatcher
    intake: Intake
    project: uuid.UUID = field(default_factory=new_id)
    version: uuid.UUID = field(default_factory=new_id)

    @classmethod
    async def start(cls, url: str) -> Work:
        """Connect to a migrated database as the service does, and make a project."""
        database = await Database.connect(url, "text", connections_max=4)
        hot = await connect_for_groups(url, "text")
        dispatcher = Dispatcher(database, hot)
        work = cls(database, hot, dispatcher, Intake("text", database, hot, dispatcher))
        await work.add_project(work.project)
        return work

    async def close(self) -> None:
        """Close the connections."""
        await self.hot.close()
        await self.database.close()

    async def add_project(self, project: uuid.UUID, *, weight: float = 1.0, lease_seconds: int = 600) -> None:
        """Add a project with the ontology yes/no."""
        definition = msgspec.convert(DEFINITION, Definition)
        await self.database.execute(
            "INSERT INTO ontology_versions (id, organisation_id, ontology_id, number, modality, definition,"
            " content_hash) VALUES ($1, $2, $3, 1, 'text', $4, $5) ON CONFLICT DO NOTHING",
            self.version,
            ORGANISATION,
            new_id(),
            msgspec.json.encode(DEFINITION).decode(),
            content_hash(definition),
        )
        await self.database.execute(
            "INSERT INTO projects (id, organisation_id, name, modality, ontology_id, ontology_version_id,"
            " weight, lease_seconds) VALUES ($1, $2, 'p', 'text', $3, $4, $5, $6)",
            project,
            ORGANISATION,
            new_id(),
            self.version,
            weight,
            lease_seconds,
        )
        self.dispatcher.forget()

    async def add_tasks(
        self, count: int, *, overlap: int = 1, project: uuid.UUID | None = None, priority: str = "normal"
    ) -> list[uuid.UUID]:
        """Release a batch of texts; returns the ids of its tasks."""
        batch, project = new_id(), project or self.project
        tasks = sorted(new_id() for _ in range(count))
        key = rules.order_key(datetime.now(UTC), priority, None)  # type: ignore[arg-type]
        await self.database.execute(
            "INSERT INTO batches (id, organisation_id, project_id, name, priority, overlap, order_key)"
            " VALUES ($1, $2, $3, 'b', $4, $5, $6)",
            batch,
            ORGANISATION,
            project,
            priority,
            overlap,
            key,
        )
        await self.database.execute(
            "INSERT INTO tasks (id, project_id, batch_id, organisation_id, overlap, order_key)"
            " SELECT id, $2, $3, $4, $5, $6 FROM unnest($1::uuid[]) AS id",
            tasks,
            project,
            batch,
            ORGANISATION,
            overlap,
            key,
        )
        await self.database.execute(
            "INSERT INTO task_items (task_id, project_id, item_id, unique_id, payload, created_at)"
            """ SELECT id, $2, id, id::text, '{"text":"hello"}', now() FROM unnest($1::uuid[]) AS id""",
            tasks,
            project,
        )
        return tasks

    async def step_clock(self, seconds: float) -> None:
        """Move the database's clock, for every service of the schema."""
        await self.database.execute(
            "INSERT INTO clock_steps (step) VALUES (make_interval(secs => $1))"
            " ON CONFLICT (singleton) DO UPDATE SET step = clock_steps.step + EXCLUDED.step",
            seconds,
        )

    async def claim(
        self,
        caller: Caller,
        count: int = 1,
        *,
        project: uuid.UUID | None = None,
        key: str | None = None,
        anywhere: bool = False,
    ) -> list[Lease]:
        """Claim as the HTTP edge does."""
        keyed = (key, b"\1" * 32) if key else None
        wanted = None if anywhere else project or self.project
        leases = await self.dispatcher.claim(caller, wanted, count, 0, keyed)
        self.intake.keep(caller.member_id, leases)
        return leases

    async def submit(
        self,
        caller: Caller,
        lease: Lease,
        *,
        answer: bytes = YES,
        fence: int | None = None,
        key: str | None = None,
        claim_next: int = 0,
    ) -> Taken:
        """Submit as the HTTP edge does."""
        fence = lease.fence if fence is None else fence
        asked = SubmissionRequest(fence, msgspec.Raw(answer), 1.0, claim_next)
        digest = content_hash_of(lease.assignment_id.bytes + answer + str((fence, claim_next)).encode())
        return await self.intake.submit(caller, lease.assignment_id, asked, key or str(uuid.uuid4()), digest)

    async def rows(self, query: str, *arguments: object) -> Sequence[Any]:
        """Look into the tables."""
        return await self.database.fetch(query, *arguments)


def content_hash_of(content: bytes) -> bytes:
    """Return 32 bytes that stand for a request's content."""
    import hashlib

    return hashlib.sha256(content).digest()


def member(role: Role = Role.MANAGER) -> Caller:
    """Return a new member; a manager reaches every project of the organisation."""
    return Caller(new_id(), ORGANISATION, role, "member", {})

"""Who is present: kept in a table that every process of a service reads, and kept fresh by the process."""

from __future__ import annotations

from uuid import UUID

from annotary.infra.postgres import Database
from annotary.kernel.clock import Monotonic
from annotary.kernel.limits import PRESENCE_FRESH_SECONDS, PRESENCE_SECONDS_MAX
from annotary.live import store
from annotary.live.store import QUERIES
from annotary.live.values import Here


class Presences:
    """What this process's connections have open, and what of it is stored."""

    def __init__(self, database: Database, monotonic: Monotonic) -> None:
        self._database = database
        self._monotonic = monotonic
        self._here: dict[tuple[UUID, UUID], tuple[UUID, Here]] = {}
        self._stored: dict[tuple[UUID, UUID], tuple[UUID, Here]] = {}
        self._seen_at = 0.0

    def put(self, connection: UUID, member: UUID, here: Here) -> None:
        """A member has a project open."""
        self._here[connection, here.project_id] = member, here

    def move(self, connection: UUID, project: UUID, assignment: UUID | None) -> None:
        """A member who has a project open is at another task, or at none."""
        if (connection, project) in self._here:
            member, _ = self._here[connection, project]
            self._here[connection, project] = member, Here(project, assignment)

    def remove(self, connection: UUID, project: UUID | None = None) -> None:
        """A project is not open any more; without one: none of the connection's is."""
        for key in [key for key in self._here if key[0] == connection and project in (None, key[1])]:
            del self._here[key]

    async def keep(self) -> None:
        """Store what changed."""
        here = dict(self._here)
        gone = [key for key in self._stored if key not in here]
        new = {key: value for key, value in here.items() if self._stored.get(key) != value}
        await store.remove_presences(self._database, gone)
        await store.put_presences(
            self._database, [(key[0], member, one) for key, (member, one) in new.items()]
        )
        now = self._monotonic()
        if now - self._seen_at >= PRESENCE_FRESH_SECONDS:
            await self._database.execute(QUERIES.see_presences, list({key[0] for key in here}))
            await self._database.execute(QUERIES.forget_presences, PRESENCE_SECONDS_MAX)
            self._seen_at = now
        self._stored = here

    async def end(self) -> None:
        """Remove what this process stored."""
        await store.remove_presences(self._database, self._stored)
        self._stored = {}

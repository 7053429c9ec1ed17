"""The chain behind an outcome, its history, and going back to an earlier version."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import quote

from annotary.client.transport import Transport
from annotary.client.values import Modality, Outcome

Shown = dict[str, Any]


class Lineage:
    """`client.lineage`: how outcomes came about. For managers; reviewers see it without identities."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def trace(self, named: str, *, modality: Modality | None = None) -> Shown:
        """Return every step behind an outcome, or behind a task's current one, by id.

        Steps name the events that prove them (`service.sequence`); `events` has these. Without a `modality`
        the platform is asked which one has it.
        """
        modality = modality or self.modality_of(named)
        return self._transport.read(f"/v1/{modality}/outcomes/{quote(named, safe='')}/lineage", Shown)

    def modality_of(self, named: str) -> Modality:
        """Return which modality has an outcome or a task."""
        reply = self._transport.send("GET", f"/v1/outcomes/{quote(named, safe='')}/lineage", safe=True)
        return cast(Modality, reply.headers["location"].split("/")[2])

    def history(self, modality: Modality, task: str) -> Shown:
        """Return the versions of a task's outcome, newest first, each with what it changed in words."""
        return self._transport.read(f"/v1/{modality}/outcomes/{quote(task, safe='')}/history", Shown)

    def revert(self, modality: Modality, outcome: str, *, reason: str = "") -> Outcome:
        """Go back to an earlier version: what it said becomes the next one, which is returned."""
        path = f"/v1/{modality}/outcomes/{quote(outcome, safe='')}/revert"
        return self._transport.write("POST", path, Outcome, {"reason": reason})

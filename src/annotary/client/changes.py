"""Versions published, answers migrated and corrected, and all of it taken back."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal
from urllib.parse import quote

import msgspec

from annotary.client.transport import Transport
from annotary.client.values import Modality, OntologyVersion

POLL_SECONDS_FIRST, POLL_SECONDS_LONGEST = 0.05, 1.0
ENDED = ("following", "succeeded", "failed", "cancelled", "paused", "proposed")
Shown = dict[str, Any]


class Change(msgspec.Struct, frozen=True):
    """A change of a project's stored answers: `done` of `total`; `counts` say what became of them."""

    id: str
    kind: Literal["migration", "correction", "rollback"]
    project: str
    ontology_version: str
    state: str
    counts: dict[str, int]
    done: int
    created_at: datetime
    total: int | None = None
    reason: str | None = None
    reverts: str | None = None
    job: str | None = None
    created_by: str | None = None
    approved_by: str | None = None


class Publication(msgspec.Struct, frozen=True):
    """A version on its way to the projects of its ontology; `changes` has each project's migration."""

    id: str
    ontology: str
    version: OntologyVersion
    previous: str
    state: Literal["watching", "full", "withdrawn"]
    projects: list[str]
    share: float
    checked: Shown
    changes: dict[str, str]
    created_at: datetime
    watched: Shown | None = None
    reason: str | None = None


class Publications:
    """`client.publications`: an ontology's versions checked, published to some or all, and taken back."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def check(self, ontology: str, **new: Any) -> Shown:
        """Return what publishing would do; `new` is as for `publish`. Nothing is written."""
        path = f"/v1/ontologies/{ontology}/check"
        return self._transport.write("POST", path, Shown, new, keyed=False)

    def publish(self, ontology: str, **new: Any) -> Publication:
        """Publish a version by its `steps`, its `definition`, or both.

        `projects` and `share` try it there first; `migrate=False` leaves stored answers where they are, which
        a breaking change does not allow.
        """
        return self._transport.write("POST", f"/v1/ontologies/{ontology}/publications", Publication, new)

    def list(self, ontology: str) -> Iterator[Publication]:
        """Yield the publications of an ontology, oldest first."""
        return self._transport.pages(f"/v1/ontologies/{ontology}/publications", Publication)

    def get(self, publication: str) -> Publication:
        """Return a publication, with what was seen of a version on trial."""
        return self._transport.read(f"/v1/publications/{publication}", Publication)

    def complete(self, publication: str) -> Publication:
        """Give a version on trial to all projects."""
        return self._transport.write("POST", f"/v1/publications/{publication}/complete", Publication, {})

    def withdraw(self, publication: str, *, reason: str = "") -> Publication:
        """Take a version back at once, with the answers that went along."""
        path = f"/v1/publications/{publication}/withdraw"
        return self._transport.write("POST", path, Publication, {"reason": reason})


class Changes:
    """`client.changes`: migrations, corrections and rollbacks of a project's stored answers."""

    def __init__(self, transport: Transport, sleep: Callable[[float], None] = time.sleep) -> None:
        self._transport = transport
        self._sleep = sleep

    def migrate(
        self, modality: Modality, project: str, *, ambiguous: Literal["keep", "requeue"] = "keep"
    ) -> Change:
        """Bring a project's answers to the version it works with."""
        body = {"project": project, "ambiguous": ambiguous}
        return self._transport.write("POST", f"/v1/{modality}/migrations", Change, body)

    def preview(self, modality: Modality, project: str, **correction: Any) -> Shown:
        """Return what a correction would do: counts and samples. Nothing is written."""
        path = f"/v1/{modality}/corrections/preview"
        return self._transport.write("POST", path, Shown, {"project": project, **correction}, keyed=False)

    def correct(self, modality: Modality, project: str, *, reason: str, **correction: Any) -> Change:
        """Correct answers: `filter` with `steps`, or `answers` one by one. A large one is only proposed."""
        body = {"project": project, "reason": reason, **correction}
        return self._transport.write("POST", f"/v1/{modality}/corrections", Change, body)

    def list(self, modality: Modality, project: str) -> Iterator[Change]:
        """Yield the changes of a project's answers, oldest first."""
        return self._transport.pages(f"/v1/{modality}/changes", Change, {"project": project})

    def get(self, modality: Modality, change: str) -> Change:
        """Return a change."""
        return self._transport.read(f"/v1/{modality}/changes/{change}", Change)

    def unchanged(self, modality: Modality, change: str) -> Iterator[Shown]:
        """Yield the answers that a change left as they were, with the reasons."""
        return self._transport.pages(f"/v1/{modality}/changes/{change}/unchanged", Shown)

    def act(
        self,
        modality: Modality,
        change: str,
        action: Literal["pause", "resume", "cancel", "rollback", "approve"],
    ) -> Change:
        """Pause, resume, cancel, take back or approve a change; returns it, or the rollback."""
        return self._transport.write("POST", f"/v1/{modality}/changes/{change}/{action}", Change, {})

    def wait(
        self, modality: Modality, change: str, *, progress: Callable[[int, int | None], None] | None = None
    ) -> Change:
        """Wait until a change is done, stopped, or waits for people."""
        pause = POLL_SECONDS_FIRST
        while (found := self.get(modality, change)).state not in ENDED:
            if progress:
                progress(found.done, found.total)
            self._sleep(pause)
            pause = min(pause * 1.5, POLL_SECONDS_LONGEST)
        return found

    def hash(self, modality: Modality, project: str) -> str:
        """Return one hash over the ids and bytes of all stored answers of a project."""
        path = f"/v1/{modality}/answers/hash"
        return str(self._transport.read(path, Shown, {"project": project})["hash"])


class Registry:
    """`client.registry`: versions fetched once, by id, content hash, or `name@3`, and kept."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._kept: dict[str, tuple[str, OntologyVersion]] = {}

    def get(self, reference: str) -> OntologyVersion:
        """Return a version: by id or hash it is fetched once, by name the server is asked if it changed."""
        kept = self._kept.get(reference)
        if kept is not None and "@" not in reference:
            return kept[1]
        headers: Mapping[str, str] = {"If-None-Match": kept[0]} if kept else {}
        path = f"/v1/registry/{quote(reference, safe='')}"
        reply = self._transport.send("GET", path, headers=headers, safe=True)
        if reply.status_code == 304 and kept is not None:
            return kept[1]
        version = msgspec.json.decode(reply.content, type=OntologyVersion)
        self._keep(reply.headers.get("etag", ""), version, (reference, version.id, version.content_hash))
        return version

    def _keep(self, tag: str, version: OntologyVersion, names: Sequence[str]) -> None:
        for name in names:
            self._kept[name] = (tag, version)

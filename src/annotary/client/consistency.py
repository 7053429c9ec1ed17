"""Checks for contradictions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal

from annotary.client.transport import Transport
from annotary.client.values import Modality

Wanted = Literal["report", "review", "requeue"]
Shown = dict[str, Any]


class Consistency:
    """`client.consistency`: contradictions among accepted outcomes."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def check(
        self,
        modality: Modality,
        project: str,
        *,
        kinds: Sequence[str] | None = None,
        wanted: Wanted = "report",
        similarity: float = 0.8,
        score_min: float = 0.0,
    ) -> str:
        """Start a check; returns its job, which `client.jobs.wait` waits for."""
        body: Shown = {
            "project": project,
            "wanted": wanted,
            "similarity": similarity,
            "score_min": score_min,
        }
        if kinds is not None:
            body["kinds"] = list(kinds)
        started = self._transport.write("POST", f"/v1/{modality}/consistency", dict[str, str], body)
        return started["job"]

    def list(
        self, modality: Modality, project: str, *, run: str | None = None, kind: str | None = None
    ) -> Iterator[Shown]:
        """Yield what checks found: of one run (its job), of one kind, if so asked."""
        params = {"project": project, "run": run, "kind": kind}
        return self._transport.pages(f"/v1/{modality}/consistency", Shown, params)

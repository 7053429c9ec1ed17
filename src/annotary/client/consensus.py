"""Runs over a project's outcomes, and what dynamic overlap saved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec

from annotary.client.transport import Transport
from annotary.client.values import Modality, OverlapTarget


class ConsensusRun(msgspec.Struct, frozen=True):
    """A run over outcomes; its progress is that of its `job`. `summary` says what it changed."""

    id: str
    project: str
    aggregator: str
    parameters: dict[str, Any]
    state: str
    job: str
    created_by: str
    created_at: datetime
    reverts: str | None = None
    summary: dict[str, Any] | None = None
    ended_at: datetime | None = None


class Overlap(msgspec.Struct, frozen=True):
    """What a batch's tasks were asked, beside a fixed overlap of the most that each might have been asked."""

    batch: str
    tasks: int
    finished: int
    outcomes: int
    labels_used: int
    labels_fixed: int
    saved: int
    saved_share: float
    tasks_by_overlap: dict[str, int]
    target: OverlapTarget | None = None
    expected_accuracy: float | None = None


class ConsensusRuns:
    """`client.consensus_runs`: outcomes found anew, and put back as they were."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def start(
        self, modality: Modality, project: str, *, aggregator: str | None = None, gold: bool = True
    ) -> ConsensusRun:
        """Find a project's outcomes anew; `client.jobs.wait(run.job)` waits for it."""
        body = {"project": project, "aggregator": aggregator, "parameters": {"gold": gold}}
        return self._transport.write("POST", f"/v1/{modality}/consensus/runs", ConsensusRun, body)

    def list(self, modality: Modality, project: str) -> Iterator[ConsensusRun]:
        """Yield the runs of a project."""
        return self._transport.pages(f"/v1/{modality}/consensus/runs", ConsensusRun, {"project": project})

    def get(self, modality: Modality, run: str) -> ConsensusRun:
        """Return one run."""
        return self._transport.read(f"/v1/{modality}/consensus/runs/{run}", ConsensusRun)

    def revert(self, modality: Modality, run: str) -> ConsensusRun:
        """Put back what a run replaced; returns the run that does it."""
        return self._transport.write("POST", f"/v1/{modality}/consensus/runs/{run}/revert", ConsensusRun, {})

    def overlap(self, modality: Modality, batch: str) -> Overlap:
        """Return what a batch's dynamic overlap saved."""
        return self._transport.read(f"/v1/{modality}/batches/{batch}/overlap", Overlap)

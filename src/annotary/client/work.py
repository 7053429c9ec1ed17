"""Batches, tasks, submissions, outcomes and predictions of the modalities."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from annotary.client.transport import Transport
from annotary.client.values import (
    Batch,
    Modality,
    Outcome,
    OverlapTarget,
    Priority,
    Submission,
    Submitted,
    Task,
    TaskOutcome,
    TaskState,
)


class Batches:
    """`client.batches`: tasks released together."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create(
        self,
        modality: Modality,
        project: str,
        *,
        dataset: str | None = None,
        items: Sequence[str] | None = None,
        name: str = "",
        priority: Priority = "normal",
        deadline: datetime | None = None,
        overlap: int | None = None,
        target: OverlapTarget | None = None,
        skill_minimum: float = 0.0,
        order: Literal["shuffled", "imported"] | None = None,
    ) -> Batch:
        """Release a dataset, or some items by id, as tasks; `client.jobs.wait(batch.job)` waits for it.

        With a `target` the `overlap` is the least: tasks are asked again until it is reached. They go to
        annotators of a skill of at least `skill_minimum`. Without an `order` they are given out as they came,
        and shuffled where the project mixes gold in.
        """
        body = {
            "project": project,
            "dataset": dataset,
            "items": items,
            "name": name,
            "priority": priority,
            "deadline": deadline,
            "overlap": overlap,
            "target": target,
            "skill_minimum": skill_minimum,
            "order": order,
        }
        return self._transport.write("POST", f"/v1/{modality}/batches", Batch, body)

    def list(self, modality: Modality, project: str) -> Iterator[Batch]:
        """Yield the batches of a project."""
        return self._transport.pages(f"/v1/{modality}/batches", Batch, {"project": project})

    def get(self, modality: Modality, batch: str) -> Batch:
        """Return one batch."""
        return self._transport.read(f"/v1/{modality}/batches/{batch}", Batch)

    def change(self, modality: Modality, batch: str, *, version: int | None = None, **fields: Any) -> Batch:
        """Change `state` (open, paused, cancelled), `priority` or `deadline`."""
        path = f"/v1/{modality}/batches/{batch}"
        return self._transport.write("PATCH", path, Batch, fields, version=version)


class Tasks:
    """`client.tasks`: what there is to do, and what a manager does about it."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self, modality: Modality, project: str, *, state: TaskState | None = None) -> Iterator[Task]:
        """Yield the tasks of a project, all or those in one state."""
        params = {"project": project, "state": state}
        return self._transport.pages(f"/v1/{modality}/tasks", Task, params)

    def get(self, modality: Modality, task: str) -> Task:
        """Return one task."""
        return self._transport.read(f"/v1/{modality}/tasks/{task}", Task)

    def act(
        self,
        modality: Modality,
        action: Literal["pause", "resume", "cancel", "requeue"],
        tasks: Sequence[str],
        *,
        reason: str = "",
    ) -> int:
        """Pause, resume, cancel or requeue tasks; returns how many were in a state for it."""
        body = {"tasks": tasks, "reason": reason}
        path = f"/v1/{modality}/tasks/{action}"
        return self._transport.write("POST", path, dict[str, int], body)["changed"]

    def reassign(self, modality: Modality, task: str, member: str) -> None:
        """Take a task's live leases back and keep it for one member."""
        path = f"/v1/{modality}/tasks/{task}/reassign"
        self._transport.write("POST", path, object, {"member": member})


class Submissions:
    """`client.submissions`: whole answers, and second thoughts about one's own."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(
        self, modality: Modality, *, project: str | None = None, task: str | None = None
    ) -> Iterator[Submission]:
        """Yield the answers of a project or of a task: annotators see their own."""
        params = {"project": project, "task": task}
        return self._transport.pages(f"/v1/{modality}/submissions", Submission, params)

    def get(self, modality: Modality, submission: str) -> Submission:
        """Return one submission."""
        return self._transport.read(f"/v1/{modality}/submissions/{submission}", Submission)

    def revise(
        self, modality: Modality, submission: str, answer: Mapping[str, Any], *, seconds: float
    ) -> str:
        """Supersede an own answer; returns the id of the new submission, which counts instead."""
        path = f"/v1/{modality}/submissions/{submission}/revision"
        body = {"answer": answer, "seconds": seconds}
        return self._transport.write("POST", path, Submitted, body).submission_id


class Outcomes:
    """`client.outcomes`: the agreed answers."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self, modality: Modality, project: str) -> Iterator[Outcome]:
        """Yield the current outcomes of a project, page by page."""
        return self._transport.pages(f"/v1/{modality}/outcomes", Outcome, {"project": project})

    def get(self, modality: Modality, task: str) -> TaskOutcome:
        """Return a task's outcome with its earlier versions."""
        return self._transport.read(f"/v1/{modality}/outcomes/{task}", TaskOutcome)


class Predictions:
    """`client.predictions`: what models say, suggested to annotators."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def add(self, modality: Modality, predictions: Sequence[Mapping[str, Any]]) -> list[str]:
        """Store predictions, all or none; returns their ids.

        Each is `{"task" | "unique_id" and "project", "model", "version", "score"?, "answer"}`.
        """
        path = f"/v1/{modality}/predictions"
        stored: dict[str, Any] = self._transport.write(
            "POST", path, dict[str, Any], {"predictions": predictions}
        )
        return [str(one) for one in stored["predictions"]]

    def list(self, modality: Modality, task: str) -> Iterator[dict[str, Any]]:
        """Yield the predictions for a task."""
        return self._transport.pages(f"/v1/{modality}/predictions", dict[str, Any], {"task": task})

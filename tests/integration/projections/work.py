"""Batches, tasks, assignments and submissions from their events."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from annotary.eventlog import Event
from annotary.kernel.ids import ids_of_runs
from integration.projections.state import Apply, Plain, State, id_of

# How far an assignment has come: it only goes forward, so an answer that counts no more never counts again.
LEASED, ENDED, DISCOUNTED = range(3)
ENDS = {
    "task.released": "released",
    "task.skipped": "skipped",
    "task.expired": "expired",
    "task.revoked": "revoked",
}
STATES = {"task.done": "done", "task.paused": "paused", "task.resumed": "open", "task.cancelled": "cancelled"}


def batch(state: State, event: Event) -> None:
    data = event.data
    facts = {name: data[name] for name in ("name", "state", "priority", "overlap", "version")}
    deadline = None if data["deadline"] is None else datetime.fromisoformat(data["deadline"])
    facts |= {"project_id": UUID(data["project"]), "deadline": deadline}
    state.put("batches", event.subject_id, event.sequence, **facts)


def released(state: State, event: Event) -> None:
    facts = {"project_id": UUID(event.data["project"]), "batch_id": event.subject_id, "reserved_for": None}
    for task in ids_of_runs((UUID(first), count) for first, count in event.data["runs"]):
        state.put(
            "tasks", task, event.sequence, state=event.data["state"], overlap=event.data["overlap"], **facts
        )


def claimed(state: State, event: Event) -> None:
    data, at = event.data, event.sequence
    key = UUID(data["assignment"])
    facts = {"fence": data["fence"], "instructions_version": data["instructions_version"]}
    facts |= {"claimed_at": event.occurred_at, "ontology_version_id": UUID(data["ontology_version"])}
    state.put("assignments", key, at, task_id=event.subject_id, member_id=event.actor_id, **facts)
    state.put("assignments", key, at, LEASED, state="leased", reason=None, submission_id=None)


def ended(state: State, event: Event) -> None:
    told = {"state": ENDS[event.type], "reason": event.data.get("reason")}
    state.put("assignments", UUID(event.data["assignment"]), event.sequence, ENDED, **told)


def moved(state: State, event: Event) -> None:
    state.put("tasks", event.subject_id, event.sequence, state=STATES[event.type])


def kept(state: State, event: Event) -> None:
    told: dict[str, Any] = {"reserved_for": None}
    if event.type == "task.requeued":
        told = {"state": event.data["state"], "reserved_for": id_of(event.data["kept_for"])}
    elif event.type == "task.reassigned":
        told = {"state": "open", "reserved_for": UUID(event.data["member"])}
    state.put("tasks", event.subject_id, event.sequence, **told)


def resized(state: State, event: Event) -> None:
    told = {name: event.data[name] for name in ("state", "overlap") if name in event.data}
    if event.type.startswith("gold."):
        told |= {"state": event.data.get("state", "gold"), "reserved_for": None}
    state.put("tasks", event.subject_id, event.sequence, **told)


def answered(state: State, event: Event) -> None:
    data, at = event.data, event.sequence
    assignment, submission = UUID(data["assignment"]), UUID(data["submission"])
    facts = {"task_id": event.subject_id, "member_id": event.actor_id, "assignment_id": assignment}
    facts |= {"supersedes": id_of(data.get("supersedes")), "content_hash": data["content_hash"]}
    facts |= {"received_at": datetime.fromisoformat(data["received_at"])}
    state.put("submissions", submission, at, ontology_version_id=UUID(data["ontology_version"]), **facts)
    state.put("assignments", assignment, at, ENDED, submission_id=submission)
    if event.type == "submission.received":
        state.put("assignments", assignment, at, ENDED, state="submitted", reason=None)
        state.put("tasks", event.subject_id, at, reserved_for=None)


def discounted(state: State, event: Event) -> None:
    told = {name: event.data[name] for name in ("state", "reason")}
    state.put("assignments", UUID(event.data["assignment"]), event.sequence, DISCOUNTED, **told)


def changed(state: State, event: Event) -> None:
    """Take what a migration or a correction wrote in place of answers."""
    table = {"submission": "submissions", "outcome": "outcomes"}.get(event.data["of"])
    for version, answers in event.data["pinned"].items() if table else ():
        for key, content_hash in answers.items():
            told = {"content_hash": content_hash, "ontology_version_id": UUID(version)}
            state.put(table, UUID(key), event.sequence, **told)  # type: ignore[arg-type]


FOLDS: dict[str, Apply] = {
    **dict.fromkeys(("batch.created", "batch.changed"), batch),
    "tasks.released": released,
    "task.claimed": claimed,
    **dict.fromkeys(ENDS, ended),
    **dict.fromkeys(STATES, moved),
    **dict.fromkeys(("task.requeued", "task.reassigned", "task.freed"), kept),
    **dict.fromkeys(("task.extended", "gold.made", "gold.returned"), resized),
    **dict.fromkeys(("submission.received", "submission.revised"), answered),
    "submission.discounted": discounted,
    "answers.changed": changed,
}


def counted(plain: Plain) -> Plain:
    """Add what follows from the rows: how many leases and answers tasks have, which answers count."""
    batches, tasks = plain.get("batches", {}), plain.get("tasks", {})
    for row in batches.values():
        row["tasks_total"] = 0
    for row in tasks.values():
        row["leased"] = row["answered"] = 0
        if row["state"] == "gold":
            row["reserved_for"] = None
        if row["batch_id"] in batches:
            batches[row["batch_id"]]["tasks_total"] += 1
    for row in plain.get("assignments", {}).values():
        counter = {"leased": "leased", "submitted": "answered"}.get(row["state"])
        if counter:
            tasks[row["task_id"]][counter] += 1
    return plain

"""Outcomes, reviews, issues and audits from their events."""

from __future__ import annotations

from uuid import UUID

from annotary.eventlog import Event
from integration.projections.state import Apply, Plain, State, id_of, real

REVIEWS = {"review.released": "open", "review.expired": "open", "review.withdrawn": "withdrawn"}
ISSUES = {"issue.raised": "open", "issue.reopened": "open", "issue.resolved": "resolved"}


def outcome(state: State, event: Event) -> None:
    data, key = event.data, UUID(event.data["outcome"])
    told = "proposed" if event.type == "outcome.proposed" else "accepted"
    facts = {"task_id": event.subject_id, "version": data["version"], "aggregator": data["aggregator"]}
    facts |= {"content_hash": data["content_hash"], "confidence": real(data["confidence"])}
    facts |= {"ontology_version_id": UUID(data["ontology_version"])}
    facts |= {"submission_ids": [UUID(one) for one in data["submissions"]]}
    state.put("outcomes", key, event.sequence, state=told, **facts)


def outcome_withdrawn(state: State, event: Event) -> None:
    state.put("outcomes", UUID(event.data["outcome"]), event.sequence, state="withdrawn")


def opened(state: State, event: Event) -> None:
    data = event.data
    facts = {name: data[name] for name in ("purpose", "level", "levels", "reason")}
    facts |= {"round_id": UUID(data["round"]), "outcome_id": UUID(data["outcome"])}
    facts |= {"audit_id": id_of(data["audit"]), "task_id": event.subject_id}
    begun = {"state": "open", "member_id": None, "fence": 0}
    undecided = dict.fromkeys(("verdict", "amended_to", "effective"))
    state.put("reviews", UUID(data["review"]), event.sequence, **facts, **begun, **undecided)


def claimed(state: State, event: Event) -> None:
    told = {"state": "leased", "member_id": event.actor_id, "fence": event.data["fence"]}
    state.put("reviews", UUID(event.data["review"]), event.sequence, **told)


def ended(state: State, event: Event) -> None:
    told = {"state": REVIEWS[event.type], "member_id": None}
    state.put("reviews", UUID(event.data["review"]), event.sequence, **told)


def decided(state: State, event: Event) -> None:
    told = {name: event.data[name] for name in ("verdict", "effective")}
    told |= {"state": "decided", "amended_to": id_of(event.data["amended_to"])}
    state.put("reviews", UUID(event.data["review"]), event.sequence, **told)


def issue(state: State, event: Event) -> None:
    data, key = event.data, UUID(event.data["issue"])
    if event.type == "issue.raised":
        facts = {name: id_of(data[name]) for name in ("review", "outcome")}
        told = {"task_id": event.subject_id, "raised_by": event.actor_id}
        state.put("issues", key, event.sequence, **told, **{f"{name}_id": one for name, one in facts.items()})
    by = event.actor_id if event.type == "issue.resolved" else None
    state.put("issues", key, event.sequence, state=ISSUES[event.type], resolved_by=by)


def commented(state: State, event: Event) -> None:
    told = {"issue_id": UUID(event.data["issue"]), "member_id": event.actor_id}
    state.put("issue_comments", UUID(event.data["comment"]), event.sequence, **told)


def audit(state: State, event: Event) -> None:
    facts = {name: event.data[name] for name in ("seed", "population", "size")}
    facts |= {"project_id": UUID(event.data["project_id"]), "created_by": event.actor_id}
    state.put("audits", event.subject_id, event.sequence, **facts)


FOLDS: dict[str, Apply] = {
    **dict.fromkeys(("outcome.proposed", "outcome.accepted", "outcome.revised"), outcome),
    "outcome.withdrawn": outcome_withdrawn,
    "review.opened": opened,
    "review.claimed": claimed,
    **dict.fromkeys(REVIEWS, ended),
    "review.decided": decided,
    **dict.fromkeys(ISSUES, issue),
    "issue.commented": commented,
    "audit.started": audit,
}


def current(plain: Plain) -> Plain:
    """Add which outcomes are current: the last version of each task's, unless it was withdrawn."""
    rows = plain.get("outcomes", {}).values()
    last: dict[UUID, int] = {}
    for row in rows:
        last[row["task_id"]] = max(row["version"], last.get(row["task_id"], 0))
    for row in rows:
        row["is_current"] = row["version"] == last[row["task_id"]] and row["state"] != "withdrawn"
    return plain

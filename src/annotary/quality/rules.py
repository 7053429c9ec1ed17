"""What is to become of a task's outcome, given where the task stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from blake3 import blake3

from annotary.kernel.limits import MERGE_BYTES_PER_ROUND_MAX, MERGE_SECONDS_MAX_BY_ATTEMPT
from annotary.projects.overlap import OverlapTarget
from annotary.projects.quality import QualitySettings
from annotary.quality.overlap.values import Asked, Candidate
from annotary.quality.values import (
    Decision,
    DueMerge,
    MergeInput,
    NewOutcome,
    NewState,
    OntologyVersion,
    Standing,
)

# A migration or correction of stored answers came into another state.
CHANGED = "change."
# The live model of a project (quality/live).
LIVE = "live"
SINGLE = "single"
MAJORITY = "majority"
# What a person decided.
REVIEW = "review"


def decide(standing: Standing) -> Decision:
    """Say what makes the outcome true to the task as it stands; the events that led here do not matter.

    Deciding from the state alone makes the consumer idempotent and indifferent to the order of events.
    """
    if standing.state == "gold":
        return "leave"
    if standing.state != "done" or not standing.submission_ids:
        return "withdraw" if standing.has_outcome else "leave"
    if standing.outcome_submission_ids == standing.submission_ids:
        return "leave"
    same = len(set(standing.content_hashes)) == 1 and len(set(standing.ontology_version_ids)) == 1
    return "accept" if same else "merge"


def agreed(standing: Standing, outcome_id: UUID, state: NewState) -> NewOutcome:
    """Return the outcome of a task whose counted answers are all the same, or only one."""
    if len(standing.submission_ids) > 1:
        return copied(standing, 0, outcome_id, state, aggregator=MAJORITY, confidence=1.0, agreement=1.0)
    return copied(standing, 0, outcome_id, state, aggregator=SINGLE, confidence=1.0, agreement=None)


def copied(
    standing: Standing,
    place: int,
    outcome_id: UUID,
    state: NewState,
    *,
    aggregator: str,
    confidence: float,
    agreement: float | None,
    parameters: bytes = b"{}",
) -> NewOutcome:
    """Return the outcome of a task that is the answer at a place among its own."""
    return NewOutcome(
        id=outcome_id,
        task_id=standing.task_id,
        project_id=standing.project_id,
        organisation_id=standing.organisation_id,
        state=state,
        copied=standing.submission_ids[place],
        content_hash=standing.content_hashes[place],
        ontology_version_id=standing.ontology_version_ids[place],
        aggregator=aggregator,
        parameters=parameters,
        confidence=confidence,
        agreement=agreement,
        submission_ids=standing.submission_ids,
    )


def candidate(of: Standing | MergeInput, asked: Asked, matrix: Any = None) -> Candidate | None:
    """Return a task that may be asked once more: of a batch with a target, without an outcome yet."""
    if of.target is None or of.has_outcome:
        return None
    target = msgspec.json.decode(of.target, type=OverlapTarget)
    return Candidate(of.task_id, of.batch_id, of.overlap, target, asked, matrix)


def new_state(task_id: UUID, settings: QualitySettings) -> NewState:
    """Return the state that a task's new outcome begins in."""
    return "proposed" if review_wanted(task_id, settings) else "accepted"


def review_wanted(task_id: UUID, settings: QualitySettings) -> bool:
    """Say whether people look at a task's outcome before it is accepted; the same each time for a task."""
    policy = settings.review.policy
    if policy == "sample":
        drawn = int.from_bytes(blake3(b"review" + task_id.bytes).digest(8)) / 2**64
        return drawn < settings.review.share
    return policy == "all"


def confidence_class(confidence: float) -> int:
    """Return which of ten classes a confidence is in, 0 to 9: the bins that calibration is measured in."""
    return min(9, int(confidence * 10))


def round_of(due: Sequence[DueMerge]) -> list[DueMerge]:
    """Return those at the head that fit into one round's memory; one at least."""
    chosen: list[DueMerge] = []
    size_bytes = 0
    for merge in due:
        size_bytes += merge.answer_bytes
        if chosen and size_bytes > MERGE_BYTES_PER_ROUND_MAX:
            break
        chosen.append(merge)
    return chosen


def seconds_for(attempts: int) -> float:
    """Return how long a merge may take at this attempt: short at first, so a heavy one holds nobody up."""
    return MERGE_SECONDS_MAX_BY_ATTEMPT[min(attempts, len(MERGE_SECONDS_MAX_BY_ATTEMPT) - 1)]


def is_last(attempts: int) -> bool:
    """Say whether a merge that fails at this attempt is left to people."""
    return attempts + 1 >= len(MERGE_SECONDS_MAX_BY_ATTEMPT)


def newest(versions: Sequence[OntologyVersion]) -> OntologyVersion | None:
    """Return the version that answers given under several are merged in."""
    return max(versions, key=lambda version: (version.number, version.id), default=None)

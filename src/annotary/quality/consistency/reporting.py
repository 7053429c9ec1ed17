"""What was found, put into words: which task, beside which other, how sure, and why. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

import msgspec

from annotary.quality.consistency import minhash, rules
from annotary.quality.consistency.gathering import Gathered, Suspect
from annotary.quality.consistency.values import Compared, Finding

_decode = msgspec.json.Decoder().decode


def identical(
    suspects: Sequence[Suspect], seen: Gathered, tasks: Mapping[UUID, Compared]
) -> Iterator[Finding]:
    """Yield the items that are labelled otherwise than equal ones."""
    for suspect in suspects:
        task_id, outcome_id = seen.ids(suspect.place)
        other_id, _ = seen.ids(suspect.others[0])
        if task_id in tasks and other_id in tasks:
            reason = f"the same item as {_says(tasks[other_id])}; here: {_said(tasks[task_id])}"
            yield Finding(
                kind="identical",
                task_id=task_id,
                outcome_id=outcome_id,
                other_task_id=other_id,
                score=suspect.score,
                reason=reason,
            )


def near_duplicates(
    pairs: Sequence[tuple[int, int]], seen: Gathered, tasks: Mapping[UUID, Compared], similarity: float
) -> Iterator[Finding]:
    """Yield the texts that are labelled otherwise than nearly equal ones, each beside its nearest."""
    nearest: dict[int, tuple[float, int]] = {}
    hashed: dict[UUID, minhash.Hashes] = {}
    for place, other in pairs:
        ids = seen.ids(place)[0], seen.ids(other)[0]
        if all(one in tasks for one in ids):
            for one in ids:
                if one not in hashed:
                    hashed[one] = minhash.shingles(rules.text_of(_decode(tasks[one].payload)) or "")
            found = minhash.similarity(hashed[ids[0]], hashed[ids[1]])
            if found >= similarity:
                nearest[place] = max(nearest.get(place, (0.0, other)), (found, other))
    for place, (found, other) in nearest.items():
        (task_id, outcome_id), (other_id, _) = seen.ids(place), seen.ids(other)
        beside = _says(tasks[other_id])
        yield Finding(
            kind="near_duplicate",
            task_id=task_id,
            outcome_id=outcome_id,
            other_task_id=other_id,
            score=min(1.0, found),
            reason=f"{found:.0%} of the text of {beside}; here: {_said(tasks[task_id])}",
        )


def label_errors(seen: Gathered) -> Iterator[Finding]:
    """Yield the labels that models doubt."""
    doubted = seen.doubted()
    if doubted is None:
        return
    places, errors = doubted
    names = list(seen.labels)
    for number, suggested, own, probability in zip(
        errors.task.tolist(),
        errors.suggested.tolist(),
        errors.given_probability.tolist(),
        errors.suggested_probability.tolist(),
        strict=True,
    ):
        task_id, outcome_id = seen.ids(places[number])
        usual = float(errors.usual[suggested])
        reason = (
            f"models say {names[suggested]!r} with {probability:.2f} ({usual:.2f} is usual for it), "
            f"and give the label here {own:.2f}"
        )
        score = min(1.0, max(0.0, 1.0 - own))
        yield Finding(kind="label_error", task_id=task_id, outcome_id=outcome_id, score=score, reason=reason)


def _said(task: Compared) -> str:
    return rules.shown(rules.sayings(_decode(task.answer)))


def _says(task: Compared) -> str:
    return f"{task.unique_id!r}, which is labelled: {_said(task)}"

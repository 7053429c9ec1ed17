"""Typed ids: a `TaskId` is not an `ItemId`. Outside they read `task_<32 hex digits>`; inside they are UUIDs.

Ids are UUID version 7 (RFC 9562, section 5.7): they sort by the time they were made, so that new rows land
at the end of every index.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NewType
from uuid import UUID

from annotary.kernel.errors import NotFound

OrganisationId = NewType("OrganisationId", UUID)
MemberId = NewType("MemberId", UUID)
TokenId = NewType("TokenId", UUID)
ProjectId = NewType("ProjectId", UUID)
OntologyId = NewType("OntologyId", UUID)
OntologyVersionId = NewType("OntologyVersionId", UUID)
DatasetId = NewType("DatasetId", UUID)
ItemId = NewType("ItemId", UUID)
UploadId = NewType("UploadId", UUID)
BatchId = NewType("BatchId", UUID)
TaskId = NewType("TaskId", UUID)
AssignmentId = NewType("AssignmentId", UUID)
SubmissionId = NewType("SubmissionId", UUID)
PredictionId = NewType("PredictionId", UUID)
OutcomeId = NewType("OutcomeId", UUID)
JobId = NewType("JobId", UUID)

PREFIXES = {
    "organisation": "org",
    "member": "mem",
    "token": "tok",
    "session": "ses",
    "invitation": "inv",
    "project": "prj",
    "ontology": "ont",
    "ontology_version": "onv",
    "dataset": "dst",
    "item": "item",
    "upload": "upl",
    "batch": "bat",
    "task": "task",
    "assignment": "asg",
    "submission": "sub",
    "prediction": "prd",
    "outcome": "out",
    "job": "job",
    "consensus_run": "run",
    "review": "rev",
    "issue": "iss",
    "comment": "cmt",
    "audit": "aud",
    "contradiction": "con",
    "change": "chg",
    "publication": "pub",
    "webhook": "whk",
    "subscription": "sbs",
    "slice": "slc",
}

_VERSION_7 = 0x7 << 76
_VARIANT = 0x2 << 62
_RANDOM_A = (1 << 12) - 1
_RANDOM_B = (1 << 62) - 1


class UnknownId(NotFound):
    """There is no such id."""

    code = "not_found"


def new_id(unix_milliseconds: int | None = None) -> UUID:
    """Return a new UUID version 7. Randomness comes from the system, so forked processes never collide."""
    milliseconds = time.time_ns() // 1_000_000 if unix_milliseconds is None else unix_milliseconds
    noise = int.from_bytes(os.urandom(10), "big")
    return UUID(
        int=(milliseconds << 80)
        | _VERSION_7
        | ((noise >> 62 & _RANDOM_A) << 64)
        | _VARIANT
        | (noise & _RANDOM_B)
    )


def numbered_id(seed: UUID, number: int) -> UUID:
    """Return the `number`-th id of a family: the same for the same seed, and sorting in the order of numbers.

    An import derives the ids of its rows this way, so that doing a chunk again yields the same ids.
    `number` is 0 .. 2**32 - 1.
    """
    return UUID(bytes=numbered_ids(seed)(number))


def numbered_ids(seed: UUID) -> Callable[[int], bytes]:
    """Return the function that gives the 16 bytes of a family's ids (`numbered_id`): for millions of them."""
    fixed = seed.int >> 80 << 80 | _VERSION_7 | _VARIANT | ((seed.int >> 64 & _RANDOM_A) << 30)
    fixed |= seed.int & ((1 << 30) - 1)

    def id_bytes(number: int) -> bytes:
        return (fixed | number >> 20 << 64 | (number & 0xFFFFF) << 42).to_bytes(16)

    return id_bytes


def numbered_runs(ids: Sequence[bytes]) -> list[tuple[UUID, int]]:
    """Return a family's ids, given in their order, as runs: the first of each, and how many it has."""
    runs: list[tuple[UUID, int]] = []
    first, count, expected = b"", 0, -1
    for one in ids:
        value = int.from_bytes(one)
        if value != expected:
            if count:
                runs.append((UUID(bytes=first), count))
            first, count = one, 0
        count += 1
        expected = _following(value)
    return [*runs, (UUID(bytes=first), count)] if count else runs


def ids_of_runs(runs: Iterable[tuple[UUID, int]]) -> Iterator[UUID]:
    """Yield the ids that `numbered_runs` was given."""
    for first, count in runs:
        value = first.int
        for _ in range(count):
            yield UUID(int=value)
            value = _following(value)


def _following(value: int) -> int:
    """Return the id of a family's next number: its low 20 bits end at bit 42, the others at bit 64."""
    if value >> 42 & 0xFFFFF == 0xFFFFF:
        return value - (0xFFFFF << 42) + (1 << 64)
    return value + (1 << 42)


def format_id(kind: str, value: UUID) -> str:
    """Return the outside form of an id: `format_id("task", id)` is `task_0192...`."""
    return f"{PREFIXES[kind]}_{value.hex}"


def outside_id(kind: str, value: UUID | None) -> str | None:
    """Return the outside form of an id that may be absent."""
    return None if value is None else format_id(kind, value)


def parse_id(kind: str, text: str) -> UUID:
    """Return the UUID of an outside id of this kind, or raise `UnknownId`, which says what was expected."""
    prefix = PREFIXES[kind]
    head, _, digits = text.partition("_")
    if head != prefix or len(digits) != 32:
        raise UnknownId(
            f"{text[:80]!r} is not the id of {kind}: expected {prefix}_ and 32 hexadecimal digits."
        )
    try:
        return UUID(hex=digits)
    except ValueError:
        raise UnknownId(
            f"{text[:80]!r} is not the id of {kind}: {digits[:40]!r} is not hexadecimal."
        ) from None

"""Facts, in the past tense."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One fact. `subject_id` is what it is about (the task, for work): events are ordered per subject.

    Read from the log it also has its place there (`service`, `transaction_id`, `sequence`) and `occurred_at`;
    the CloudEvents id is `<service>.<sequence>`. `traceparent` is of the request that made the change, where
    it was traced (W3C Trace Context).
    """

    organisation_id: UUID
    type: str
    subject_id: UUID
    actor_id: UUID | None = None
    data: dict[str, Any] = {}
    schema_version: int = 1
    occurred_at: datetime | None = None
    traceparent: str | None = None
    service: str = ""
    transaction_id: int = 0
    sequence: int = 0


class Position(msgspec.Struct, frozen=True, order=True):
    """A place in a service's log. Transactions are compared first: see `queries.sql`, `read_after`."""

    transaction_id: int = 0
    sequence: int = 0


class Only(msgspec.Struct, frozen=True, kw_only=True):
    """Which facts of a log are wanted; what is left out wants all.

    `types` are prefixes of event types. Of `lanes` lanes, into which subjects fall by a hash, the one that is
    numbered `lane` (from 0): a subject is always in the same one.
    """

    types: Sequence[str] | None = None
    organisation_id: UUID | None = None
    subject_id: UUID | None = None
    since: datetime | None = None
    lane: int = 0
    lanes: int = 1


EVERYTHING = Only()

"""What the proof over a log is made of: events as they are hashed, runs, segments, heads, proofs."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec


class StoredEvent(msgspec.Struct, frozen=True):
    """The columns of an event that are hashed: `occurred_us` in microseconds since 2000, `data` as stored."""

    sequence: int
    organisation_id: UUID
    type: str
    schema_version: int
    subject_id: UUID
    actor_id: UUID | None
    occurred_us: int
    data: str
    traceparent: str | None = None


class Chain(NamedTuple):
    """Where an organisation's chain stands in a service."""

    organisation_id: UUID
    events: int
    link: bytes
    sealed: int
    segments: int
    segment_hash: bytes


class Run(NamedTuple):
    """Events that follow each other in a chain from the place `first`; 32 bytes of `leaves` for each."""

    organisation_id: UUID
    first: int
    sequences: list[int]
    transaction_ids: list[int]
    leaves: bytes
    link_before: bytes
    link_after: bytes
    appended_at: datetime
    stamp: bytes


class Segment(NamedTuple):
    """Runs under one signed Merkle root. `previous` is the hash of what the segment before states."""

    organisation_id: UUID
    number: int
    first: int
    events: int
    root: bytes
    link: bytes
    runs: bytes
    previous: bytes
    sealed_at: datetime
    key_id: str
    signature: bytes


class ServiceHead(msgspec.Struct, frozen=True):
    """The last segment of one service, and how many events its chain had then."""

    segment: int
    events: int
    hash: str


class HeadStatement(msgspec.Struct, frozen=True):
    """What an organisation's head states: the heads of its services at a moment, and the head before."""

    kind: str
    organisation: UUID
    number: int
    previous: str
    at: datetime
    key: str
    services: dict[str, ServiceHead]


class Head(msgspec.Struct, frozen=True):
    """A published head: `statement` is the exact JSON that was signed."""

    statement: str
    signature: str


class Proof(msgspec.Struct, frozen=True):
    """That an event is in a log: its content, its place in a segment of `size` events, the hashes of the tree
    beside its path (RFC 6962, section 2.1.1) and the segment's signed statement. Hashes are in hexadecimal.
    """

    service: str
    event: StoredEvent
    leaf: str
    index: int
    size: int
    path: list[str]
    statement: str
    signature: str
    key: str
    public_key: str
    redacted: bool = False

"""What verification reads, from a database or from an export, and what it finds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec

from annotary.eventlog.chain.values import Chain, Head, Run, Segment

FORMAT = 1


class Finding(msgspec.Struct, frozen=True):
    """The first thing that is not as it was written. `stream` is `<service>/<organisation>`."""

    stream: str
    seq: int | None
    event_id: str | None
    reason: str


class StreamReport(msgspec.Struct):
    """One chain: how many events it has, and up to which place of it segments are signed."""

    stream: str
    events: int = 0
    sealed_through: int = 0


class Report(msgspec.Struct):
    """What verification came to. Over all streams `events` = `sealed_through` + `unsealed`; `rows` are those
    of tables that were held against the log, `redacted` the events whose content was erased by an owner.
    """

    ok: bool = True
    events: int = 0
    sealed_through: int = 0
    unsealed: int = 0
    first_bad: Finding | None = None
    rows: int = 0
    heads: int = 0
    redacted: int = 0
    keys: list[str] = []
    streams: list[StreamReport] = []
    seconds: float = 0.0


class Broken(Exception):
    """Something is not as it was written."""

    def __init__(
        self, service: str, organisation: UUID | None, reason: str, sequence: int | None = None
    ) -> None:
        super().__init__(reason)
        stream = service if organisation is None else stream_name(service, organisation)
        event_id = None if sequence is None else f"{service}.{sequence}"
        self.finding = Finding(stream, sequence, event_id, reason)


class HeadsOf(msgspec.Struct, frozen=True):
    """The heads of an organisation: those in the table, and those that were published, by number."""

    organisation: UUID
    kept: dict[int, Head]
    published: dict[int, Head]


class Redaction(msgspec.Struct, frozen=True):
    """An erasure that an owner ordered: the event's leaf before and after, in hexadecimal, signed."""

    sequence: int
    leaf: str
    leaf_after: str
    reason: str
    key: str
    signature: str


class Opening(msgspec.Struct, frozen=True, tag="opening"):
    """What comes first: public keys by id, in hexadecimal, and heads."""

    made_at: datetime
    keys: dict[str, str]
    heads: list[HeadsOf]
    services: list[str]
    format: int = FORMAT


class LogOpening(msgspec.Struct, frozen=True, tag="log"):
    """The log of a service begins; `events` is how many it has."""

    service: str
    events: int
    redactions: list[Redaction]


class ChainOpening(msgspec.Struct, frozen=True, tag="chain"):
    """An organisation's chain begins; without `chain` there are only left-overs of one."""

    organisation: UUID
    chain: Chain | None
    segments: list[Segment]


class RunRead(NamedTuple):
    """A run with the bytes of its events; None for one that is not there."""

    run: Run
    stored: Sequence[bytes | None]


class LogEnd(msgspec.Struct, frozen=True, tag="end"):
    """The log of a service ends. `strays` are events that the appender went past without a place in a chain,
    `waiting` counts those it has not come to; `twice`: an event stands in a chain more than once.
    """

    service: str
    waiting: int
    strays: list[int]
    twice: bool = False


Record = Opening | LogOpening | ChainOpening | RunRead | LogEnd


def stream_name(service: str, organisation: UUID) -> str:
    """Return how a chain is named in reports."""
    return f"{service}/org_{organisation.hex}"


class RedactionView(msgspec.Struct, frozen=True):
    """An event whose content was erased. `leaf` is the hash by which it still stands in the chain."""

    event: str
    type: str
    reason: str
    leaf: str


class NewRedaction(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why an event's content is erased."""

    reason: str


class PublicKey(msgspec.Struct, frozen=True):
    """A key that has signed segments or heads; Ed25519, in hexadecimal."""

    id: str
    public_key: str

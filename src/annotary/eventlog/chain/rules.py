"""How events become leaves, links and roots, what is signed, and how an inclusion proof is checked."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from blake3 import blake3
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from annotary.eventlog.chain.values import Head, HeadStatement, Proof, Run, Segment, StoredEvent

HASH_BYTES = 32
# No link, no segment and no head comes before the first.
NOTHING = bytes(HASH_BYTES)
# What is hashed begins with what it is, so that none of it can pass for another (RFC 6962, section 2.1).
_LEAF, _NODE, _LINK, _STAMP = b"\0", b"\1", b"\2", b"\3"
_encode = msgspec.json.Encoder().encode
_statement = msgspec.json.Decoder(HeadStatement).decode


def leaf_of(stored: bytes) -> bytes:
    """Return an event's leaf: the hash over its columns as the schema's `event_bytes` or `pack` give."""
    return blake3(_LEAF + stored).digest()


def leaves_in(joined: bytes) -> Iterator[bytes]:
    """Yield the leaves that a run holds one after the other."""
    return (joined[at : at + HASH_BYTES] for at in range(0, len(joined), HASH_BYTES))


def link_through(link: bytes, leaves: Iterable[bytes]) -> bytes:
    """Return the chain's link behind these leaves: each hashes the one before and the leaf."""
    for leaf in leaves:
        link = blake3(_LINK + link + leaf).digest()
    return link


def stamp_of(link_after: bytes, appended_at: datetime) -> bytes:
    """Return what holds the time at which a run was written to its last link."""
    return blake3(_STAMP + link_after + appended_at.isoformat().encode()).digest()


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Return the Merkle root over leaves (RFC 6962, section 2.1, by BLAKE3; leaves are hashes already)."""
    level = list(leaves)
    while len(level) > 1:
        level = _level_above(level)
    return level[0]


def path_to(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Return the audit path of the leaf at `index` (RFC 6962, section 2.1.1), from the bottom."""
    path, level = [], list(leaves)
    while len(level) > 1:
        beside = index ^ 1
        if beside < len(level):
            path.append(level[beside])
        level, index = _level_above(level), index // 2
    return path


def root_from_path(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """Return the root that leaf and path lead to (RFC 9162, section 2.1.3.2); None for no path at all."""
    if not 0 <= index < size:
        return None
    place, last, node = index, size - 1, leaf
    for beside in path:
        if last == 0:
            return None
        if place & 1 or place == last:
            node = blake3(_NODE + beside + node).digest()
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            node = blake3(_NODE + node + beside).digest()
        place, last = place >> 1, last >> 1
    return node if last == 0 else None


def _level_above(level: list[bytes]) -> list[bytes]:
    # A node without a neighbour moves up as it is, which gives the tree the RFC's shape.
    above = [blake3(_NODE + a + b).digest() for a, b in zip(level[::2], level[1::2], strict=False)]
    return [*above, level[-1]] if len(level) % 2 else above


def run_of(
    organisation: UUID,
    first: int,
    link: bytes,
    places: Sequence[tuple[int, int]],
    leaves: Sequence[bytes],
    at: datetime,
) -> Run:
    """Return the run that goes on behind `link`; `places` are (transaction id, sequence) of its events."""
    after = link_through(link, leaves)
    return Run(
        organisation_id=organisation,
        first=first,
        sequences=[sequence for _, sequence in places],
        transaction_ids=[transaction_id for transaction_id, _ in places],
        leaves=b"".join(leaves),
        link_before=link,
        link_after=after,
        appended_at=at,
        stamp=stamp_of(after, at),
    )


def segment_statement(service: str, segment: Segment) -> bytes:
    """Return what a segment's signature is over: canonical JSON of all it says."""
    return _encode(
        {
            "kind": "annotary segment",
            "service": service,
            "organisation": segment.organisation_id,
            "number": segment.number,
            "first": segment.first,
            "events": segment.events,
            "root": segment.root.hex(),
            "link": segment.link.hex(),
            "runs": segment.runs.hex(),
            "previous": segment.previous.hex(),
            "sealed_at": segment.sealed_at,
            "key": segment.key_id,
        }
    )


def hash_of(statement: bytes) -> bytes:
    """Return the hash by which the next statement names the one before."""
    return blake3(statement).digest()


def key_id(public_key: bytes) -> str:
    """Return the name of a key: 16 hexadecimal digits made from it, so that no other key can have it."""
    return blake3(public_key).hexdigest()[:16]


def is_signed(public_key: bytes, signature: bytes, statement: bytes) -> bool:
    """Say whether an Ed25519 signature (RFC 8032) is by this key over this statement."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, statement)
    except (InvalidSignature, ValueError):
        return False
    return True


def read_head(head: Head) -> HeadStatement:
    """Return what a head states; raises msgspec.ValidationError or DecodeError."""
    return _statement(head.statement)


def check(proof: Proof, public_key: bytes | None = None) -> str | None:
    """Return what is wrong with a proof; None: the event was in the log when its segment was signed.

    Without `public_key` the proof's own is believed: compare that with one that came another way.
    """
    try:
        key = bytes.fromhex(proof.public_key) if public_key is None else public_key
        statement = msgspec.json.decode(proof.statement)
        leaf, path = bytes.fromhex(proof.leaf), [bytes.fromhex(one) for one in proof.path]
        stated = (statement["kind"], statement["service"], statement["events"], statement["key"])
        root = bytes.fromhex(statement["root"])
        signature = bytes.fromhex(proof.signature)
    except (ValueError, TypeError, KeyError, msgspec.DecodeError) as error:
        return f"the proof cannot be read: {error!r}"
    if stated != ("annotary segment", proof.service, proof.size, key_id(key)) or proof.key != key_id(key):
        return "the statement is not about this segment, or by another key"
    if not is_signed(key, signature, proof.statement.encode()):
        return "the segment's signature does not hold"
    if not proof.redacted and leaf_of(pack(proof.event)) != leaf:
        return "the event's content is not what was hashed"
    if root_from_path(leaf, proof.index, proof.size, path) != root:
        return "the path does not lead to the segment's root"
    return None


_HEAD = struct.Struct(">q16si")
_MIDDLE = struct.Struct(">h16s")
_TAIL = struct.Struct(">qi")


def pack(event: StoredEvent) -> bytes:
    """Return the bytes of an event that are hashed: the same as `event_bytes` of the schema."""
    kind, data = event.type.encode(), event.data.encode()
    actor = b"\0" if event.actor_id is None else b"\1" + event.actor_id.bytes
    return b"".join(
        (
            _HEAD.pack(event.sequence, event.organisation_id.bytes, len(kind)),
            kind,
            _MIDDLE.pack(event.schema_version, event.subject_id.bytes),
            actor,
            _TAIL.pack(event.occurred_us, len(data)),
            data,
            (event.traceparent or "").encode(),
        )
    )


def unpack(stored: bytes) -> StoredEvent:
    """Return the event that bytes from `event_bytes` are of."""
    sequence, organisation, kind_length = _HEAD.unpack_from(stored)
    at = _HEAD.size + kind_length
    kind = stored[_HEAD.size : at].decode()
    schema_version, subject = _MIDDLE.unpack_from(stored, at)
    at += _MIDDLE.size
    actor = UUID(bytes=stored[at + 1 : at + 17]) if stored[at] else None
    at += 17 if stored[at] else 1
    occurred_us, data_length = _TAIL.unpack_from(stored, at)
    at += _TAIL.size
    data, trace = stored[at : at + data_length].decode(), stored[at + data_length :].decode() or None
    ids: tuple[Any, ...] = (UUID(bytes=organisation), UUID(bytes=subject))
    return StoredEvent(sequence, ids[0], kind, schema_version, ids[1], actor, occurred_us, data, trace)

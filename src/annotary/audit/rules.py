"""Whether a chain, its segments and the heads hold: values in, the first that does not is raised."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NoReturn
from uuid import UUID

import msgspec
from blake3 import blake3

from annotary.audit.values import Broken, HeadsOf, Redaction
from annotary.eventlog.chain import rules as chain_rules
from annotary.eventlog.chain.rules import NOTHING, hash_of, is_signed, leaf_of, segment_statement
from annotary.eventlog.chain.values import Chain, Head, HeadStatement, Run, Segment

REDACTED = '{"redacted":true}'


class Keys:
    """The public keys that signatures are held against; a key's id is made from it."""

    def __init__(self, keys: Mapping[str, str], trusted: Sequence[bytes] = ()) -> None:
        if trusted:
            self._keys = {chain_rules.key_id(one): one for one in trusted}
        else:
            named = {name: bytes.fromhex(one) for name, one in keys.items()}
            self._keys = {name: one for name, one in named.items() if chain_rules.key_id(one) == name}
        self.changed = next((name for name in keys if not trusted and name not in self._keys), None)

    @property
    def ids(self) -> list[str]:
        """The ids of the keys."""
        return sorted(self._keys)

    def complaint(self, key: str, signature: bytes, statement: bytes) -> str | None:
        """Return what is wrong with a signature, or None."""
        public = self._keys.get(key)
        if public is None:
            return f"it is signed by the key {key}, which is not among the public keys"
        return None if is_signed(public, signature, statement) else "its signature does not hold"


class ChainCheck:
    """Goes through one chain: runs in their order, each with the bytes of its events; raises Broken."""

    def __init__(
        self,
        service: str,
        organisation: UUID,
        keys: Keys,
        segments: Sequence[Segment],
        redactions: Mapping[int, Redaction],
    ) -> None:
        self._service, self._organisation = service, organisation
        self._keys, self._segments, self._redactions = keys, segments, redactions
        self._link, self._previous = NOTHING, NOTHING
        self._leaves: list[bytes] = []
        self._stamps: list[bytes] = []
        self.events, self.sealed, self.redacted = 0, 0, 0
        self.hashes: list[bytes] = []

    def add(self, run: Run, stored: Sequence[bytes | None]) -> None:
        """Look at the next run."""
        leaves = list(chain_rules.leaves_in(run.leaves))
        if not len(leaves) == len(run.sequences) == len(run.transaction_ids) == len(stored) > 0:
            self._refuse("a run has not as many hashes as events")
        first = run.sequences[0]
        if run.organisation_id != self._organisation or run.first != self.events:
            self._refuse(f"expected a run from place {self.events}, found one from {run.first}", first)
        if run.link_before != self._link:
            self._refuse("the run does not go on where the one before ends", first)
        present = [one for one in stored if one is not None]
        if len(present) < len(leaves) or b"".join(map(leaf_of, present)) != run.leaves:
            self._look_closer(run, leaves, stored)
        self._link = chain_rules.link_through(self._link, leaves)
        if self._link != run.link_after:
            self._refuse("the run's hashes do not lead to its link", first)
        if run.stamp != chain_rules.stamp_of(run.link_after, run.appended_at):
            self._refuse("the time at which the run was appended was changed", first)
        self.events += len(leaves)
        self._leaves += leaves
        self._stamps.append(run.stamp)
        self._close_segment()

    def end(self, chain: Chain | None) -> None:
        """Compare with where the chain is said to stand."""
        if len(self.hashes) < len(self._segments):
            self._refuse(
                f"segment {len(self.hashes) + 1} is signed, but the events end at place {self.events}: "
                "the end of the log was cut off"
            )
        found = (self.events, self._link, self.sealed, len(self.hashes), self._previous)
        if chain is None or found != chain[1:]:
            stood = "nowhere" if chain is None else f"at {chain.events}, sealed to {chain.sealed}"
            self._refuse(f"the chain is said to stand {stood}; found {self.events}, sealed to {self.sealed}")

    def _look_closer(self, run: Run, leaves: Sequence[bytes], stored: Sequence[bytes | None]) -> None:
        for sequence, leaf, row in zip(run.sequences, leaves, stored, strict=True):
            if row is None:
                self._refuse("the event was removed, or moved to another transaction", sequence)
            now = leaf_of(row)
            if now != leaf and not self._was_redacted(sequence, leaf, now):
                self._refuse("the event is not what was hashed", sequence)

    def _was_redacted(self, sequence: int, leaf: bytes, now: bytes) -> bool:
        order = self._redactions.get(sequence)
        if order is None or (order.leaf, order.leaf_after) != (leaf.hex(), now.hex()):
            return False
        statement = redaction_statement(self._service, order)
        if self._keys.complaint(order.key, bytes_of(order.signature), statement):
            return False
        self.redacted += 1
        return True

    def _close_segment(self) -> None:
        """When the runs have come to the end of the next segment, compare with what it states."""
        number = len(self.hashes) + 1
        if number > len(self._segments):
            return
        segment = self._segments[number - 1]
        end = segment.first + segment.events
        if self.events < end and segment.first == self.sealed:
            return
        name = f"segment {number}"
        stated = (segment.organisation_id, segment.number, segment.first, end, segment.previous)
        if stated != (self._organisation, number, self.sealed, self.events, self._previous):
            self._refuse(f"{name} is not the one that follows, or does not end where a run does")
        statement = segment_statement(self._service, segment)
        if complaint := self._keys.complaint(segment.key_id, segment.signature, statement):
            self._refuse(f"{name}: {complaint}")
        runs = blake3(b"".join(self._stamps)).digest()
        found = (chain_rules.root_of(self._leaves), self._link, runs)
        if found != (segment.root, segment.link, segment.runs):
            self._refuse(f"{name}: the events do not lead to its root and link")
        self._previous = hash_of(statement)
        self.hashes.append(self._previous)
        self.sealed = self.events
        self._leaves, self._stamps = [], []

    def _refuse(self, reason: str, sequence: int | None = None) -> NoReturn:
        raise Broken(self._service, self._organisation, reason, sequence)


def bytes_of(text: str) -> bytes:
    """Return the bytes that hexadecimal digits stand for; none where they are not as we write them."""
    try:
        found = bytes.fromhex(text)
    except ValueError:
        return b""
    # Capitals or spaces would be a change that leaves the value as it was.
    return found if found.hex() == text else b""


def redaction_statement(service: str, order: Redaction) -> bytes:
    """Return what a redaction's signature is over."""
    return msgspec.json.encode(
        {
            "kind": "annotary redaction",
            "service": service,
            "sequence": order.sequence,
            "leaf": order.leaf,
            "leaf_after": order.leaf_after,
            "reason": order.reason,
            "key": order.key,
        }
    )


def check_heads(
    of: HeadsOf, keys: Keys, hashes: Mapping[tuple[str, UUID], Sequence[bytes]], services: Sequence[str]
) -> int:
    """Hold an organisation's heads against each other and against the segments; returns how many there are.

    `hashes` are those of the segments' statements of the chains of `services`, in their order.
    """
    previous = NOTHING
    heads = _all_heads(of)
    for number, head in heads:
        statement = head.statement.encode()
        try:
            read = chain_rules.read_head(head)
        except msgspec.DecodeError:
            raise Broken("platform", of.organisation, f"head {number} cannot be read") from None
        if complaint := keys.complaint(read.key, bytes_of(head.signature), statement):
            raise Broken("platform", of.organisation, f"head {number}: {complaint}")
        if (read.organisation, read.number, read.previous) != (of.organisation, number, previous.hex()):
            raise Broken("platform", of.organisation, f"head {number} does not follow the one before")
        previous = hash_of(statement)
        for service, reason in _complaints(read, hashes, services):
            raise Broken(service, of.organisation, f"head {number}: {reason}")
    return len(heads)


def _all_heads(of: HeadsOf) -> list[tuple[int, Head]]:
    """Return the heads by number; the last may have been published without its row, as a crash leaves it."""
    numbers = range(1, max([*of.kept, *of.published]) + 1)
    for number in numbers:
        kept, published = of.kept.get(number), of.published.get(number)
        if published is None:
            raise Broken("platform", of.organisation, f"head {number} is not where it was published")
        if kept is None and number < len(numbers):
            raise Broken("platform", of.organisation, f"head {number} was published, but its row is gone")
        if kept not in (None, published):
            raise Broken("platform", of.organisation, f"head {number} is not what was published")
    return [(number, of.published[number]) for number in numbers]


def _complaints(
    read: HeadStatement, hashes: Mapping[tuple[str, UUID], Sequence[bytes]], services: Sequence[str]
) -> Iterator[tuple[str, str]]:
    for service, last in read.services.items():
        if service not in services:
            continue
        found = hashes.get((service, read.organisation), ())
        if last.segment > len(found):
            yield service, f"segment {last.segment} is gone: the end of the log was cut off"
        elif found[last.segment - 1].hex() != last.hash:
            yield service, f"segment {last.segment} is not the one that was published"

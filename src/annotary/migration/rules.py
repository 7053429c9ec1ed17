"""How answers are brought from one ontology version to another: which steps lead there, and what they do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol
from uuid import UUID

import msgspec

from annotary.migration.errors import NoSteps
from annotary.migration.values import Carried, Version
from annotary.modalities.answers import AnswerValidator, compile_ontology
from annotary.modalities.errors import InvalidAnswer
from annotary.modalities.migration import Migration
from annotary.ontology.steps.inverse import invert
from annotary.ontology.steps.values import Step

_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode
UNDECIDED = "People have to decide."
ITEM_GONE = "The item was deleted, so the answer cannot be checked against it."
NO_ANSWER_YET = "The draft is no answer yet that steps could be applied to."


class Carrier(Protocol):
    """Says what becomes of one answer; `payload` is its item's JSON."""

    def carry(self, answer: str, payload: str) -> Carried:
        """Return the answer after the change."""


class Hop(NamedTuple):
    """From one version to the next, or back. `steps` None: none were told, so answers stay as they are."""

    before: Version
    after: Version
    steps: tuple[Step, ...] | None


def way(versions: Mapping[UUID, Version], source: UUID, target: UUID) -> list[Hop]:
    """Return the steps from one version to another: back to what both were made from, then on.

    Raises NoSteps where both were made from nothing that is known.
    """
    up, down = _line(versions, source), _line(versions, target)
    fork = next((one for one in up if one in down), None)
    if fork is None:
        raise NoSteps(
            f"No steps lead from version {versions[source].number} to version {versions[target].number}."
        )
    back = [_hop_back(versions, one) for one in up[: up.index(fork)]]
    return back + [_hop(versions, one) for one in reversed(down[: down.index(fork)])]


def sources(versions: Mapping[UUID, Version], target: UUID) -> list[UUID]:
    """Return the versions that answers are brought to the target from: not those that came after it."""
    return [one for one in versions if one != target and target not in _line(versions, one)]


def _line(versions: Mapping[UUID, Version], version_id: UUID) -> list[UUID]:
    """Return a version and those it was made from, the nearest first."""
    line: list[UUID] = []
    at: Version | None = versions[version_id]
    while at is not None:
        line.append(at.id)
        at = _before(versions, at)
    return line


def _before(versions: Mapping[UUID, Version], version: Version) -> Version | None:
    """Return the version that another was made from: as it says, else the one numbered before it."""
    if version.follows is not None:
        return versions.get(version.follows)
    return next((one for one in versions.values() if one.number == version.number - 1), None)


def _hop(versions: Mapping[UUID, Version], version_id: UUID) -> Hop:
    after = versions[version_id]
    before = _before(versions, after)
    assert before is not None, "a version on a line is followed by the one it was made from"
    return Hop(before, after, after.steps)


def _hop_back(versions: Mapping[UUID, Version], version_id: UUID) -> Hop:
    hop = _hop(versions, version_id)
    steps = hop.steps and invert(hop.before.definition, hop.steps).steps
    return Hop(hop.after, hop.before, steps)


class Bringing:
    """Brings answers of one version to another; made once for the two."""

    def __init__(self, target: Version, way: Sequence[Hop]) -> None:
        self._hops = [
            Migration(target.modality, hop.before.definition, hop.steps)
            for hop in way
            if hop.steps is not None
        ]
        self._check_all = any(hop.steps is None for hop in way)
        self._validator = compile_ontology(target.modality, target.definition, target.content_hash)

    def carry(self, answer: str, payload: str) -> Carried:
        """Return the answer under the target version, valid there, or why it is left as it is."""
        before = encoded = answer.encode()
        lossy = False
        for hop in self._hops:
            item = _decode(payload) if hop.needs_item else None
            if hop.needs_item and item is None:
                return Carried(reason=ITEM_GONE)
            found = hop.rewrite(encoded, item)
            if found.ambiguous:
                return Carried(reason=UNDECIDED, paths=found.ambiguous)
            encoded = found.encoded
            lossy = lossy or bool(found.losses)
        if encoded == before and not self._check_all:
            return Carried()
        return checked(self._validator, before, encoded, payload, lossy)


class BringingDrafts:
    """Brings drafts: they need not be valid, so they are carried as far as the steps know them."""

    def __init__(self, target: Version, way: Sequence[Hop]) -> None:
        self._programs = [
            Migration(target.modality, hop.before.definition, hop.steps).program
            for hop in way
            if hop.steps is not None
        ]

    def carry(self, answer: str, payload: str) -> Carried:
        """Return the draft under the target version; one that steps cannot read stays as it is."""
        try:
            encoded = before = _encode(_decode(answer))
            lossy = False
            for program in self._programs:
                found = program.rewrite(encoded)
                if found.ambiguous:
                    return Carried(reason=UNDECIDED, paths=found.ambiguous)
                encoded = found.encoded
                lossy = lossy or bool(found.losses)
        except (AttributeError, KeyError, TypeError, ValueError, msgspec.MsgspecError):
            return Carried(reason=NO_ANSWER_YET)
        return Carried(None if encoded == before else encoded, lossy)


def checked(
    validator: AnswerValidator, before: bytes, encoded: bytes, payload: str, lossy: bool = False
) -> Carried:
    """Return an answer if it is valid, in its canonical form; else why it stays as it was (`before`)."""
    item: Any = _decode(payload)
    if item is None:
        return Carried(reason=ITEM_GONE)
    try:
        after = validator.validate(encoded, item).encoded
    except InvalidAnswer as error:
        return Carried(reason=error.detail, paths=(error.path or "",))
    return Carried(None if after == before else after, lossy)


def bringing(versions: Mapping[UUID, Version], source: UUID, target: UUID, is_draft: bool) -> Carrier:
    """Return what brings answers, or drafts, of one version to another; raises NoSteps."""
    kind = BringingDrafts if is_draft else Bringing
    return kind(versions[target], way(versions, source, target))

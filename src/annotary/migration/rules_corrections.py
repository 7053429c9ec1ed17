"""What a correction makes of one answer: its steps on the marks that are chosen, under the same version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from annotary.migration.rules import UNDECIDED, checked
from annotary.migration.values import Carried, Filter, GivenAnswer, Version
from annotary.modalities.answers import compile_ontology
from annotary.ontology.errors import InvalidStep
from annotary.ontology.steps.apply import compile
from annotary.ontology.steps.predicates import holds
from annotary.ontology.steps.values import Step

_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode


class Correction:
    """Corrects answers of one version; what its steps make must be valid under that same version."""

    def __init__(self, version: Version, chosen: Filter, steps: tuple[Step, ...]) -> None:
        self._chosen = chosen
        self._refused = ""
        try:
            # Without the rules of tools: it sees some of an answer's marks only, and the whole is checked.
            self._program = compile(version.definition, steps)
        except InvalidStep as error:
            self._refused = f"Version {version.number}: {error.detail}"
        self._validator = compile_ontology(version.modality, version.definition, version.content_hash)

    def carry(self, answer: str, payload: str) -> Carried:
        """Return the corrected answer; nothing where the filter chooses none of its marks."""
        decoded = _decode(answer)
        mine = {
            tool: [self._chooses(tool, mark) for mark in marks]
            for tool, marks in decoded.items()
            if isinstance(marks, list)
        }
        if not any(any(flags) for flags in mine.values()):
            return Carried()
        if self._refused:
            return Carried(reason=self._refused)
        part = {
            tool: [mark for mark, is_mine in zip(decoded[tool], flags, strict=True) if is_mine]
            for tool, flags in mine.items()
            if any(flags)
        }
        found = self._program.answer(part)
        if found.ambiguous:
            return Carried(reason=UNDECIDED, paths=found.ambiguous)
        if not found.changed:
            return Carried()
        whole = dict(decoded)
        for tool, flags in mine.items():
            others = [mark for mark, is_mine in zip(decoded[tool], flags, strict=True) if not is_mine]
            whole[tool] = others + found.answer.get(tool, [])
        before = answer.encode()
        return checked(self._validator, before, _encode(whole), payload, bool(found.losses))

    def _chooses(self, tool: str, mark: Any) -> bool:
        if not isinstance(mark, dict) or "label" not in mark:
            return False
        if self._chosen.label is not None and mark["label"] != self._chosen.label:
            return False
        return holds(self._chosen.where, tool, mark)


class Replacing:
    """Puts given answers in place of those that were read, where they are still as they were."""

    def __init__(self, version: Version, given: Mapping[str, GivenAnswer]) -> None:
        self._given = given
        self._validator = compile_ontology(version.modality, version.definition, version.content_hash)

    def replace(self, name: str, content_hash: bytes, answer: str, payload: str) -> Carried:
        """Return what was given for an answer, if it is valid under the version of the one it replaces."""
        given = self._given[name]
        if given.content_hash != content_hash.hex():
            return Carried(reason="The answer has been changed since it was read.")
        return checked(self._validator, answer.encode(), _encode(given.answer), payload)


def needle(chosen: Filter) -> str | None:
    """Return bytes that the canonical JSON of every chosen answer holds; None: nothing is known of them."""
    return None if chosen.label is None else '"label":' + _encode(chosen.label).decode()

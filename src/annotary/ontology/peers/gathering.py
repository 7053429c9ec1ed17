"""Gathers labels, attributes and tools while another program's definition is read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import msgspec

from annotary.kernel.limits import (
    ATTRIBUTE_TEXT_CHARACTERS_MAX,
    LABEL_DESCRIPTION_CHARACTERS_MAX,
    LABEL_NAME_CHARACTERS_MAX,
)
from annotary.ontology.errors import InvalidOntology
from annotary.ontology.peers.values import Imported, Modality, PeerLoss
from annotary.ontology.rules import check_structure, fits
from annotary.ontology.values import Attribute, Definition, Label

_HEX = re.compile(r"#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})([0-9a-fA-F]{2})?")
_RGB = re.compile(r"rgba?\((\d+)\D+(\d+)\D+(\d+).*\)")
# The names of colours that definitions use most, as CSS has them.
_COLOURS = {
    "black": "#000000", "silver": "#c0c0c0", "gray": "#808080", "grey": "#808080", "white": "#ffffff",
    "maroon": "#800000", "red": "#ff0000", "purple": "#800080", "fuchsia": "#ff00ff", "magenta": "#ff00ff",
    "green": "#008000", "lime": "#00ff00", "olive": "#808000", "yellow": "#ffff00", "navy": "#000080",
    "blue": "#0000ff", "teal": "#008080", "aqua": "#00ffff", "cyan": "#00ffff", "orange": "#ffa500",
    "brown": "#a52a2a", "pink": "#ffc0cb", "gold": "#ffd700", "violet": "#ee82ee", "indigo": "#4b0082",
}  # fmt: skip


class Gathering:
    """A definition in the making, and what could not be taken over."""

    def __init__(self) -> None:
        self.tools: dict[str, dict[str, Any]] = {}
        self._labels: dict[str, Label] = {}
        self._losses: list[PeerLoss] = []

    def lose(self, path: str, what: str) -> None:
        """Note what is lost."""
        self._losses.append(PeerLoss(path, what))

    def label(
        self,
        path: str,
        name: str,
        tools: Sequence[str],
        *,
        colour: Any = None,
        hotkey: str | None = None,
        description: str | None = None,
        parent: str | None = None,
        retired: bool = False,
    ) -> str:
        """Add a label, or further tools to one of this name; returns its name here."""
        name = self.name(path, name)
        for tool in tools:
            self.tools.setdefault(tool, {})
        known = self._labels.get(name)
        if known is not None:
            merged = tuple(dict.fromkeys((*known.tools, *tools)))
            self._labels[name] = msgspec.structs.replace(
                known, tools=merged, retired=known.retired and retired
            )
            return name
        if description is not None and len(description) > LABEL_DESCRIPTION_CHARACTERS_MAX:
            self.lose(path, f"the description beyond {LABEL_DESCRIPTION_CHARACTERS_MAX} characters")
            description = description[:LABEL_DESCRIPTION_CHARACTERS_MAX]
        self._labels[name] = Label(
            name=name,
            tools=tuple(tools),
            parent=parent,
            colour=self._colour(path, colour),
            description=description or None,
            hotkey=self._hotkey(path, hotkey),
            retired=retired,
        )
        return name

    def attribute(self, path: str, labels: Sequence[str], attribute: Attribute) -> None:
        """Ask an attribute of some labels; the first of a name counts."""
        if attribute.default is not None and not fits(attribute, attribute.default):
            self.lose(path, f"the default {attribute.default!r}, which the attribute does not allow")
            attribute = msgspec.structs.replace(attribute, default=None)
        for name in labels:
            label = self._labels[name]
            if any(one.name == attribute.name for one in label.attributes):
                self.lose(path, f"a second attribute {attribute.name} of {name}")
                continue
            attributes = (*label.attributes, attribute)
            self._labels[name] = msgspec.structs.replace(label, attributes=attributes)

    def labels(self) -> list[str]:
        """Return the names of the labels so far."""
        return list(self._labels)

    def name(self, path: str, name: str) -> str:
        """Return a name as labels and attributes may have it."""
        kept = "".join(one if one.isprintable() else " " for one in name).strip()[:LABEL_NAME_CHARACTERS_MAX]
        kept = kept.strip() or "unnamed"
        if kept != name:
            self.lose(path, f"the name {name!r}: it is {kept!r} here")
        return kept

    def finish(self, modality: Modality) -> Imported:
        """Return what was gathered; raises InvalidOntology where nothing of it can be used."""
        if not self.tools:
            found = "; ".join(loss.what for loss in self._losses) or "nothing that is labelled"
            raise InvalidOntology(
                path="", found=found, expected=f"something that Annotary labels in {modality}"
            )
        every = set(self.tools)
        labels = [
            msgspec.structs.replace(label, tools=()) if set(label.tools) >= every else label
            for label in self._labels.values()
        ]
        definition = Definition(tools=self.tools, labels=tuple(labels))
        check_structure(definition)
        return Imported(modality, definition, tuple(self._losses))

    def _colour(self, path: str, colour: Any) -> str | None:
        if not colour:
            return None
        if isinstance(colour, list | tuple) and len(colour) == 3:
            colour = f"rgb({', '.join(map(str, colour))})"
        text = str(colour).strip()
        found = _HEX.fullmatch(text)
        if found:
            digits = found.group(1)
            return "#" + (digits if len(digits) == 6 else "".join(2 * one for one in digits))
        parts = _RGB.fullmatch(text)
        if parts and all(int(part) < 256 for part in parts.groups()):
            return "#" + "".join(f"{int(part):02x}" for part in parts.groups())
        if text.lower() in _COLOURS:
            return _COLOURS[text.lower()]
        self.lose(path, f"the colour {text!r}")
        return None

    def _hotkey(self, path: str, hotkey: str | None) -> str | None:
        if not hotkey:
            return None
        taken = any(label.hotkey == hotkey for label in self._labels.values())
        if len(hotkey) == 1 and hotkey.isprintable() and not hotkey.isspace() and not taken:
            return hotkey
        self.lose(path, f"the hotkey {hotkey!r}" + (", which another label has" if taken else ""))
        return None


def text_default(value: object) -> str | None:
    """Return a default text, or None where there is none."""
    text = "" if value is None else str(value)
    return text[:ATTRIBUTE_TEXT_CHARACTERS_MAX] or None

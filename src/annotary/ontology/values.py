"""The definition of one ontology version: labels, their attributes and the tools they are used with."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

AttributeKind = Literal["choice", "number", "text", "boolean"]
AttributeValue = str | float | bool | tuple[str, ...]


class Attribute(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A question asked about a mark: a choice among words, a number, a text, or yes and no.

    `default` is what an answer means when it leaves the attribute out. `unit` is that of a number. `per`:
    asked once a mark (of a track: once for the track), or at each keyframe of a track.
    """

    name: str
    kind: AttributeKind
    choices: tuple[str, ...] = ()
    multiple: bool = False
    minimum: float | None = None
    maximum: float | None = None
    required: bool = False
    default: str | float | bool | list[str] | None = None
    unit: str | None = None
    per: Literal["mark", "frame"] = "mark"


class Label(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """An entry of the ontology; `tools` empty: for every enabled tool; `parent`: another label's name.

    `hotkey` is the key that picks it. A `retired` label is not offered any more, but its marks stay valid.
    """

    name: str
    tools: tuple[str, ...] = ()
    parent: str | None = None
    colour: str | None = None
    description: str | None = None
    attributes: tuple[Attribute, ...] = ()
    hotkey: str | None = None
    retired: bool = False


class Definition(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One immutable ontology version. `tools` are label types by name, with their settings.

    The settings' fields belong to the label types, so they stay plain JSON here.
    """

    tools: dict[str, dict[str, Any]]
    labels: tuple[Label, ...] = ()

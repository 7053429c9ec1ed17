"""Checks of a definition that need no knowledge of label types, and its content hash."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any, NoReturn, TypeVar

import msgspec
from blake3 import blake3

from annotary.kernel import limits
from annotary.ontology.errors import InvalidOntology
from annotary.ontology.pointers import complaint_of, value_at
from annotary.ontology.values import Attribute, Definition, Label

ROOT = "/definition"
T = TypeVar("T")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_encoder = msgspec.json.Encoder(order="deterministic")


def encode_definition(definition: Definition) -> bytes:
    """Return the canonical JSON of a definition: fixed key order, defaults dropped, no white space."""
    return _encoder.encode(definition)


def content_hash(definition: Definition) -> bytes:
    """Return the 32 bytes of BLAKE3 over the canonical JSON: equal definitions have equal hashes."""
    return blake3(encode_definition(definition)).digest()


def read_definition(document: Mapping[str, Any]) -> Definition:
    """Turn decoded JSON into a definition; raises InvalidOntology with the path of what does not fit."""
    return read_as(document, Definition, ROOT)


def read_as(document: Any, kind: type[T], root: str) -> T:
    """Turn decoded JSON into a type; raises InvalidOntology at the path below `root` that does not fit."""
    try:
        return msgspec.convert(document, kind)
    except msgspec.ValidationError as error:
        complaint = complaint_of(str(error), root)
        found = value_at(document, complaint.path, root)
        raise InvalidOntology(path=complaint.path, found=found, expected=complaint.expected) from None


def check_structure(definition: Definition) -> None:
    """Raise InvalidOntology, with its path, at the first thing in the definition that cannot hold."""
    if not definition.tools:
        _refuse("/tools", {}, "at least one tool")
    names = [label.name for label in definition.labels]
    _check_size("/labels", names, limits.LABELS_PER_ONTOLOGY_MAX)
    _check_names("/labels", names)
    for index, label in enumerate(definition.labels):
        _check_label(f"/labels/{index}", label, definition.tools)
    _check_hierarchy(definition.labels)
    _check_hotkeys(definition.labels)


def _check_label(path: str, label: Label, tools: Mapping[str, Any]) -> None:
    for index, tool in enumerate(label.tools):
        if tool not in tools:
            _refuse(f"{path}/tools/{index}", tool, f"one of the definition's tools: {', '.join(tools)}")
    _check_unique(f"{path}/tools", label.tools)
    if label.colour is not None and not _COLOUR.fullmatch(label.colour):
        _refuse(f"{path}/colour", label.colour, "a colour as #rrggbb")
    if len(label.description or "") > limits.LABEL_DESCRIPTION_CHARACTERS_MAX:
        expected = f"at most {limits.LABEL_DESCRIPTION_CHARACTERS_MAX} characters"
        _refuse(f"{path}/description", label.description, expected)
    names = [attribute.name for attribute in label.attributes]
    _check_size(f"{path}/attributes", names, limits.LABEL_ATTRIBUTES_MAX)
    _check_names(f"{path}/attributes", names)
    for index, attribute in enumerate(label.attributes):
        _check_attribute(f"{path}/attributes/{index}", attribute)


def _check_hierarchy(labels: tuple[Label, ...]) -> None:
    """Every parent exists and no label is its own ancestor; each label is walked once."""
    position = {label.name: index for index, label in enumerate(labels)}
    rooted: set[str] = set()
    for label in labels:
        chain: dict[str, None] = {}
        name: str | None = label.name
        while name is not None and name not in rooted:
            chain[name] = None
            index = position[name]
            parent = labels[index].parent
            if parent is not None and parent not in position:
                _refuse(f"/labels/{index}/parent", parent, "the name of a label of this definition")
            if parent in chain:
                _refuse(
                    f"/labels/{index}/parent",
                    parent,
                    "a parent that is not below this label: a tree has no cycle",
                )
            name = parent
        rooted.update(chain)


def _check_hotkeys(labels: tuple[Label, ...]) -> None:
    """A hotkey is one printable character (or a digit), and picks one label among those on offer."""
    owner: dict[str, str] = {}
    for index, label in enumerate(labels):
        key = label.hotkey
        if key is None:
            continue
        if len(key) != 1 or not key.isprintable() or key.isspace():
            _refuse(f"/labels/{index}/hotkey", key, "one printable character that is no white space")
        if not label.retired and owner.setdefault(key, label.name) != label.name:
            expected = f"a key of its own: it picks {owner[key]} already"
            _refuse(f"/labels/{index}/hotkey", key, expected)


def _check_attribute(path: str, attribute: Attribute) -> None:
    if attribute.kind == "choice":
        _check_choices(path, attribute)
    elif attribute.choices:
        _refuse(f"{path}/choices", list(attribute.choices), f"no choices for the kind {attribute.kind}")
    elif attribute.multiple:
        _refuse(f"{path}/multiple", True, f"false for the kind {attribute.kind}")
    _check_bounds(path, attribute)
    _check_unit(path, attribute)
    if attribute.default is not None and not fits(attribute, attribute.default):
        _refuse(f"{path}/default", attribute.default, f"a value that the {attribute.kind} attribute allows")


def _check_choices(path: str, attribute: Attribute) -> None:
    _check_size(f"{path}/choices", attribute.choices, limits.ATTRIBUTE_CHOICES_MAX)
    if not attribute.choices:
        _refuse(f"{path}/choices", [], "at least one choice")
    for index, choice in enumerate(attribute.choices):
        _check_name(f"{path}/choices/{index}", choice)
    _check_unique(f"{path}/choices", attribute.choices)


def _check_unit(path: str, attribute: Attribute) -> None:
    if attribute.unit is None:
        return
    if attribute.kind != "number":
        _refuse(f"{path}/unit", attribute.unit, f"no unit for the kind {attribute.kind}")
    _check_name(f"{path}/unit", attribute.unit)


def _check_bounds(path: str, attribute: Attribute) -> None:
    for field, bound in (("minimum", attribute.minimum), ("maximum", attribute.maximum)):
        if bound is not None and attribute.kind != "number":
            _refuse(f"{path}/{field}", bound, f"no {field} for the kind {attribute.kind}")
        if bound is not None and not math.isfinite(bound):
            _refuse(f"{path}/{field}", bound, "a finite number")
    if (
        attribute.minimum is not None
        and attribute.maximum is not None
        and attribute.minimum > attribute.maximum
    ):
        _refuse(f"{path}/minimum", attribute.minimum, f"at most the maximum, {attribute.maximum}")


def fits(attribute: Attribute, value: str | float | bool | list[str]) -> bool:
    """Return whether an attribute allows a value; a list of choices may have any order."""
    if attribute.kind == "choice" and attribute.multiple:
        return (
            isinstance(value, list) and len(set(value)) == len(value) and set(value) <= set(attribute.choices)
        )
    if attribute.kind == "choice":
        return value in attribute.choices
    if attribute.kind == "boolean":
        return isinstance(value, bool)
    if attribute.kind == "text":
        return (
            isinstance(value, str)
            and len(value) <= limits.ATTRIBUTE_TEXT_CHARACTERS_MAX
            and "\0" not in value
        )
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return False
    above = attribute.minimum is None or value >= attribute.minimum
    return above and (attribute.maximum is None or value <= attribute.maximum)


def _check_size(path: str, values: list[str] | tuple[str, ...], size_max: int) -> None:
    if len(values) > size_max:
        _refuse(path, f"{len(values)} entries", f"at most {size_max}")


def _check_names(path: str, names: Iterable[str]) -> None:
    names = list(names)
    for index, name in enumerate(names):
        _check_name(f"{path}/{index}/name", name)
    _check_unique(path, names, "/name")


def _check_name(path: str, name: str) -> None:
    size_max = limits.LABEL_NAME_CHARACTERS_MAX
    if not name or name != name.strip() or len(name) > size_max or not name.isprintable():
        _refuse(path, name, f"1 to {size_max} printable characters without white space at either end")


def _check_unique(path: str, names: Iterable[str], suffix: str = "") -> None:
    seen: set[str] = set()
    for index, name in enumerate(names):
        if name in seen:
            _refuse(f"{path}/{index}{suffix}", name, "a name that was not used before it")
        seen.add(name)


def _refuse(path: str, found: object, expected: str) -> NoReturn:
    raise InvalidOntology(path=ROOT + path, found=found, expected=expected)

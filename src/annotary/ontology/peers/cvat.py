"""CVAT's labels as its raw editor and API show them: a list of labels with types and attributes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import msgspec

from annotary.ontology.errors import InvalidOntology
from annotary.ontology.peers.gathering import Gathering, text_default
from annotary.ontology.peers.values import Imported, Modality
from annotary.ontology.rules import read_as
from annotary.ontology.steps.conversion import as_text
from annotary.ontology.values import Attribute

_TOOLS: dict[str, dict[str, tuple[str, ...]]] = {
    "image": {
        "any": ("box", "polygon", "mask", "classification"),
        "rectangle": ("box",),
        "polygon": ("polygon",),
        "polyline": ("polyline",),
        "mask": ("mask",),
        "tag": ("classification",),
    },
    "video": {"any": ("tracks",), "rectangle": ("tracks",)},
}
_NO_DEFAULT = (None, "", "__undefined__")
_Scalar = str | float | bool


class _Attribute(msgspec.Struct):
    name: str
    input_type: str = ""
    mutable: bool = False
    values: list[_Scalar] | None = None
    default_value: _Scalar | None = None


class _Label(msgspec.Struct):
    name: str
    type: str | None = None
    color: str | None = None
    attributes: list[_Attribute] | None = None
    sublabels: list[Any] | None = None


def read(document: Any, modality: Modality = "image") -> Imported:
    """Read a list of labels, or an object with `labels`; raises InvalidOntology where it is neither.

    In a video, rectangles become tracks and a mutable attribute is asked at each keyframe.
    """
    labels = document.get("labels", document.get("results")) if isinstance(document, dict) else document
    if modality not in _TOOLS:
        raise InvalidOntology(path="", found=modality, expected="image or video: CVAT labels no texts")
    gathered = Gathering()
    for index, label in enumerate(read_as(labels, list[_Label], "")):
        _add(gathered, f"/{index}", label, modality)
    if "classification" in gathered.tools:
        gathered.tools["classification"] = {"multiple": True, "required": False}
    return gathered.finish(modality)


def _add(gathered: Gathering, path: str, label: _Label, modality: Modality) -> None:
    shape = label.type or "any"
    tools = _TOOLS[modality].get(shape)
    if tools is None:
        gathered.lose(path, f"the label {label.name}: there is no tool for {shape} in {modality}")
        return
    if shape == "any":
        gathered.lose(f"{path}/type", f"shapes of {label.name} other than {', '.join(tools)}")
    if label.sublabels:
        gathered.lose(f"{path}/sublabels", f"the points of {label.name}")
    name = gathered.label(path, label.name, tools, colour=label.color)
    for index, attribute in enumerate(label.attributes or []):
        _ask(gathered, f"{path}/attributes/{index}", name, attribute, modality)


def _ask(gathered: Gathering, path: str, label: str, found: _Attribute, modality: Modality) -> None:
    name = gathered.name(path, found.name)
    if found.mutable and modality == "image":
        gathered.lose(f"{path}/mutable", f"that {name} may change from frame to frame: an image has one")
    kind = _kind(gathered, path, name, found)
    if kind is not None:
        per: Literal["mark", "frame"] = "frame" if found.mutable and modality == "video" else "mark"
        gathered.attribute(path, [label], Attribute(**kind, name=name, per=per))


def _kind(gathered: Gathering, path: str, name: str, found: _Attribute) -> dict[str, Any] | None:
    kind, values = found.input_type, [as_text(value) for value in found.values or []]
    default = None if found.default_value in _NO_DEFAULT else as_text(found.default_value)
    if kind in ("select", "radio") and any(values):
        choices = tuple(dict.fromkeys(gathered.name(path, value) for value in values if value))
        return {"kind": "choice", "choices": choices, "default": default}
    if kind == "checkbox":
        return {"kind": "boolean", "default": None if default is None else default.lower() == "true"}
    if kind == "text":
        return {"kind": "text", "default": text_default(default)}
    if kind == "number":
        return _number(gathered, path, name, values, default)
    gathered.lose(path, f"the attribute {name}: its type is {kind!r}")
    return None


def _number(
    gathered: Gathering, path: str, name: str, values: Sequence[str], default: str | None
) -> dict[str, Any]:
    """CVAT writes a number's range as [least, most, step], all as text."""
    numbers = [*(_float(value) for value in values[:3]), None, None, None]
    if numbers[2] is not None:
        gathered.lose(f"{path}/values", f"that {name} goes in steps of {numbers[2]:g}")
    given = None if default is None else _float(default)
    return {"kind": "number", "minimum": numbers[0], "maximum": numbers[1], "default": given}


def _float(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None

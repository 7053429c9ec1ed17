"""Labelbox's ontologies: `tools` with classifications inside, and classifications of the whole data row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from annotary.ontology.peers.gathering import Gathering
from annotary.ontology.peers.questions import Question, add_questions
from annotary.ontology.peers.values import Imported, Modality
from annotary.ontology.rules import read_as
from annotary.ontology.values import Attribute

_TOOLS: dict[str, dict[str, str]] = {
    "image": {"rectangle": "box", "polygon": "polygon", "superpixel": "mask", "raster-segmentation": "mask"},
    "video": {"rectangle": "tracks"},
    "text": {"named-entity": "spans"},
}
_CHOOSING = ("radio", "dropdown", "checklist")


class _Option(msgspec.Struct):
    label: str | None = None
    value: str | float | None = None
    options: list[_Question] | None = None

    @property
    def called(self) -> str:
        return self.label or str(self.value or "")


class _Question(msgspec.Struct):
    type: str | None = None
    name: str | None = None
    instructions: str | None = None
    required: bool | None = None
    scope: str | None = None
    options: list[_Option] | None = None

    @property
    def called(self) -> str:
        return self.name or self.instructions or ""


class _Tool(msgspec.Struct):
    tool: str
    name: str
    color: str | None = None
    required: bool | None = None
    classifications: list[_Question] | None = None


class _Ontology(msgspec.Struct):
    tools: list[_Tool] | None = None
    classifications: list[_Question] | None = None


def read(document: Any, modality: Modality | None = None) -> Imported:
    """Read an ontology (`normalized`); raises InvalidOntology where it is none.

    Without `modality` it is text where there are named entities, an image otherwise. In a video, questions of
    the scope `index` are asked at each keyframe.
    """
    if isinstance(document, dict) and "normalized" in document:
        document = document["normalized"]
    ontology = read_as(document, _Ontology, "")
    tools = ontology.tools or []
    entities = any(tool.tool == "named-entity" for tool in tools)
    kind: Modality = modality or ("text" if entities else "image")
    gathered = Gathering()
    for index, tool in enumerate(tools):
        _add(gathered, f"/tools/{index}", tool, kind)
    questions: list[Question] = []
    for index, one in enumerate(ontology.classifications or []):
        questions += _about_items(gathered, f"/classifications/{index}", one)
    if kind == "video" and questions:
        gathered.lose("/classifications", "the questions about the whole video: there is no tool for them")
    else:
        add_questions(gathered, questions)
    return gathered.finish(kind)


def _add(gathered: Gathering, path: str, tool: _Tool, modality: Modality) -> None:
    ours = _TOOLS[modality].get(tool.tool)
    if ours is None:
        gathered.lose(path, f"{tool.name}: there is no tool for {tool.tool} in {modality}")
        return
    name = gathered.label(path, tool.name, [ours], colour=tool.color)
    if tool.required:
        gathered.lose(f"{path}/required", f"that every answer needs a {name}: only tools can be required")
    for index, one in enumerate(tool.classifications or []):
        _ask(gathered, f"{path}/classifications/{index}", name, one, modality, below="")


def _ask(gathered: Gathering, path: str, label: str, one: _Question, modality: Modality, below: str) -> None:
    """Ask a question of a label; questions below an option are asked too, whatever the option."""
    if below:
        gathered.lose(path, f"that {one.called} is asked only where {below} was chosen")
    options = one.options or []
    attribute: dict[str, Any] = {
        "name": gathered.name(path, one.called),
        "required": bool(one.required) and not below,
        "per": "frame" if one.scope == "index" and modality == "video" else "mark",
    }
    if one.type in _CHOOSING and options:
        choices = tuple(dict.fromkeys(gathered.name(path, option.called) for option in options))
        attribute |= {"kind": "choice", "choices": choices, "multiple": one.type == "checklist"}
    elif one.type == "text":
        attribute["kind"] = "text"
    else:
        gathered.lose(path, f"the question {one.called}: its type is {one.type!r}")
        return
    gathered.attribute(path, [label], Attribute(**attribute))
    for index, option in enumerate(options):
        for at, inner in enumerate(option.options or []):
            where = f"{path}/options/{index}/options/{at}"
            _ask(gathered, where, label, inner, modality, below=option.called)


def _about_items(gathered: Gathering, path: str, one: _Question) -> Sequence[Question]:
    options = one.options or []
    if one.type not in _CHOOSING or not options:
        gathered.lose(path, f"the question {one.called} about the whole item: its type is {one.type!r}")
        return []
    for index, option in enumerate(options):
        if option.options:
            gathered.lose(f"{path}/options/{index}/options", f"the questions below {option.called}")
    names = [(f"{path}/options/{index}", option.called, None) for index, option in enumerate(options)]
    return [Question(path, one.called, names, one.type == "checklist", bool(one.required))]

"""Generates chains of steps that can be applied, of every kind, with a definition they start from."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from annotary.modalities.definitions import check_definition
from annotary.ontology.errors import InvalidOntology, InvalidStep
from annotary.ontology.rules import read_definition
from annotary.ontology.steps import values as steps
from annotary.ontology.steps.apply import to_definition
from annotary.ontology.steps.reading import read_steps
from annotary.ontology.values import Attribute, Definition, Label
from unit.modalities.strategies import LABELS, TOOLS

KINDS: dict[str, list[dict[str, Any]]] = {
    "choice": [
        {"kind": "choice", "choices": ["x", "y", "z"]},
        {"kind": "choice", "choices": ["z", "y", "x"], "multiple": True},
        {"kind": "choice", "choices": ["1", "0", "true", "false", "q", "w", "e"]},
        {"kind": "choice", "choices": ["q", "e"], "multiple": True},
    ],
    "number": [
        {"kind": "number"},
        {"kind": "number", "minimum": 0, "maximum": 1, "unit": "m"},
        {"kind": "number", "minimum": 0.5},
    ],
    "text": [{"kind": "text"}],
    "boolean": [{"kind": "boolean"}],
}
TYPES = [kind for kinds in KINDS.values() for kind in kinds]
NAMES = [f"n{number}" for number in range(40)]


def definition_of(modality: str) -> Definition:
    """The definition that `unit.modalities.strategies` makes answers for."""
    return read_definition({"tools": TOOLS[modality], "labels": LABELS})


def _value(draw: Any, kind: dict[str, Any]) -> Any:
    if kind["kind"] == "choice":
        picked = st.sampled_from(kind["choices"])
        return draw(st.lists(picked, unique=True) if kind.get("multiple") else picked)
    return draw(
        {
            "number": st.sampled_from([0, 0.5, 1, 3]),
            "text": st.sampled_from(["", "a", "3", "x"]),
            "boolean": st.booleans(),
        }[kind["kind"]]
    )


def _type_of(attribute: Attribute) -> dict[str, Any]:
    return {"kind": attribute.kind, "choices": list(attribute.choices), "multiple": attribute.multiple}


def _attribute_step(draw: Any, label: Label, name: str, modality: str) -> dict[str, Any]:
    if not label.attributes or draw(st.integers(0, 4)) == 0:
        kind = draw(st.sampled_from(TYPES))
        attribute = {"name": name, "required": draw(st.booleans()), **kind}
        if modality == "video":
            attribute["per"] = draw(st.sampled_from(["mark", "frame"]))
        if draw(st.booleans()):
            attribute["default"] = _value(draw, kind)
        step = {"step": "add_attribute", "label": label.name, "attribute": attribute}
        return step | ({"fill": _value(draw, kind)} if draw(st.booleans()) else {})
    attribute = draw(st.sampled_from(label.attributes))
    step = {"label": label.name, "attribute": attribute.name}
    what = draw(st.sampled_from(["rename", "retype", "retype", "default", "remove", "require", "relax"]))
    if what == "rename":
        return step | {"step": "rename_attribute", "to": name}
    if what == "default":
        value = None if draw(st.booleans()) else _value(draw, _type_of(attribute))
        return step | {"step": "set_default", "default": value}
    if what == "retype":
        return _retype(draw, step, attribute)
    fill = {"fill": _value(draw, _type_of(attribute))} if what == "require" and draw(st.booleans()) else {}
    return step | {"step": {"remove": "remove_attribute"}.get(what, what)} | fill


def _retype(draw: Any, step: dict[str, Any], attribute: Attribute) -> dict[str, Any]:
    to = draw(st.sampled_from(TYPES))
    olds = [*attribute.choices, "true", "false", "1"]
    values = {draw(st.sampled_from(olds)): _value(draw, to) for _ in range(draw(st.integers(0, 3)))}
    step = step | {"step": "retype_attribute", "to": to, "values": values}
    how = draw(st.sampled_from(["ask", "drop", "value"]))
    return step | ({} if how == "ask" else {"otherwise": None if how == "drop" else _value(draw, to)})


def _label_step(draw: Any, definition: Definition, label: Label, name: str) -> dict[str, Any]:
    names = [one.name for one in definition.labels]
    what = draw(
        st.sampled_from(["add", "rename", "move", "merge", "merge", "split", "retire", "remove", "describe"])
    )
    if what == "add":
        return {"step": "add_label", "label": {"name": name}, "at": draw(st.sampled_from([None, 0]))}
    step = {"step": f"{what}_label", "label": label.name}
    if what == "rename":
        return step | {"to": name}
    if what == "move":
        return step | {
            "parent": draw(st.sampled_from([None, *names])),
            "at": draw(st.sampled_from([None, 0, 1])),
        }
    if what == "merge":
        some = draw(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True))
        return {"step": "merge_labels", "labels": some, "into": label.name}
    if what == "split":
        into = draw(st.sampled_from([[name, label.name], [label.name, name], [name, name + "b"]]))
        rules = [{"to": name, "when": [draw(st.sampled_from(CONDITIONS))]}]
        return step | {
            "into": into,
            "rules": rules,
            "otherwise": draw(st.sampled_from([None, into[0], into[1]])),
        }
    if what == "retire" and label.retired:
        return {"step": "restore_label", "label": label.name}
    return step | ({"hotkey": draw(st.sampled_from([None, "k", "l"]))} if what == "describe" else {})


CONDITIONS = [
    {"attribute": "kind", "equals": "x"},
    {"attribute": "certainty", "at_least": 0.5},
    {"attribute": "tags", "one_of": ["q", "w"]},
    {"attribute": "hidden", "absent": True},
    {"shape": "width", "at_least": 100},
    {"shape": "area", "at_most": 10_000},
    {"shape": "length", "at_least": 3},
    {"shape": "level", "equals": 1},
    {"tool": "box"},
]


def _tool_step(draw: Any, definition: Definition, modality: str, label: Label) -> dict[str, Any]:
    what = draw(st.sampled_from(["shapes", "add", "change", "remove"]))
    tool = draw(st.sampled_from(sorted(TOOLS[modality])))
    if what == "shapes":
        tools = draw(st.lists(st.sampled_from(sorted(definition.tools)), unique=True, max_size=2))
        remove = draw(st.booleans())
        return {"step": "change_shapes", "label": label.name, "tools": tools, "remove_marks": remove}
    if what == "remove":
        return {"step": "remove_tool", "tool": tool}
    settings: dict[str, Any] = {"required": draw(st.booleans())}
    if tool == "keypoints":
        settings["skeletons"] = TOOLS[modality][tool]["skeletons"]
    if tool == "chat":
        settings |= {"complete": draw(st.booleans()), "minimum": -1, "scales": {"other": None}}
    if tool == "classification":
        settings["multiple"] = draw(st.booleans())
    if tool == "ordinal":
        settings |= {"complete": draw(st.booleans()), "minimum": -1, "maximum": draw(st.integers(1, 9))}
    return {"step": f"{what}_tool", "tool": tool, "settings": settings}


@st.composite
def chains(
    draw: Any, modality: str, start: Definition | None = None, tries_max: int = 9
) -> tuple[steps.Step, ...]:
    """A chain of steps that can be applied to `start`, by default to `definition_of(modality)`."""
    definition = start or definition_of(modality)
    chain: list[steps.Step] = []
    for number in range(draw(st.integers(1, tries_max))):
        # Most steps go to the label that has attributes: the others have little that could be done wrong.
        rich = [label for label in definition.labels if label.attributes] or list(definition.labels)
        label = draw(st.sampled_from(rich if draw(st.integers(0, 2)) else definition.labels))
        area = draw(st.sampled_from(["label", "attribute", "attribute", "tool"]))
        name = NAMES[number]
        document = (
            _label_step(draw, definition, label, name)
            if area == "label"
            else _attribute_step(draw, label, name, modality)
            if area == "attribute"
            else _tool_step(draw, definition, modality, label)
        )
        try:
            step = read_steps([document])
            after = to_definition(definition, step)
            check_definition(modality, after)
        except (InvalidStep, InvalidOntology):
            continue
        chain += step
        definition = after
    return tuple(chain)

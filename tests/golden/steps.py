"""Steps of every kind with the definitions that they make: the editor in the browser has to make the same."""

from __future__ import annotations

from typing import Any

import msgspec

from annotary.ontology.errors import InvalidStep
from annotary.ontology.rules import read_definition
from annotary.ontology.steps.apply import to_definition
from annotary.ontology.steps.reading import read_steps

KIND = {"name": "kind", "kind": "choice", "choices": ["sedan", "suv"], "default": "suv"}
AXLES = {"name": "axles", "kind": "number", "minimum": 1, "required": True}
BEFORE = {
    "tools": {"box": {}, "ordinal": {"scales": {"car": {"minimum": 1, "maximum": 3}}}},
    "labels": [
        {"name": "vehicle"},
        {"name": "car", "tools": ["box"], "parent": "vehicle", "hotkey": "c", "attributes": [KIND, AXLES]},
        {"name": "van", "parent": "vehicle", "retired": True},
        {"name": "person", "colour": "#112233", "description": "Somebody."},
    ],
}
CAR = {"label": "car"}
CAR_KIND = {**CAR, "attribute": "kind"}


def _of(step: str, **fields: Any) -> dict[str, Any]:
    return {"step": step, **fields}


ATTRIBUTES = [
    [_of("add_attribute", label="van", attribute={**AXLES, "per": "frame"}, fill=2)],
    [_of("add_attribute", **CAR, attribute={"name": "old", "kind": "boolean", "default": False}, at=0)],
    [_of("rename_attribute", **CAR_KIND, to="make")],
    [_of("move_attribute", **CAR_KIND, at=1)],
    [_of("retype_attribute", **CAR_KIND, to={"kind": "choice", "choices": ["a", "b"]}, values={"suv": "a"})],
    [_of("retype_attribute", **CAR, attribute="axles", to={"kind": "number", "maximum": 9, "unit": "m"})],
    [_of("set_default", **CAR_KIND, default=None)],
    [_of("set_default", **CAR, attribute="axles", default=2)],
    [_of("remove_attribute", **CAR_KIND)],
    [_of("require", **CAR_KIND), _of("relax", **CAR, attribute="axles")],
]
CHAINS = [
    [_of("add_label", label={"name": "bike", "parent": "vehicle"}, at=1)],
    [_of("add_label", label={"name": "bike"}), _of("rename_label", label="bike", to="bicycle")],
    [_of("rename_label", **CAR, to="auto")],
    [_of("rename_label", label="vehicle", to="thing")],
    [_of("move_label", **CAR, parent=None)],
    [_of("move_label", **CAR, parent="person", at=3)],
    [_of("move_label", label="person", parent=None, at=0)],
    [_of("merge_labels", labels=["vehicle"], into="person")],
    [_of("split_label", **CAR, into=["car", "taxi"], otherwise="car")],
    [_of("split_label", label="person", into=["woman", "man"])],
    [_of("retire_label", **CAR), _of("restore_label", label="van")],
    [_of("remove_label", **CAR)],
    [_of("describe_label", **CAR, hotkey=None, colour="#abcdef", description="Drives.")],
    [_of("change_shapes", **CAR, tools=[]), _of("remove_tool", tool="box")],
    [_of("change_shapes", label="person", tools=["ordinal", "box"])],
    [_of("add_tool", tool="polygon", settings={"required": True})],
    [_of("change_tool", tool="box", settings={"required": True})],
    *ATTRIBUTES,
]
REFUSED = [
    _of("rename_label", **CAR, to="van"),
    _of("rename_label", label="lorry", to="truck"),
    _of("add_label", label={"name": "van"}),
    _of("merge_labels", labels=["car"], into="van"),
    _of("merge_labels", labels=["vehicle"], into="car"),
    _of("split_label", **CAR, into=["taxi"]),
    _of("split_label", label="vehicle", into=["a", "b"]),
    _of("remove_label", label="vehicle"),
    _of("remove_tool", tool="box"),
    _of("add_tool", tool="box"),
    _of("rename_attribute", **CAR_KIND, to="axles"),
    _of("set_default", **CAR_KIND, default="lorry"),
    _of("retype_attribute", **CAR_KIND, to={"kind": "boolean"}),
]


def steps() -> dict[str, Any]:
    """Return chains with what the server makes of them, and steps that it refuses."""
    before = read_definition(BEFORE)
    made = [
        {"steps": chain, "after": msgspec.to_builtins(to_definition(before, read_steps(chain)))}
        for chain in CHAINS
    ]
    for step in REFUSED:
        try:
            to_definition(before, read_steps([step]))
        except InvalidStep:
            continue
        raise AssertionError(f"{step} was to be refused")
    return {"before": [BEFORE], "made": made, "refused": REFUSED}

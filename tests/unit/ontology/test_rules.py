"""Definitions that cannot hold are refused with their path; equal definitions have equal hashes."""

from __future__ import annotations

import random
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotary.kernel import limits
from annotary.ontology.errors import InvalidOntology
from annotary.ontology.rules import check_structure, content_hash, encode_definition, read_definition
from annotary.ontology.values import Definition


def label(name: str = "l", **fields: Any) -> dict[str, Any]:
    """A label as JSON."""
    return {"name": name, **fields}


def attribute(**fields: Any) -> dict[str, Any]:
    """A definition whose one label has one attribute."""
    return {"tools": {"box": {}}, "labels": [label(attributes=[{"name": "a", **fields}])]}


def labels(*entries: dict[str, Any]) -> dict[str, Any]:
    """A definition of these labels."""
    return {"tools": {"box": {}}, "labels": list(entries)}


MANY_CHOICES = [str(number) for number in range(limits.ATTRIBUTE_CHOICES_MAX + 1)]
MANY_ATTRIBUTES = [{"name": str(number), "kind": "text"} for number in range(limits.LABEL_ATTRIBUTES_MAX + 1)]
IN_ATTRIBUTE = "/definition/labels/0/attributes/0/"
WRONG: list[tuple[dict[str, Any], str]] = [
    ({"tools": {}}, "/definition/tools"),
    ({"labels": []}, "/definition/tools"),
    ({"tools": {"box": []}}, "/definition/tools"),
    ({"tools": {"box": {}}, "version": 1}, "/definition/version"),
    (labels(label("a"), label("b"), label("a")), "/definition/labels/2/name"),
    (labels(label("")), "/definition/labels/0/name"),
    (labels(label(" a")), "/definition/labels/0/name"),
    (labels(label("a\n")), "/definition/labels/0/name"),
    (labels(label("x" * 201)), "/definition/labels/0/name"),
    (labels(label(tools=["polygon"])), "/definition/labels/0/tools/0"),
    (labels(label(tools=["box", "box"])), "/definition/labels/0/tools/1"),
    (labels(label(colour="red")), "/definition/labels/0/colour"),
    (labels(label("a"), label("b", parent="c")), "/definition/labels/1/parent"),
    (labels(label("a", parent="a")), "/definition/labels/0/parent"),
    (
        labels(label("a", parent="b"), label("b", parent="c"), label("c", parent="a")),
        "/definition/labels/2/parent",
    ),
    (
        labels(*[label(str(number)) for number in range(limits.LABELS_PER_ONTOLOGY_MAX + 1)]),
        "/definition/labels",
    ),
    (labels(label(attributes=MANY_ATTRIBUTES)), "/definition/labels/0/attributes"),
    (labels(label(attributes=MANY_ATTRIBUTES[:1] * 2)), "/definition/labels/0/attributes/1/name"),
    (attribute(kind="colour"), IN_ATTRIBUTE + "kind"),
    (attribute(kind="choice"), IN_ATTRIBUTE + "choices"),
    (attribute(kind="choice", choices=["a", "a"]), IN_ATTRIBUTE + "choices/1"),
    (attribute(kind="choice", choices=MANY_CHOICES), IN_ATTRIBUTE + "choices"),
    (attribute(kind="choice", choices=["a"], minimum=1), IN_ATTRIBUTE + "minimum"),
    (attribute(kind="choice", choices=["a"], default="b"), IN_ATTRIBUTE + "default"),
    (attribute(kind="choice", choices=["a"], default=["a"]), IN_ATTRIBUTE + "default"),
    (attribute(kind="choice", choices=["a"], multiple=True, default=["a", "a"]), IN_ATTRIBUTE + "default"),
    (attribute(kind="number", minimum=2, maximum=1), IN_ATTRIBUTE + "minimum"),
    (attribute(kind="number", maximum=1, default=2), IN_ATTRIBUTE + "default"),
    (attribute(kind="number", default=True), IN_ATTRIBUTE + "default"),
    (attribute(kind="number", choices=["1"]), IN_ATTRIBUTE + "choices"),
    (attribute(kind="text", maximum=3), IN_ATTRIBUTE + "maximum"),
    (attribute(kind="text", default="\0"), IN_ATTRIBUTE + "default"),
    (attribute(kind="boolean", multiple=True), IN_ATTRIBUTE + "multiple"),
    (attribute(kind="boolean", default="yes"), IN_ATTRIBUTE + "default"),
]


@pytest.mark.parametrize(("document", "path"), WRONG, ids=lambda one: one if isinstance(one, str) else "")
def test_what_cannot_hold_is_refused_at_its_path(document: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidOntology) as raised:
        check_structure(read_definition(document))
    assert raised.value.path == path
    assert raised.value.extra["expected"]


def test_the_largest_ontology_is_checked() -> None:
    chain = [label(str(number), parent=str(number - 1) if number else None) for number in range(4_000)]
    check_structure(read_definition(labels(*chain)))
    chain[0]["parent"] = "3999"
    with pytest.raises(InvalidOntology):
        check_structure(read_definition(labels(*reversed(chain))))


def shuffled(document: Any, source: random.Random) -> Any:
    """Return the same JSON with every object's keys in another order."""
    if isinstance(document, dict):
        keys = list(document)
        source.shuffle(keys)
        return {key: shuffled(document[key], source) for key in keys}
    return [shuffled(entry, source) for entry in document] if isinstance(document, list) else document


DOCUMENT = {
    "tools": {"box": {"required": True}, "polygon": {}},
    "labels": [
        label("vehicle", description="Anything that drives"),
        label("car", parent="vehicle", tools=["box"], colour="#00ff7f"),
        label("x", attributes=[{"name": "n", "kind": "number", "minimum": 0, "maximum": 3, "default": 1}]),
    ],
}


@given(seed=st.integers())
def test_key_order_does_not_change_the_hash(seed: int) -> None:
    definition = read_definition(shuffled(DOCUMENT, random.Random(seed)))
    check_structure(definition)
    assert content_hash(definition) == content_hash(read_definition(DOCUMENT))
    assert len(content_hash(definition)) == 32


def test_the_hash_covers_every_entry_and_survives_storage() -> None:
    definition = read_definition(DOCUMENT)
    stored = read_definition(msgspec.json.decode(encode_definition(definition)))
    assert (stored, content_hash(stored)) == (definition, content_hash(definition))
    reordered = Definition(tools=definition.tools, labels=definition.labels[::-1])
    fewer = Definition(tools=definition.tools, labels=definition.labels[1:])
    assert len({content_hash(one) for one in (definition, reordered, fewer)}) == 3

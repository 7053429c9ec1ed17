"""The JSON Schema of the answers that one ontology version allows.

It says all that can be said without the item: tools, labels, attributes, fields, ranges of ratings. It uses
only keywords that mean the same from draft 7 of JSON Schema to draft 2020-12. It cannot say that a shape lies
inside its item, that an outline does not cross itself, that no two marks are the same, or that 3.0 is refused
where a whole number is wanted: these are the label types' own checks.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from annotary.kernel import limits
from annotary.modalities.definitions import check_definition, settings_of
from annotary.modalities.label_type import LabelType
from annotary.modalities.marks import attributes_of, labels_of
from annotary.modalities.registry import label_types
from annotary.ontology.values import Attribute, Definition, Label

Schema = dict[str, Any]
_NO_NUL = "^[^\\u0000]*$"


def answer_schema(modality: str, definition: Definition) -> Schema:
    """Return the JSON Schema of answers under a definition; raises InvalidOntology."""
    check_definition(modality, definition)
    text = {"type": "string", "maxLength": limits.JUSTIFICATION_CHARACTERS_MAX, "pattern": _NO_NUL}
    properties: Schema = {
        "not_applicable": {"type": "boolean"},
        "cannot_assess": {"type": "boolean"},
        "justification": text,
    }
    required: list[Schema] = []
    for name, label_type in label_types(modality).items():
        if name in definition.tools:
            properties[name] = _tool(label_type, definition)
            if settings_of(label_type, definition).required:
                required.append(_used(name, label_type.labelled))
    schema: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    if required:
        schema["anyOf"] = [{"allOf": required}, _true("not_applicable"), _true("cannot_assess")]
    return schema


def _used(tool: str, labelled: bool) -> Schema:
    used: Schema = {"required": [tool]}
    return used | {"properties": {tool: {"minItems": 1}}} if labelled else used


def _true(field: str) -> Schema:
    return {"required": [field], "properties": {field: {"const": True}}}


def _tool(label_type: LabelType, definition: Definition) -> Schema:
    document = msgspec.json.schema(label_type.value_type)
    schema: Schema = _inlined(document, document.get("$defs", {}))
    if label_type.labelled:
        _add_labels(schema["items"], labels_of(definition, label_type.name), label_type.marks.frames)
    if label_type.narrow is not None:
        label_type.narrow(schema, definition, settings_of(label_type, definition))
    return schema


def _inlined(schema: Any, definitions: Schema) -> Any:
    """Return a schema without references, titles, defaults, and with lists of one type instead of tuples."""
    if isinstance(schema, list):
        return [_inlined(one, definitions) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _inlined(definitions[schema["$ref"].rsplit("/", 1)[1]], definitions)
    kept = {key: value for key, value in schema.items() if key not in ("$defs", "title", "default")}
    if "properties" in kept:
        properties = {name: _inlined(value, definitions) for name, value in kept.pop("properties").items()}
        return {**_inlined(kept, definitions), "properties": properties}
    if "prefixItems" in kept:
        kept["items"] = kept.pop("prefixItems")[0]
    return {key: _inlined(value, definitions) for key, value in kept.items()}


def _add_labels(mark: Schema, labels: list[Label], frames: str | None) -> None:
    """Say which labels a mark may have, and which attributes go with each."""
    mark["properties"]["label"] = {"enum": [label.name for label in labels]}
    mark["properties"]["attributes"] = {"type": "object"}
    rules = mark["allOf"] = []
    bare = [label.name for label in labels if not attributes_of(label, "mark")]
    if bare:
        rules.append(_rule({"enum": bare}, {"properties": {"attributes": {"maxProperties": 0}}}))
    for label in labels:
        attributes = attributes_of(label, "mark")
        if attributes:
            rules.append(_rule({"const": label.name}, _attributes(attributes)))
    if frames is None:
        return
    still = [label.name for label in labels if not attributes_of(label, "frame")]
    if still:
        none = {"properties": {"attributes": {"maxProperties": 0}}}
        rules.append(_rule({"enum": still}, {"properties": {frames: {"items": none}}}))
    for label in labels:
        attributes = attributes_of(label, "frame")
        if attributes:
            held = {"properties": {frames: {"items": _attributes(attributes)}}}
            rules.append(_rule({"const": label.name}, held))


def _rule(label: Schema, then: Schema) -> Schema:
    return {"if": {"properties": {"label": label}}, "then": then}


def _attributes(attributes: Sequence[Attribute]) -> Schema:
    """Return the schema of what holds attributes: a mark, or a keyframe."""
    values: Schema = {
        "type": "object",
        "properties": {attribute.name: _value(attribute) for attribute in attributes},
        "additionalProperties": False,
    }
    wanted = [one.name for one in attributes if one.required and one.default is None]
    schema: Schema = {"properties": {"attributes": values | ({"required": wanted} if wanted else {})}}
    return schema | ({"required": ["attributes"]} if wanted else {})


def _value(attribute: Attribute) -> Schema:
    wanted = attribute.required and attribute.default is None
    if attribute.kind == "boolean":
        return {"type": "boolean"}
    if attribute.kind == "text":
        text = {"type": "string", "maxLength": limits.ATTRIBUTE_TEXT_CHARACTERS_MAX, "pattern": _NO_NUL}
        return text | ({"minLength": 1} if wanted else {})
    if attribute.kind == "number":
        bounds = {"minimum": attribute.minimum, "maximum": attribute.maximum}
        return {"type": "number"} | {name: bound for name, bound in bounds.items() if bound is not None}
    choice: Schema = {"enum": list(attribute.choices)}
    if not attribute.multiple:
        return choice
    several: Schema = {"type": "array", "items": choice, "uniqueItems": True}
    return several | ({"minItems": 1} if wanted else {})

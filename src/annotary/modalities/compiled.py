"""Decoders made for one definition: they check labels and attributes while they read JSON.

Each label becomes a struct of its own, with its attributes as typed fields in canonical order, so what was
decoded needs no further look at either. A decoder made here may decline an answer that is valid (`None`):
then the general way, which explains what is wrong, decides. What it does not decline is valid so far, and
encodes to the same bytes as the general way would have it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from operator import lt, or_
from typing import Annotated, Any, Literal, get_args

import msgspec

from annotary.kernel.limits import (
    ATTRIBUTE_TEXT_CHARACTERS_MAX,
    COMPILED_LABELS_MAX,
    MARKS_PER_ANSWER_MAX,
)
from annotary.modalities.label_type import LabelType
from annotary.modalities.marks import CheckedMark, attributes_of, labels_of
from annotary.ontology.values import Attribute, Definition, Label

# No label has this name: a struct of this tag makes a union of one.
_NO_LABEL = "\0"
# A negative zero and a NUL are brought into order, and refused, by the general way.
_NOT_FOR_US = (b"-0", b"\\u0000")

Fits = Callable[[Any], bool]


class CompiledDecoder:
    """Decodes answers of one definition; see the module."""

    def __init__(
        self, decoder: msgspec.json.Decoder[Any], tools: Sequence[str], fits: Mapping[type, Fits]
    ) -> None:
        self._decode = decoder.decode
        self._tools = tools
        self._fits = fits

    def load(self, raw: bytes) -> Any:
        """Return the answer struct, or None where the general way has to look at it."""
        if any(text in raw for text in _NOT_FOR_US):
            return None
        try:
            answer = self._decode(raw)
        except (msgspec.MsgspecError, UnicodeError, RecursionError):
            return None
        fits = self._fits
        if fits:
            for tool in self._tools:
                for mark in getattr(answer, tool):
                    check = fits.get(mark.__class__)
                    if check is not None and not check(mark):
                        return None
        return answer


def compile_decoder(
    tools: Sequence[LabelType],
    definition: Definition,
    answer_type: Callable[[Mapping[str, Any]], type[msgspec.Struct]],
) -> CompiledDecoder | None:
    """Return a decoder for a definition, or None where it has no attributes or very many labels.

    `answer_type` makes the struct of a whole answer with other types of values for some tools.
    """
    labelled = [tool for tool in tools if tool.labelled]
    if not any(label.attributes for label in definition.labels):
        return None
    if len(definition.labels) * len(labelled) > COMPILED_LABELS_MAX:
        return None
    fits: dict[type, Fits] = {}
    values = {tool.name: _value_type(tool, definition, fits) for tool in labelled}
    decoder = msgspec.json.Decoder(answer_type(values))
    return CompiledDecoder(decoder, list(values), fits)


def _value_type(tool: LabelType, definition: Definition, fits: dict[type, Fits]) -> Any:
    shape = get_args(get_args(tool.value_type)[0])[0]
    marks = [_mark_type(shape, label, fits) for label in labels_of(definition, tool.name)]
    if len(marks) == 1:
        marks.append(_mark_type(shape, Label(name=_NO_LABEL), fits))
    return Annotated[list[reduce(or_, marks)], msgspec.Meta(max_length=MARKS_PER_ANSWER_MAX)]  # type: ignore[misc]


def _mark_type(shape: type[msgspec.Struct], label: Label, fits: dict[type, Fits]) -> Any:
    asked = sorted(attributes_of(label, "mark"), key=lambda one: one.name)
    fields: list[Any] = []
    namespace: dict[str, Any] = {"label": label.name}
    check: Fits | None = None
    if asked:
        held, check = _attributes_type(asked)
        if any(one.required and one.default is None for one in asked):
            fields.append(("attributes", held))
        elif any(one.default is not None for one in asked):
            fields.append(("attributes", held, msgspec.field(default_factory=held)))
        else:
            fields.append(("attributes", held | msgspec.UnsetType, msgspec.UNSET))
    else:
        namespace["attributes"] = {}
    for field in msgspec.structs.fields(shape):
        if field.name not in ("label", "attributes"):
            known = (field.name, field.type)
            fields.append(known if field.default is msgspec.NODEFAULT else (*known, field.default))
    made = msgspec.defstruct(
        shape.__name__,
        fields,
        bases=(CheckedMark,),
        namespace=namespace,
        tag_field="label",
        tag=label.name,
        frozen=True,
        forbid_unknown_fields=True,
        omit_defaults=True,
        kw_only=True,
        gc=False,
    )
    if check is not None:
        fits[made] = check
    return made


def _attributes_type(asked: list[Attribute]) -> tuple[Any, Fits | None]:
    """Return the struct of a label's attributes, and what is left to be checked of it."""
    fields: list[Any] = []
    for index, attribute in enumerate(asked):
        name, kind = f"value_{index}", _type(attribute)
        if attribute.default is not None:
            fields.append((name, kind, _default(attribute)))
        elif attribute.required:
            fields.append((name, kind))
        else:
            fields.append((name, kind | msgspec.UnsetType, msgspec.UNSET))
    made = msgspec.defstruct(
        "Attributes",
        fields,
        rename={f"value_{index}": attribute.name for index, attribute in enumerate(asked)},
        frozen=True,
        forbid_unknown_fields=True,
        kw_only=True,
        gc=False,
    )
    several = [
        (f"value_{index}", {choice: place for place, choice in enumerate(attribute.choices)})
        for index, attribute in enumerate(asked)
        if attribute.multiple
    ]
    may_be_empty = not any(one.required or one.default is not None for one in asked)
    if not several and not may_be_empty:
        return made, None
    empty = made() if may_be_empty else None

    def fits(mark: Any) -> bool:
        held = mark.attributes
        if held is msgspec.UNSET:
            return True
        for name, order in several:
            chosen = getattr(held, name)
            if chosen is not msgspec.UNSET and not _ascends(chosen, order):
                return False
        return empty is None or bool(held != empty)

    return made, fits


def _ascends(chosen: list[str], order: Mapping[str, int]) -> bool:
    """Return whether choices stand in the definition's order, each once."""
    places = [order[choice] for choice in chosen]
    return all(map(lt, places, places[1:]))


def _type(attribute: Attribute) -> Any:
    if attribute.kind == "boolean":
        return bool
    if attribute.kind == "text":
        return Annotated[str, msgspec.Meta(min_length=1, max_length=ATTRIBUTE_TEXT_CHARACTERS_MAX)]
    if attribute.kind == "number":
        return Annotated[float, msgspec.Meta(ge=attribute.minimum, le=attribute.maximum)]
    choice: Any = Literal.__getitem__(attribute.choices)
    return Annotated[list[choice], msgspec.Meta(min_length=1)] if attribute.multiple else choice


def _default(attribute: Attribute) -> Any:
    default = attribute.default
    if isinstance(default, list):
        chosen = [choice for choice in attribute.choices if choice in default]
        return msgspec.field(default_factory=lambda: list(chosen))
    return float(default) + 0.0 if attribute.kind == "number" and default is not None else default

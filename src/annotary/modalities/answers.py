"""Whole answers: decoded, checked against one ontology version, made canonical, compared and merged."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from functools import partial
from threading import Lock
from types import MappingProxyType
from typing import Annotated, Any, NamedTuple

import msgspec
from blake3 import blake3

from annotary.kernel import limits
from annotary.modalities.compiled import compile_decoder
from annotary.modalities.consensus import agreement, merge_answers
from annotary.modalities.decoding import ROOT, explain
from annotary.modalities.definitions import check_definition, settings_of
from annotary.modalities.errors import NOTHING, InvalidAnswer
from annotary.modalities.items import read_item
from annotary.modalities.label_type import Context, Item, LabelType, Settings
from annotary.modalities.marks import label_order
from annotary.modalities.registry import label_types
from annotary.ontology.values import Definition

__all__ = [
    "AnswerValidator",
    "Canonical",
    "agreement",
    "check_definition",
    "compile_ontology",
    "merge_answers",
]

_Justification = Annotated[str, msgspec.Meta(max_length=limits.JUSTIFICATION_CHARACTERS_MAX)]
_ENVELOPE: list[tuple[str, Any, Any]] = [
    ("not_applicable", bool, False),
    ("cannot_assess", bool, False),
    ("justification", _Justification, ""),
]
_encode = msgspec.json.Encoder(order="deterministic").encode


class Canonical(NamedTuple):
    """An answer in its one form: JSON bytes, the 32 bytes of BLAKE3 over them, and what decodes them."""

    encoded: bytes
    content_hash: bytes
    load: Callable[[bytes], Any]

    @property
    def answer(self) -> Any:
        """Return the answer as a struct, decoded anew each time."""
        return self.load(self.encoded)


class AnswerValidator:
    """Checks answers against one ontology version; made once a version by `compile_ontology`."""

    def __init__(self, modality: str, definition: Definition) -> None:
        check_definition(modality, definition)
        self.modality = modality
        self.tools: list[tuple[LabelType, Settings]] = [
            (label_type, settings_of(label_type, definition))
            for name, label_type in label_types(modality).items()
            if name in definition.tools
        ]
        self._label_order = label_order(definition)
        self._checks = [
            (label_type.name, label_type.compile(definition, settings), settings.required)
            for label_type, settings in self.tools
        ]
        self._between = [(tool.name, tool.between) for tool, _ in self.tools if tool.between is not None]
        label_types_used = [label_type for label_type, _ in self.tools]
        self._answer_type = _answer_type(label_types_used)
        self._compiled = compile_decoder(
            label_types_used, definition, partial(_answer_type, label_types_used)
        )
        self._decoder = msgspec.json.Decoder(self._answer_type)

    def validate(self, raw: bytes, item: Item) -> Canonical:
        """Return the canonical form of an answer's JSON; raises InvalidAnswer with the path of what is wrong.

        Answers that mean the same have the same bytes: key order, white space, number notation, left-out
        defaults and the order of marks do not matter.
        """
        answer = self._compiled.load(raw) if self._compiled is not None else None
        if answer is None:
            answer = self.load(raw)
        excused = answer.not_applicable or answer.cannot_assess
        if "\0" in answer.justification:
            raise InvalidAnswer(
                path=f"{ROOT}/justification", found=answer.justification, expected="a text without NUL"
            )
        self._check_size(answer)
        canonical: dict[str, Any] = {}
        for name, check, required in self._checks:
            value = getattr(answer, name)
            if value:
                canonical[name] = check(value, item)
            elif required and not excused:
                raise _missing(name, value)
        for name, between in self._between:
            if name in canonical:
                between(
                    getattr(answer, name), {tool.name: canonical.get(tool.name, []) for tool, _ in self.tools}
                )
        return self.canonical(msgspec.structs.replace(answer, **canonical))

    def _check_size(self, answer: Any) -> None:
        """Each tool's list was bounded while it was read; together they must not exceed the same bound."""
        count = sum(len(getattr(answer, tool.name)) for tool, _ in self.tools if tool.labelled)
        if count > limits.MARKS_PER_ANSWER_MAX:
            raise InvalidAnswer(
                path=ROOT,
                found=f"{count} marks",
                expected=f"at most {limits.MARKS_PER_ANSWER_MAX} in one answer",
            )

    def load(self, encoded: bytes) -> Any:
        """Return the answer struct of JSON that was accepted before: only its shape is checked."""
        try:
            return self._decoder.decode(encoded)
        except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
            raise explain(encoded, error) from None

    def canonical(self, answer: Any) -> Canonical:
        """Return a checked answer struct with its bytes and their hash."""
        encoded = _encode(answer)
        return Canonical(encoded, blake3(encoded).digest(), self.load)

    def answer(self, **fields: Any) -> Any:
        """Return an answer struct of the given fields; the others are empty."""
        return self._answer_type(**fields)

    def context(self, settings: Settings, item: Item) -> Context:
        """Return what one tool's values are compared and merged under."""
        return Context(item, settings, self._label_order)

    def check_item(self, item: Item) -> None:
        """Raise InvalidItem where an item lacks what the enabled tools need."""
        for label_type, _ in self.tools:
            read_item(item, label_type.item_type)


def _answer_type(
    tools: list[LabelType], values: Mapping[str, Any] = MappingProxyType({})
) -> type[msgspec.Struct]:
    """Return the struct of whole answers; `values` are other types for some tools' values than their own."""
    fields = list(_ENVELOPE)
    for tool in tools:
        if tool.labelled:
            value_type = values.get(tool.name, tool.value_type)
            fields.append((tool.name, value_type, msgspec.field(default_factory=list)))
        else:
            optional: Any = tool.value_type | msgspec.UnsetType
            fields.append((tool.name, optional, msgspec.UNSET))
    return msgspec.defstruct(
        "Answer", fields, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
    )


def _missing(name: str, value: Any) -> InvalidAnswer:
    found = NOTHING if value is msgspec.UNSET else value
    expected = "an annotation, or `not_applicable` or `cannot_assess`"
    return InvalidAnswer(path=f"{ROOT}/{name}", found=found, expected=expected)


class _Compiled:
    """The validators used most recently, by modality and content hash."""

    def __init__(self, size_max: int) -> None:
        self._size_max = size_max
        self._kept: OrderedDict[tuple[str, bytes], AnswerValidator] = OrderedDict()
        self._lock = Lock()

    def get(self, key: tuple[str, bytes], make: Callable[[], AnswerValidator]) -> AnswerValidator:
        with self._lock:
            if key not in self._kept:
                self._kept[key] = make()
            self._kept.move_to_end(key)
            if len(self._kept) > self._size_max:
                self._kept.popitem(last=False)
            return self._kept[key]


_compiled = _Compiled(limits.COMPILED_ONTOLOGIES_KEPT_MAX)


def compile_ontology(modality: str, definition: Definition, content_hash: bytes) -> AnswerValidator:
    """Return the validator of an ontology version, made once a content hash; raises InvalidOntology."""
    return _compiled.get((modality, content_hash), lambda: AnswerValidator(modality, definition))

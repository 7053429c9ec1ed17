"""The interface of a label type: what one folder under a modality provides."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType
from typing import Any, NamedTuple

import msgspec

from annotary.modalities.voting import Weights, vote_weights
from annotary.ontology.steps.values import ToolRules
from annotary.ontology.values import Definition

Item = Mapping[str, Any]
Check = Callable[[Any, Item], Any]
Between = Callable[[Any, Mapping[str, Any]], None]
Narrow = Callable[[dict[str, Any], Definition, Any], None]
_NO_RULES = ToolRules()


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What every tool can be told: whether an answer must use it."""

    required: bool = False


class Context(NamedTuple):
    """What values are compared and merged under: item, tool settings, labels' places in the ontology."""

    item: Item
    settings: Any
    label_order: Mapping[str, int]


class Merged(NamedTuple):
    """The outcome of several values, and the mean share of votes behind it, 0 to 1.

    `shares` says, where labels are voted on one by one, which share of the votes each label has that anybody
    gave: for a classification with several classes, how sure each of them is, kept or not. Where marks are
    judged one by one it is how sure each is, in their order. Of a whole answer it has these by tool.
    """

    value: Any
    confidence: float
    shares: Mapping[str, Any] | Sequence[float] = MappingProxyType({})


class Example(NamedTuple):
    """A documented canonical answer: the item, the definition (as JSON) and the tool's value (as JSON)."""

    item: dict[str, Any]
    definition: dict[str, Any]
    value: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelType:
    """One kind of annotation.

    `compile` turns a definition and this type's settings into a check, which takes a decoded value and the
    item, and returns the canonical value or raises InvalidAnswer. `consensus` names the module with
    `agreement` and `merge`; it is imported at first use, because services that only check answers should not
    pay for numpy. `labelled` types have lists of marks as values; the others one struct. `marks` says how the
    marks of a canonical value are ordered and which fields no two of them share. `narrow` changes the JSON
    schema of a value to what the definition and the settings allow, where its labels do not say it. `between`
    checks a value as it was given against the canonical values of all tools of the same answer; the consensus
    module of such a type has `settle`, which makes a merged value fit the others that were merged.
    """

    name: str
    modality: str
    settings_type: type[Settings]
    value_type: Any
    item_type: type[msgspec.Struct]
    example: Example
    compile: Callable[[Definition, Any], Check]
    consensus: str
    labelled: bool = True
    marks: ToolRules = _NO_RULES
    narrow: Narrow | None = None
    between: Between | None = None

    def agreement(self, first: Any, second: Any, context: Context) -> float:
        """Return how far two canonical values agree, 0 to 1; symmetric, and 1 for equal values."""
        agreement: Callable[[Any, Any, Context], float] = import_module(self.consensus).agreement
        return agreement(first, second, context)

    def merge(
        self, values: Sequence[Any], context: Context, weights: Sequence[float] | None = None
    ) -> Merged:
        """Return the majority's value of one or more canonical values; it has no label that nobody gave.

        `weights` say how many votes each value counts as; without them each is one.
        """
        merge: Callable[[Sequence[Any], Context, Weights], Merged] = import_module(self.consensus).merge
        return merge(values, context, vote_weights(weights, len(values)))

    def settle(self, value: Any, values: Mapping[str, Any]) -> Any:
        """Return a merged value as far as it fits the merged values of all tools; see `between`."""
        settle: Callable[[Any, Mapping[str, Any]], Any] = import_module(self.consensus).settle
        return settle(value, values)

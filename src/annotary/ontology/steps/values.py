"""The steps that change an ontology, as people write them in JSON, and what they did to an answer.

A list of steps is the migration from one version to the next:

    [{"step": "rename_label", "label": "car", "to": "automobile"},
     {"step": "merge_labels", "labels": ["van", "lorry"], "into": "truck"},
     {"step": "add_attribute", "label": "truck", "attribute": {"name": "axles", "kind": "number"}, "fill": 2}]

Every step speaks of the definition as the steps before it left it.
"""

from __future__ import annotations

import re
from typing import Any, Literal, NamedTuple

import msgspec

from annotary.ontology.values import Attribute, AttributeKind, Label

Default = str | float | bool | list[str] | None
_WORD = re.compile(r"(?<!^)(?=[A-Z])")


def _tag(name: str) -> str:
    return _WORD.sub("_", name).lower()


class _Step(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    kw_only=True,
    tag_field="step",
    tag=_tag,
):
    """What all steps share: their JSON names them in `step`."""


class Condition(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One thing that must hold of a mark; exactly one of `tool`, `attribute` and `shape` says of what.

    `shape` is a number of the mark: one of its own fields (`width`, `start`, `level`), or `area` (pixels²),
    `aspect` (width / height), `length` (end - start: code points or frames), `points` (how many).
    An attribute that a mark lacks, and a measure that its tool does not have, hold for nothing but `absent`.
    """

    tool: str | None = None
    attribute: str | None = None
    shape: str | None = None
    equals: str | float | bool | None = None
    one_of: tuple[str | float | bool, ...] = ()
    at_least: float | None = None
    at_most: float | None = None
    absent: bool = False


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A mark of the split label becomes `to` where all of `when` hold; the first rule that fits counts."""

    to: str
    when: tuple[Condition, ...]


class AddLabel(_Step, frozen=True):
    """A new label, at place `at` among the labels (0 is first); by default the last."""

    label: Label
    at: int | None = None


class RenameLabel(_Step, frozen=True):
    """Another name; what is below the label, and its marks, follow."""

    label: str
    to: str


class MoveLabel(_Step, frozen=True):
    """Another parent in the tree (null: none), and another place among the labels where `at` is given."""

    label: str
    parent: str | None
    at: int | None = None


class MergeLabels(_Step, frozen=True):
    """The labels go, their marks become `into`, which exists. What is below them is below `into` then.

    Attributes that `into` does not have are lost; one that it requires and a mark lacks is asked of people.
    """

    labels: tuple[str, ...]
    into: str


class SplitLabel(_Step, frozen=True):
    """The label becomes several, each with its tools, parent and attributes: new names, or also its own.

    Marks go by `rules`, then to `otherwise`; without that, marks that fit no rule are asked of people.
    """

    label: str
    into: tuple[str, ...]
    rules: tuple[Rule, ...] = ()
    otherwise: str | None = None


class RetireLabel(_Step, frozen=True):
    """The label is not offered any more; marks that have it stay valid."""

    label: str


class RestoreLabel(_Step, frozen=True):
    """A retired label is offered again."""

    label: str


class RemoveLabel(_Step, frozen=True):
    """The label goes, and its marks with it."""

    label: str


class DescribeLabel(_Step, frozen=True):
    """Another colour, hotkey or description; null takes it away. No answer is touched."""

    label: str
    colour: str | msgspec.UnsetType | None = msgspec.UNSET
    hotkey: str | msgspec.UnsetType | None = msgspec.UNSET
    description: str | msgspec.UnsetType | None = msgspec.UNSET


class AddAttribute(_Step, frozen=True):
    """A new attribute of a label, at place `at`; `fill` is what existing marks get.

    A default is filled in by itself. A required attribute without either is asked of people.
    """

    label: str
    attribute: Attribute
    fill: Default = None
    at: int | None = None


class RenameAttribute(_Step, frozen=True):
    """Another name for an attribute of a label."""

    label: str
    attribute: str
    to: str


class MoveAttribute(_Step, frozen=True):
    """Another place among the attributes of a label. No answer is touched."""

    label: str
    attribute: str
    at: int


class Kind(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The type of an attribute: its kind with what that kind needs."""

    kind: AttributeKind
    choices: tuple[str, ...] = ()
    multiple: bool = False
    minimum: float | None = None
    maximum: float | None = None
    unit: str | None = None


class RetypeAttribute(_Step, frozen=True):
    """Another type, range, unit or other choices.

    `values` says what an old value becomes (a number or boolean is written as its JSON text); a value that it
    does not name is converted where it keeps its meaning ("3" to 3, one choice to a list of it). What is left
    becomes `otherwise` (null: no value), or is asked of people where `otherwise` is not given.
    """

    label: str
    attribute: str
    to: Kind
    values: dict[str, str | float | bool | list[str]] = {}
    otherwise: Default | msgspec.UnsetType = msgspec.UNSET


class SetDefault(_Step, frozen=True):
    """Another default (null: none). Marks that left the attribute out get it; no given value changes."""

    label: str
    attribute: str
    default: Default


class RemoveAttribute(_Step, frozen=True):
    """The attribute goes, and its values with it."""

    label: str
    attribute: str


class Require(_Step, frozen=True):
    """The attribute must be answered; marks that lack it get `fill`, or are asked of people."""

    label: str
    attribute: str
    fill: Default = None


class Relax(_Step, frozen=True):
    """The attribute need not be answered any more."""

    label: str
    attribute: str


class ChangeShapes(_Step, frozen=True):
    """The tools that a label is used with (none: all). Marks of other tools are asked of people.

    With `remove_marks` they are taken away instead.
    """

    label: str
    tools: tuple[str, ...]
    remove_marks: bool = False


class AddTool(_Step, frozen=True):
    """A further tool with its settings."""

    tool: str
    settings: dict[str, Any] = {}


class ChangeTool(_Step, frozen=True):
    """Other settings of a tool. Answers that do not fit them are asked of people."""

    tool: str
    settings: dict[str, Any]


class RemoveTool(_Step, frozen=True):
    """The tool goes, and its marks with it. No label may name it."""

    tool: str


Step = (
    AddLabel
    | RenameLabel
    | MoveLabel
    | MergeLabels
    | SplitLabel
    | RetireLabel
    | RestoreLabel
    | RemoveLabel
    | DescribeLabel
    | AddAttribute
    | RenameAttribute
    | MoveAttribute
    | RetypeAttribute
    | SetDefault
    | RemoveAttribute
    | Require
    | Relax
    | ChangeShapes
    | AddTool
    | ChangeTool
    | RemoveTool
)


class Ends(msgspec.Struct, frozen=True):
    """Marks hold on to others: the objects in `fields` say where marks of `tool` stand, by those of `place`.

    It holds where the ontology has that tool.
    """

    tool: str
    fields: tuple[str, ...]
    place: tuple[str, ...]


class ToolRules(msgspec.Struct, frozen=True):
    """What a migration must know of one tool; label types say it (`modalities.migration.tool_rules`).

    `order`: the fields that marks are sorted by (then by attributes); with `by_label` the order is that of
    the labels in the definition. `unique`: the fields that two marks may not share, empty: none. `nested`:
    some of these fields may be absent, or hold objects or lists. `frames`: the field that holds a track's
    keyframes. `ends`: what its marks hold on to. `required`: an answer uses the tool or is excused.
    `single`: at most one mark. `complete`: every label on offer has a mark, save those in `optional`.
    """

    order: tuple[str, ...] = ()
    by_label: bool = False
    unique: tuple[str, ...] = ()
    nested: bool = False
    frames: str | None = None
    ends: Ends | None = None
    required: bool = False
    single: bool = False
    complete: bool = False
    optional: frozenset[str] = frozenset()


LossKind = Literal["label", "mark", "attribute", "value", "duplicate", "filled"]


class Loss(NamedTuple):
    """Something of an answer that its migrated form does not say any more; the original is kept.

    `path` points into the answer before (`/box/3/attributes/kind`); `was` is what stood there.
    """

    path: str
    kind: LossKind
    was: Any


class Migrated(NamedTuple):
    """An answer after a migration.

    Where `ambiguous` names places, people have to decide: `answer` is then the answer as it was, unchanged,
    and stays with its old version. `changed` False: `answer` is the same object that was given.
    """

    answer: dict[str, Any]
    changed: bool
    losses: tuple[Loss, ...]
    ambiguous: tuple[str, ...]


class StepLoss(NamedTuple):
    """What cannot be found again by undoing the step at `path` (`/steps/2`), in words."""

    path: str
    what: str


class Inverse(NamedTuple):
    """The steps back, and what they do not bring back. Without losses they are exact, to the byte."""

    steps: tuple[Step, ...]
    losses: tuple[StepLoss, ...]

"""Whether answers given under one version are valid under another, and what has to be migrated if not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

import msgspec

from annotary.ontology.diff import describe
from annotary.ontology.errors import InvalidStep
from annotary.ontology.pointers import escape
from annotary.ontology.steps.apply import RulesOf, to_definition
from annotary.ontology.steps.inverse import invert
from annotary.ontology.steps.values import Step, StepLoss, ToolRules
from annotary.ontology.values import Attribute, Definition, Label

Kind = Literal["full", "backward", "forward", "breaking"]
Direction = Literal["backward", "forward"]


class Reason(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why answers of one version may be invalid under the other.

    `direction` backward: answers of the old version under the new one; forward: the other way round. `path`
    names the place as `diff.Change` does; `tool`, `label` and `attribute` say which marks it is about.
    """

    direction: Direction
    path: str
    words: str
    tool: str | None = None
    label: str | None = None
    attribute: str | None = None


class Compatibility(msgspec.Struct, frozen=True):
    """Which answers stay valid, as with message schemas: `backward` old ones under the new version,
    `forward` new ones under the old one, `full` both, `breaking` neither.

    `needs_migration`: old answers may be invalid, so that publishing wants steps. `losses` are what the
    given steps cannot bring back.
    """

    kind: Kind
    reasons: tuple[Reason, ...]
    losses: tuple[StepLoss, ...] = ()

    @property
    def needs_migration(self) -> bool:
        """Return whether answers of the old version may be invalid under the new one as they are."""
        return self.kind in ("forward", "breaking")


def check(
    before: Definition, after: Definition, steps: Sequence[Step] = (), rules_of: RulesOf | None = None
) -> Compatibility:
    """Return how two versions agree; raises InvalidStep where steps are given that lead somewhere else.

    `rules_of` says what tools ask of an answer; without it a tool whose settings differ counts as broken.
    """
    losses: tuple[StepLoss, ...] = ()
    if steps:
        reached = to_definition(before, steps)
        if reached != after:
            words = "; ".join(change.words for change in describe(reached, after))
            raise InvalidStep(path="/steps", found=words, expected="steps that lead to the new definition")
        losses = invert(before, steps).losses
    reasons = (
        *_reasons(before, after, "backward", rules_of),
        *_reasons(after, before, "forward", rules_of),
    )
    broken = {reason.direction for reason in reasons}
    kinds: dict[frozenset[Direction], Kind] = {
        frozenset(): "full",
        frozenset({"forward"}): "backward",
        frozenset({"backward"}): "forward",
    }
    return Compatibility(kinds.get(frozenset(broken), "breaking"), reasons, losses)


def _reasons(
    old: Definition, new: Definition, direction: Direction, rules_of: RulesOf | None
) -> Iterator[Reason]:
    """Yield why answers of `old` may be invalid under `new`."""
    for tool in (*old.tools, *(tool for tool in new.tools if tool not in old.tools)):
        for words in _tool_reasons(tool, old, new, rules_of):
            yield Reason(direction, f"/tools/{escape(tool)}", words, tool=tool)
    for path, words, label, attribute in _label_reasons(old, new):
        yield Reason(direction, path, words, label=label, attribute=attribute)


def _tool_reasons(tool: str, old: Definition, new: Definition, rules_of: RulesOf | None) -> Iterator[str]:
    if tool not in new.tools:
        yield f"the tool {tool} is not there"
        return
    if rules_of is None:
        if old.tools.get(tool) != new.tools[tool]:
            yield f"the tool {tool} has other settings"
        return
    was, now = rules_of(old).get(tool, ToolRules()), rules_of(new)[tool]
    if now.required and not was.required:
        yield f"the tool {tool} is required, and answers may do without it"
    if now.ends and tool in old.tools and now.ends.tool in new.tools and now.ends.tool not in old.tools:
        yield f"marks of the tool {tool} hold on to those of {now.ends.tool}, and answers may have none"
    if now.single and not was.single:
        yield f"the tool {tool} takes one mark, and answers may have more"
    wanted = _offered(tool, new) - now.optional
    lacking = wanted - _offered(tool, old) if was.complete else wanted
    if now.complete and lacking and tool in old.tools:
        yield f"the tool {tool} wants every label, and answers may lack {', '.join(sorted(lacking))}"
    if tool in old.tools and _other_settings(old.tools[tool]) != _other_settings(new.tools[tool]):
        yield f"the tool {tool} has other settings"


def _offered(tool: str, definition: Definition) -> set[str]:
    labels = definition.labels
    return {one.name for one in labels if not one.retired and (not one.tools or tool in one.tools)}


def _other_settings(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings that `ToolRules` do not speak of."""
    told = ("required", "multiple", "complete")
    return {name: value for name, value in settings.items() if name not in told}


def _label_reasons(old: Definition, new: Definition) -> Iterator[tuple[str, str, str, str | None]]:
    known = {label.name: label for label in new.labels}
    for label in old.labels:
        path = f"/labels/{escape(label.name)}"
        if label.name not in known:
            yield path, f"the label {label.name} is not there", label.name, None
            continue
        now = known[label.name]
        allowed = set(now.tools or new.tools)
        if not set(label.tools or old.tools) <= allowed:
            words = f"{label.name} is for {', '.join(sorted(allowed))} only"
            yield f"{path}/tools", words, label.name, None
        for name, words in _attribute_reasons(label, now):
            yield f"{path}/attributes/{escape(name)}", words, label.name, name


def _attribute_reasons(old: Label, new: Label) -> Iterator[tuple[str, str]]:
    was = {attribute.name: attribute for attribute in old.attributes}
    now = {attribute.name: attribute for attribute in new.attributes}
    for name, attribute in was.items():
        if name not in now:
            yield name, f"{old.name} has no attribute {name}"
        elif not allows(attribute, now[name]):
            yield name, f"{name} of {old.name} does not allow every value that answers may have"
    for name, attribute in now.items():
        answered = name in was and always_answered(was[name])
        if attribute.required and attribute.default is None and not answered:
            yield name, f"{old.name} wants {name}, and answers may lack it"


def always_answered(attribute: Attribute) -> bool:
    """Return whether every canonical mark has a value of the attribute that is not empty."""
    if attribute.default is None:
        return attribute.required
    return attribute.kind != "text" and not attribute.multiple


def allows(old: Attribute, new: Attribute) -> bool:
    """Return whether every value of the old attribute is one of the new."""
    if (old.kind, old.multiple, old.per, old.unit) != (new.kind, new.multiple, new.per, new.unit):
        return False
    if not set(old.choices) <= set(new.choices):
        return False
    low = new.minimum is None or (old.minimum is not None and old.minimum >= new.minimum)
    return low and (new.maximum is None or (old.maximum is not None and old.maximum <= new.maximum))

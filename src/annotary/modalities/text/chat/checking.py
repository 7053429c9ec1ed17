"""Reads ratings of messages and checks them against their conversation and the ontology."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any

from annotary.modalities.errors import NOTHING, InvalidAnswer
from annotary.modalities.items import read_item
from annotary.modalities.label_type import Item
from annotary.modalities.marks import LabelRules, Mark, in_order, labels_of
from annotary.modalities.ratings import Scale, check_level, check_scales
from annotary.modalities.text.chat.settings import ChatSettings
from annotary.modalities.text.items import ChatItem, Message
from annotary.ontology.values import Definition

_PATH = "/answer/chat"
by_place = attrgetter("message", "label")


class Remark(Mark, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True, gc=False):
    """What is said of one message: how much of the label it has, or that it has it."""

    message: int
    level: int | None = None


def narrow_chat(schema: dict[str, Any], definition: Definition, settings: ChatSettings) -> None:
    """Narrow the schema of ratings to each label's scale."""
    mark = schema["items"]
    mark["properties"]["message"]["minimum"] = 0
    for label in labels_of(definition, "chat"):
        scale = settings.scale(label.name)
        rule: dict[str, Any] = {"properties": {"level": {"type": "null"}}}
        if scale is not None:
            level = {"type": "integer", "minimum": scale.minimum, "maximum": scale.maximum}
            rule = {"properties": {"level": level}, "required": ["level"]}
        mark["allOf"].append({"if": {"properties": {"label": {"const": label.name}}}, "then": rule})


def compile_chat(
    definition: Definition, settings: ChatSettings
) -> Callable[[list[Remark], Item], list[Remark]]:
    """Return the check of this tool's values against one definition."""
    rules = LabelRules(definition, "chat")
    labels = labels_of(definition, "chat")
    check_scales("chat", settings.scales, [label.name for label in labels])
    scales = {label.name: settings.scale(label.name) for label in labels}
    asked = [one.name for one in labels if not one.retired and scales[one.name] is not None]

    def check(value: list[Remark], item: Item) -> list[Remark]:
        messages = read_item(item, ChatItem).messages
        value = rules.check(value)
        rated = [at for at, one in enumerate(messages) if not settings.roles or one.role in settings.roles]
        seen: set[tuple[int, str]] = set()
        for index, one in enumerate(value):
            path = f"{_PATH}/{index}"
            _check_message(one.message, messages, settings.roles, f"{path}/message")
            _check_level(one, scales[one.label], f"{path}/level")
            if by_place(one) in seen:
                expected = f"each label at most once for message {one.message}"
                raise InvalidAnswer(path=f"{path}/label", found=one.label, expected=expected)
            seen.add(by_place(one))
        if settings.complete:
            _check_complete(seen, rated, asked)
        return in_order(value, by_place)

    return check


def _check_message(at: int, messages: Sequence[Message], roles: Sequence[str], path: str) -> None:
    if not 0 <= at < len(messages):
        expected = f"0 to {len(messages) - 1}: the item has {len(messages)} messages"
        raise InvalidAnswer(path=path, found=at, expected=expected)
    if roles and messages[at].role not in roles:
        found = f"message {at}, of the role {messages[at].role}"
        raise InvalidAnswer(path=path, found=found, expected=f"a message of {' or '.join(roles)}")


def _check_level(one: Remark, scale: Scale | None, path: str) -> None:
    if scale is None:
        if one.level is not None:
            raise InvalidAnswer(path=path, found=one.level, expected=f"no level: {one.label} has none")
    elif one.level is None:
        expected = f"{scale.minimum} to {scale.maximum}, the level of {one.label}"
        raise InvalidAnswer(path=path, found=NOTHING, expected=expected)
    else:
        check_level(one.level, scale, path)


def _check_complete(given: set[tuple[int, str]], rated: Sequence[int], asked: Sequence[str]) -> None:
    for at in rated:
        for label in asked:
            if (at, label) not in given:
                expected = f"a level of every question for every message; {label} of message {at} has none"
                raise InvalidAnswer(path=_PATH, found=f"{len(given)} ratings", expected=expected)

"""What a filter means to the database, and what an answer says in a few words. Pure."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from annotary.identity.errors import RoleTooLow
from annotary.identity.values import Role
from annotary.kernel.errors import Invalid, Malformed
from annotary.kernel.limits import LOOK_TOLD_WORDS_MAX
from annotary.kernel.names import body_id
from annotary.slices.values import Answer, ItemFilter, Told, Wanted

_WORD = re.compile(r"\w+")
_WORDS_MAX = 20
_UNLABELLED_CHARACTERS_MAX = 60
_STATES = ("open", "paused", "done", "cancelled", "gold")


def wanted(asked: ItemFilter, role: Role) -> Wanted:
    """Return what a filter asks of the database; raises Invalid, RoleTooLow where it asks who answered."""
    if asked.annotators and role < Role.MANAGER:
        raise RoleTooLow("Who gave an answer is for managers to know: leave out `annotators`.")
    return Wanted(
        tasks=_ids("task", asked.tasks, "tasks"),
        states=_states(asked),
        batches=_ids("batch", asked.batches, "batches"),
        datasets=_ids("dataset", asked.datasets, "datasets"),
        labels=_texts(asked.labels, "labels"),
        answered=_texts(asked.answered, "answered"),
        members=_ids("member", asked.annotators, "annotators"),
        agreement=_range(asked.agreement, "agreement"),
        confidence=_range(asked.confidence, "confidence"),
        issues=asked.issues,
        prefix=_text(asked.unique_id, "unique_id") or None,
        words=_words(asked.words),
        metadata=_metadata(asked.metadata),
    )


def _states(asked: ItemFilter) -> list[str] | None:
    states: list[str] = list(asked.states or _STATES)
    if asked.gold is not None:
        states = [state for state in states if (state == "gold") == asked.gold]
    return states if len(states) < len(_STATES) else None


def _ids(kind: str, texts: Sequence[str], field: str) -> Any:
    return [body_id(kind, text, f"/filter/{field}/{at}") for at, text in enumerate(texts)] or None


def _text(text: str, field: str) -> str:
    if "\0" in text:
        raise Invalid(path=f"/filter/{field}", found=text, expected="a text without NUL")
    return text


def _texts(texts: Sequence[str], field: str) -> list[str] | None:
    return [_text(text, f"{field}/{at}") for at, text in enumerate(texts)] or None


def _range(found: tuple[float, float] | None, field: str) -> list[float] | None:
    if found is None:
        return None
    if found[0] > found[1]:
        raise Invalid(path=f"/filter/{field}", found=list(found), expected="[least, most]")
    # Stored with single precision: a bound that was read from there must find it again.
    return [found[0] - 1e-6, found[1] + 1e-6]


def _words(text: str) -> str | None:
    """Return a tsquery of the words, each the beginning of one; only letters and digits are passed on."""
    if not text.strip():
        return None
    found = _WORD.findall(text.lower())
    if not 1 <= len(found) <= _WORDS_MAX:
        raise Invalid(path="/filter/words", found=text, expected=f"1 to {_WORDS_MAX} words")
    return " & ".join(f"'{word}':*" for word in found)


def _metadata(asked: Mapping[str, str]) -> list[str] | None:
    """Return the objects that metadata must contain one of: a value that reads as JSON is taken for both."""
    options: list[dict[str, Any]] = [{}] if asked else []
    for key, text in asked.items():
        values = [_text(text, "metadata"), *_json_values(text)]
        options = [{**option, _text(key, "metadata"): value} for option in options for value in values]
        if len(options) > 2**6:
            raise Invalid(path="/filter/metadata", found=len(asked), expected="fewer values")
    return [json.dumps(option) for option in options] or None


def _json_values(text: str) -> list[Any]:
    try:
        value = json.loads(text)
    except ValueError:
        return []
    return [value] if value is None or isinstance(value, bool | int | float) else []


def labels_of(answer: Answer) -> list[str]:
    """Return the labels that an answer has, each once, in their order there."""
    return [told.word for told in tell([answer]) if told.label]


def tell(answers: Iterable[Answer]) -> list[Told]:
    """Return what answers say: labels with their numbers of marks, the words of tools without labels."""
    counts: Counter[tuple[str, bool]] = Counter()
    for answer in answers:
        for tool, value in answer.items():
            if isinstance(value, list):
                counts.update(
                    (mark["label"], True) for mark in value if isinstance(mark, dict) and "label" in mark
                )
            elif isinstance(value, dict):
                counts[_unlabelled(tool, value), False] += 1
            elif value is True:
                counts[tool.replace("_", " "), False] += 1
    return [Told(word, count, label) for (word, label), count in counts.items()]


def _unlabelled(tool: str, value: Mapping[str, Any]) -> str:
    """Return the few words of a value that bears no label: a choice, an order, scores, a text."""
    match tool, value:
        case "preference", {"choice": choice}:
            words = str(choice).upper() if len(str(choice)) == 1 else str(choice)
        case "ranking", {"tiers": [*tiers]}:
            words = " > ".join(" = ".join(str(one + 1) for one in tier) for tier in tiers)
        case "rubric", {"scores": dict(scores)}:
            words = ", ".join(f"{name} {score}" for name, score in scores.items())
        case _, {"text": str(text)}:
            words = text
        case _:
            words = tool
    short = " ".join(words.split())
    return (
        short if len(short) <= _UNLABELLED_CHARACTERS_MAX else short[: _UNLABELLED_CHARACTERS_MAX - 1] + "…"
    )


def shown_words(told: Sequence[Told]) -> list[Told]:
    """Return the words that are kept to be shown, the most frequent ones first."""
    return sorted(told, key=lambda one: -one.times)[:LOOK_TOLD_WORDS_MAX]


def read_filter(text: str | None, decode: Any) -> ItemFilter:
    """Return the filter of a query parameter: a JSON object; none finds everything."""
    if not text:
        return ItemFilter()
    try:
        found: ItemFilter = decode(text)
    except ValueError as error:
        raise Malformed(
            f"filter: {error}. Expected a JSON object such as " + '{"states": ["open"]}.', path="filter"
        ) from None
    return found

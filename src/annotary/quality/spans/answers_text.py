"""Reads several people's spans from JSON lines: BIO tags, or an export of Annotary with its answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from annotary.kernel.errors import Invalid
from annotary.ontology.pointers import complaint_of
from annotary.quality.spans.tokens import spans_of_tags, tokenised
from annotary.quality.spans.values import Span, SpanTask

Tags = str | list[str]


class _Mark(msgspec.Struct):
    label: str
    start: int
    end: int


class Answer(msgspec.Struct):
    """What an answer of the platform says; one that is excused says nothing of spans."""

    spans: list[_Mark] = []
    not_applicable: bool = False
    cannot_assess: bool = False

    @property
    def is_excused(self) -> bool:
        """Whether it says that there is nothing to mark, or that this cannot be told."""
        return self.not_applicable or self.cannot_assess


class _Given(msgspec.Struct):
    member: str
    answer: Answer


class _Text(msgspec.Struct):
    text: str


class _Line(msgspec.Struct):
    task: str | int | None = None
    sentence: str | int | None = None
    unique_id: str | None = None
    workers: dict[str, Tags] | None = None
    annotators: dict[str, Tags] | None = None
    item: _Text | None = None
    answers: list[_Given] | None = None
    truth: str | list[str | _Mark] | None = None
    gold: str | list[str | _Mark] | None = None


class ReadTask(NamedTuple):
    """A task as it was read: its name, its spans over tokens, the truth, and where its tokens stand.

    `place` turns a span of tokens into what the file counts in: code points for texts, tokens for tags.
    """

    name: str
    task: SpanTask
    truth: Sequence[Span] | None
    place: Callable[[Span], Span]


def read_tasks(text: str, name: str = "answers") -> list[ReadTask]:
    """Return the tasks of JSON lines, one a line; raises Invalid with the line and what was expected.

    Either `{"task", "annotators": {name: tags}}`, tags in BIO notation as one text or as a list (`sentence`
    and `workers` are understood too), or the lines of an export with answers: `{"task", "unique_id", "item":
    {"text"}, "answers": [{"member", "answer": {"spans"}}]}`; who says that a text cannot be assessed gives no
    answer. Both may have `truth`, which judges the outcome, and `gold`, which is known to the model: tags or
    spans like the answers.
    """
    decode = msgspec.json.Decoder(_Line).decode
    found: list[ReadTask] = []
    for number, raw in enumerate(text.split("\n"), 1):
        if raw.strip():
            where = f"{name}, line {number}"
            try:
                line = decode(raw)
            except msgspec.ValidationError as error:
                complaint = complaint_of(str(error), where)
                raise Invalid(
                    path=complaint.path, found="another value", expected=complaint.expected
                ) from None
            except (msgspec.DecodeError, RecursionError) as error:
                raise Invalid(
                    path=where, found=raw.strip()[:80], expected=f"a JSON object ({error})"
                ) from None
            found.append(_task(line, where, len(found)))
    return found


def _task(line: _Line, where: str, number: int) -> ReadTask:
    names = (line.unique_id, line.task, line.sentence, number)
    name = str(next(one for one in names if one is not None))
    tagged = line.annotators if line.annotators is not None else line.workers
    if tagged is not None:
        return _tagged_task(name, line, tagged, where)
    if line.item is None or line.answers is None:
        expected = "`annotators` with tags, or `item` with a text and `answers` (an export with its answers)"
        raise Invalid(path=where, found="neither", expected=expected)
    return _text_task(name, line, line.item.text, line.answers, where)


def _tagged_task(name: str, line: _Line, tagged: Mapping[str, Tags], where: str) -> ReadTask:
    sizes = {who: len(_split(tags)) for who, tags in tagged.items()}
    sizes |= {
        one: len(_split(getattr(line, one))) for one in ("truth", "gold") if getattr(line, one) is not None
    }
    if len(set(sizes.values())) > 1:
        raise Invalid(path=where, found=f"tags of {sizes}", expected="a tag for each token from everybody")
    tokens = next(iter(sizes.values()), 0)
    answers = {who: spans_of_tags(_split(tags), f"{where}, {who}") for who, tags in tagged.items()}
    truth, gold = (
        None if given is None else spans_of_tags(_split(given), f"{where}, {which}")
        for which, given in (("truth", line.truth), ("gold", line.gold))
    )
    return ReadTask(name, SpanTask(tokens, answers, gold), truth, lambda span: span)


def _split(tags: Any) -> list[str]:
    words = tags.split() if isinstance(tags, str) else tags
    return [word if isinstance(word, str) else "" for word in words]


def _text_task(name: str, line: _Line, text: str, given: Sequence[_Given], where: str) -> ReadTask:
    answers = {
        one.member: _spans(one.answer.spans, text, f"{where}, {one.member}")
        for one in given
        if not one.answer.is_excused
    }
    truth, gold = (
        None if marks is None else _spans(marks, text, f"{where}, {which}")
        for which, marks in (("truth", line.truth), ("gold", line.gold))
    )
    read = tokenised(text, answers, truth, gold)
    truth, gold = read.known
    return ReadTask(name, SpanTask(len(read.tokens.places), read.answers, gold), truth, read.tokens.place)


def _spans(marks: Any, text: str, where: str) -> list[Span]:
    found = []
    for mark in marks:
        if not isinstance(mark, _Mark) or not 0 <= mark.start < mark.end <= len(text):
            expected = f"spans with label, start and end, within the {len(text)} code points of the text"
            raise Invalid(path=where, found=mark, expected=expected)
        found.append(Span(mark.start, mark.end, mark.label))
    return found

"""Merging one task's answers: the same for any order, valid, and honest about what cannot be merged."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotary.kernel.limits import MERGE_BYTES_PER_ROUND_MAX
from annotary.modalities.registry import label_types, modalities
from annotary.ontology.rules import content_hash, encode_definition, read_definition
from annotary.quality import rules
from annotary.quality.merging import MergeReply, MergeRequest, answered, merge
from annotary.quality.values import DueMerge

encode = msgspec.json.Encoder().encode
CLASSES = {"tools": {"classification": {}}, "labels": [{"name": name} for name in ("good", "bad", "ugly")]}
TYPES = [(modality, name) for modality in modalities() for name in label_types(modality)]


def asked(modality: str, definition: dict[str, Any], item: Any, answers: list[Any]) -> MergeRequest:
    read = read_definition(definition)
    return MergeRequest(
        modality=modality,
        definition=encode_definition(read),
        definition_hash=content_hash(read),
        item=encode(item),
        answers=[encode(answer) for answer in answers],
        seconds_max=1.0,
    )


def merged_classes(labels: list[str]) -> MergeReply:
    answers = [{"classification": [{"label": label}]} for label in labels]
    return merge(asked("text", CLASSES, {"text": "a"}, answers))


@given(st.lists(st.sampled_from(["good", "bad", "ugly"]), min_size=2, max_size=7), st.randoms())
def test_the_order_of_answers_does_not_matter(labels: list[str], chance: Any) -> None:
    shuffled = labels[:]
    chance.shuffle(shuffled)
    first, second = merged_classes(labels), merged_classes(shuffled)
    assert (first.answer, first.confidence) == (second.answer, second.confidence)
    assert first.agreement == pytest.approx(second.agreement)
    assert 0 <= first.agreement <= 1 and 0 < first.confidence <= 1


@pytest.mark.parametrize(("modality", "tool"), TYPES)
def test_equal_answers_of_every_label_type_merge_into_themselves(modality: str, tool: str) -> None:
    example = label_types(modality)[tool].example
    answer = {tool: example.value}
    one = merge(asked(modality, example.definition, example.item, [answer]))
    many = merge(asked(modality, example.definition, example.item, [answer] * 3))
    assert not many.blocked and (many.answer, many.content_hash) == (one.answer, one.content_hash)
    assert many.agreement == pytest.approx(1.0) and many.confidence == pytest.approx(one.confidence)


def test_an_answer_that_does_not_fit_is_left_to_people_with_its_path() -> None:
    reply = merged_classes(["good", "gone"])
    assert (
        "Answer 2" in reply.blocked and "/answer/classification/0/label" in reply.blocked and not reply.answer
    )


def test_a_fault_in_a_merge_blocks_its_task_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def faulty(*_: Any) -> None:
        raise ZeroDivisionError("no votes")

    monkeypatch.setattr("annotary.quality.merging.merge_answers", faulty)
    answers = [{"classification": [{"label": label}]} for label in ("good", "bad")]
    assert "no votes" in answered(asked("text", CLASSES, {"text": "a"}, answers)).blocked


@given(st.lists(st.integers(0, 2 * MERGE_BYTES_PER_ROUND_MAX), min_size=1, max_size=40))
def test_a_round_fits_into_memory_and_is_never_empty(sizes: list[int]) -> None:
    due = [DueMerge(None, 0, 0, size) for size in sizes]  # type: ignore[arg-type]
    chosen = rules.round_of(due)
    assert chosen == due[: len(chosen)] and chosen
    assert len(chosen) == 1 or sum(one.answer_bytes for one in chosen) <= MERGE_BYTES_PER_ROUND_MAX

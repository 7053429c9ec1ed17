"""Tools whose value is one form rather than marks: what all promise, and what rewriting and rubrics do."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotary.kernel import limits
from annotary.modalities.answers import agreement, check_definition, merge_answers
from annotary.modalities.errors import InvalidAnswer
from annotary.modalities.registry import label_types, modalities
from annotary.modalities.text.rewrite.similarity import similarity
from annotary.modalities.text.rubric.criteria import RubricSettings, total
from annotary.ontology.errors import InvalidOntology
from annotary.ontology.rules import read_definition

from .strategies import CRITERIA, FORMS, ITEMS, TOOLS, another_notation, encode, forms, validator_of

ITEM = ITEMS["text"]
tools = st.sampled_from(sorted(FORMS))


def test_every_label_type_is_drawn_by_some_test() -> None:
    drawn = {("text", tool) for tool in FORMS} | {(m, tool) for m, tools in TOOLS.items() for tool in tools}
    assert drawn == {(modality, tool) for modality in modalities() for tool in label_types(modality)}


@settings(deadline=None)
@given(tool=tools, data=st.data(), seed=st.integers())
def test_a_form_is_canonical_agrees_with_itself_and_merges_to_itself(
    tool: str, data: st.DataObject, seed: int
) -> None:
    validator = validator_of("text", {tool: FORMS[tool]}, [])
    value = {tool: data.draw(forms(tool))}
    first = validator.validate(encode(value), ITEM)
    assert validator.validate(first.encoded, ITEM).encoded == first.encoded
    if tool != "ranking":  # the order of lists has a meaning there
        other = another_notation(value, random.Random(seed)).encode()
        assert validator.validate(other, ITEM).encoded == first.encoded
    merged = merge_answers(validator, [first.answer] * 3, ITEM)
    assert (validator.canonical(merged.value).encoded, merged.confidence) == (first.encoded, 1.0)
    label_type, kept = validator.tools[0]
    one = getattr(first.answer, tool)
    assert label_type.agreement(one, one, validator.context(kept, ITEM)) == 1.0


@settings(deadline=None)
@given(tool=tools, data=st.data())
def test_forms_agree_symmetrically_and_merge_to_what_is_allowed(tool: str, data: st.DataObject) -> None:
    validator = validator_of("text", {tool: FORMS[tool]}, [])
    given_forms = data.draw(st.lists(forms(tool), min_size=2, max_size=4))
    answers = [validator.validate(encode({tool: one}), ITEM).answer for one in given_forms]
    one, other = answers[:2]
    found = agreement(validator, one, other, ITEM)
    assert found == agreement(validator, other, one, ITEM)
    assert 0.0 <= found <= 1.0
    merged = merge_answers(validator, answers, ITEM)
    assert 0.0 <= merged.confidence <= 1.0
    encoded = validator.canonical(merged.value).encoded
    assert validator.validate(encoded, ITEM).encoded == encoded
    if tool == "rewrite":
        assert merged.value.rewrite in [answer.rewrite for answer in answers]


def refused_at(tool: str, form: Any, item: Any = ITEM, **kept: Any) -> str | None:
    """Return where a form is refused."""
    validator = validator_of("text", {tool: {**FORMS[tool], **kept}}, [])
    with pytest.raises(InvalidAnswer) as raised:
        validator.validate(encode({tool: form}), item)
    assert raised.value.extra["expected"]
    return (raised.value.path or "").removeprefix(f"/answer/{tool}")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("", {}),
        (" \n\u2003\t", {}),
        ("a\0b", {}),
        ("x" * 61, {}),
        ("👩‍🚀", {"characters_min": 4}),
        ("the sky\r\nis", {"unchanged": False}),
        ("x" * (2 * limits.REWRITE_CHARACTERS_MAX + 1), {}),
        (7, {}),
        (None, {}),
    ],
)
def test_what_is_no_text_is_refused(text: Any, kept: dict[str, Any]) -> None:
    item = {"prompt": "?", "text": "the sky\nis"}
    assert refused_at("rewrite", {"text": text}, item, **kept) == "/text"
    assert refused_at("rewrite", {"text": "x", "why": ""}, item) == "/why"


def test_code_points_are_counted_and_line_ends_are_one_character() -> None:
    validator = validator_of("text", {"rewrite": {"characters_max": 3}}, [])
    assert validator.validate(encode({"rewrite": {"text": "👩‍🚀"}}), ITEM).answer.rewrite.text == "👩‍🚀"
    assert validator.validate(encode({"rewrite": {"text": "a\r\nb"}}), ITEM).answer.rewrite.text == "a\nb"
    assert validator.validate(encode({"rewrite": {"text": "a\rb"}}), ITEM).answer.rewrite.text == "a\nb"


def reference_distance(first: Sequence[str], second: Sequence[str]) -> int:
    """Levenshtein's recursion as he wrote it."""
    if not first or not second:
        return len(first) + len(second)
    if first[-1] == second[-1]:
        return reference_distance(first[:-1], second[:-1])
    pairs = ((first[:-1], second), (first, second[:-1]), (first[:-1], second[:-1]))
    return 1 + min(reference_distance(*pair) for pair in pairs)


@settings(deadline=None)
@given(st.lists(st.sampled_from("abc"), max_size=5), st.lists(st.sampled_from("abc"), max_size=5))
def test_likeness_of_texts_is_edit_distance_over_words(first: list[str], second: list[str]) -> None:
    longer = max(len(first), len(second))
    expected = 1 - reference_distance(first, second) / longer if longer else 1.0
    assert similarity(" ".join(first), "\n".join(second)) == pytest.approx(expected)


def test_long_texts_are_compared_in_time() -> None:
    source = random.Random(1)
    words = [source.choice(["sky", "blue", "air", "sea", "red"]) for _ in range(15_000)]
    alike = similarity(" ".join(words), " ".join(words[::-1]))
    assert alike == 1.0, "beyond the limit only the words count, not their order"
    assert similarity(" ".join(words), " ".join([*words[:7_000], "new", *words[7_000:]])) > 0.9999


def test_the_text_most_like_all_is_taken() -> None:
    validator = validator_of("text", {"rewrite": {}}, [])
    texts = ["the sky is blue", "the sky is very blue", "nobody knows", "the sky is so blue"]
    answers = [validator.validate(encode({"rewrite": {"text": text}}), ITEM).answer for text in texts]
    merged = merge_answers(validator, answers, ITEM)
    assert merged.value.rewrite.text == "the sky is blue"
    assert merge_answers(validator, answers, ITEM, [0.1, 0.1, 9.0, 0.1]).value.rewrite.text == "nobody knows"


@pytest.mark.parametrize(
    ("form", "kept", "path"),
    [
        ({"scores": {"clear": 4, "a/b~c": "bad"}}, {}, "/scores/clear"),
        ({"scores": {"clear": True, "a/b~c": "bad"}}, {}, "/scores/clear"),
        ({"scores": {"clear": 1.0, "a/b~c": "bad"}}, {}, "/scores/clear"),
        ({"scores": {"clear": 10**400, "a/b~c": "bad"}}, {}, "/scores/clear"),
        ({"scores": {"clear": 1, "a/b~c": 1}}, {}, "/scores/a~1b~0c"),
        ({"scores": {"clear": 1, "a/b~c": "worse"}}, {}, "/scores/a~1b~0c"),
        ({"scores": {"clear": 1}}, {}, "/scores/a~1b~0c"),
        ({"scores": {"clear": 1, "a/b~c": "bad", "loud": 1}}, {}, "/scores/loud"),
        ({"scores": {}}, {"criteria": [{"name": "n", "scale": [0, 1], "required": False}]}, "/scores"),
        ({"scores": {"clear": 1, "a/b~c": "bad"}, "total": 1}, {}, "/total"),
        (
            {"scores": {"clear": 1, "a/b~c": "bad"}, "justifications": {"brief": "?"}},
            {},
            "/justifications/brief",
        ),
        (
            {"scores": {"clear": 1, "a/b~c": "bad"}, "justifications": {"clear": 7}},
            {},
            "/justifications/clear",
        ),
        (
            {"scores": {"clear": 1, "a/b~c": "bad"}, "justifications": {"clear": "\0"}},
            {},
            "/justifications/clear",
        ),
        (
            {"scores": {"clear": 1, "a/b~c": "bad"}, "justifications": {"clear": "?"}},
            {"justify": True},
            "/justifications/a~1b~0c",
        ),
        ([], {}, ""),
    ],
)
def test_scores_keep_to_their_criteria(form: Any, kept: dict[str, Any], path: str) -> None:
    assert refused_at("rubric", form, **kept) == path


@pytest.mark.parametrize(
    ("criteria", "path"),
    [
        ([], "/criteria"),
        ([{"name": "n"}], "/criteria/0"),
        ([{"name": "n", "scale": [0, 1], "choices": ["a", "b"]}], "/criteria/0"),
        ([{"name": "n", "scale": [1, 1]}], "/criteria/0"),
        ([{"name": "n", "choices": ["a"]}], "/criteria/0"),
        ([{"name": "n", "choices": ["a", "a"]}], "/criteria/0"),
        ([{"name": "n", "scale": [0, 1], "weight": 0}], "/criteria/0/weight"),
        ([{"name": "n", "scale": [0, 1]}] * 2, ""),
    ],
)
def test_criteria_that_cannot_be_scored_are_refused(criteria: Any, path: str) -> None:
    with pytest.raises(InvalidOntology) as raised:
        check_definition("text", read_definition({"tools": {"rubric": {"criteria": criteria}}}))
    assert raised.value.path == f"/definition/tools/rubric{path}"


def test_scores_amount_to_a_weighted_total_and_are_merged_one_by_one() -> None:
    kept = msgspec.convert({"criteria": CRITERIA}, RubricSettings)
    assert total({"clear": 3, "a/b~c": "bad"}, kept) == pytest.approx(2.5 / 3.5)
    assert total({"clear": 1, "a/b~c": "fair", "brief": 1}, kept) == pytest.approx((1.25 + 0.5 + 1) / 4.5)
    validator = validator_of("text", {"rubric": {"criteria": CRITERIA}}, [])
    given_forms = [
        {"scores": {"clear": 3, "a/b~c": "good"}, "justifications": {"clear": "short"}},
        {"scores": {"clear": 2, "a/b~c": "bad", "brief": 1}, "justifications": {"clear": "so so"}},
        {"scores": {"clear": -1, "a/b~c": "good"}},
    ]
    answers = [validator.validate(encode({"rubric": one}), ITEM).answer for one in given_forms]
    merged = merge_answers(validator, answers, ITEM)
    assert merged.value.rubric.scores == {"a/b~c": "good", "clear": 2}
    assert merged.value.rubric.justifications == {"clear": "so so"}
    assert merged.shares["rubric"]["a/b~c"] == {"bad": pytest.approx(1 / 3), "good": pytest.approx(2 / 3)}
    assert agreement(validator, answers[0], answers[2], ITEM) == pytest.approx(1 - 2.5 / 3.5)
    assert agreement(validator, answers[0], answers[1], ITEM) == pytest.approx(1 - (2.5 / 4 + 1 + 1) / 4.5)

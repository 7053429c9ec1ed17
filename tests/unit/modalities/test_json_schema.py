"""The JSON schema of a version and its validator agree, by the word of two other programs."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import fastjsonschema
import jsonschema
import pytest
from bench.made_answers import made

from annotary.modalities.answers import compile_ontology
from annotary.modalities.errors import InvalidAnswer
from annotary.modalities.json_schema import answer_schema
from annotary.ontology.errors import InvalidOntology
from annotary.ontology.rules import content_hash, read_definition

ANSWERS = 10_000


def accepts(check: Any, answer: Any, refusal: type[Exception]) -> bool:
    """Whether a validator accepts an answer."""
    try:
        check(answer)
    except refusal:
        return False
    return True


def test_all_agree_on_ten_thousand_answers() -> None:
    validators: dict[bytes, Any] = {}
    verdicts: Counter[tuple[bool, bool]] = Counter()
    for one in made(ANSWERS, seed=4):
        key = content_hash(one.definition) + one.modality.encode()
        if key not in validators:
            schema = json.loads(json.dumps(answer_schema(one.modality, one.definition)))
            jsonschema.Draft202012Validator.check_schema(schema)
            ours = compile_ontology(one.modality, one.definition, content_hash(one.definition))
            validators[key] = (ours, jsonschema.Draft202012Validator(schema), fastjsonschema.compile(schema))
        ours, slow, fast = validators[key]
        raw = json.dumps(one.answer).encode()
        verdict = accepts(lambda raw, v=ours, i=one.item: v.validate(raw, i), raw, InvalidAnswer)
        others = (
            slow.is_valid(one.answer),
            accepts(fast, json.loads(raw), fastjsonschema.JsonSchemaException),
        )
        assert others == (verdict, verdict), json.dumps(one.answer)
        assert verdict or one.changed
        verdicts[one.changed, verdict] += 1
    assert len(validators) == 6
    # Most of what was changed is invalid, some of it is not: both must be many for this to prove anything.
    assert verdicts[True, False] > ANSWERS / 4
    assert verdicts[False, True] > ANSWERS / 4
    assert verdicts[True, True] > ANSWERS / 100


def test_a_definition_that_cannot_hold_has_no_schema() -> None:
    with pytest.raises(InvalidOntology):
        answer_schema("image", read_definition({"tools": {"spans": {}}, "labels": []}))

"""Checking an answer of 50 boxes: Annotary's compiled validator beside jsonschema and fastjsonschema.

All three get the bytes that came over the network, and the same decoder serves all. Ours also checks that
boxes lie in the image and brings the answer into its canonical form, with its bytes and their hash; theirs
only say whether it fits the schema. `jsonschema.validate` is how its documentation calls it; a validator that
is kept saves the check of the schema.
"""

from __future__ import annotations

import gc
import json
import random
import statistics
import time
from collections.abc import Callable
from typing import Any

import msgspec

from annotary.modalities.answers import AnswerValidator, compile_ontology
from annotary.modalities.errors import InvalidAnswer
from annotary.modalities.json_schema import answer_schema
from annotary.modalities.migration import Migration
from annotary.ontology.rules import content_hash, read_definition
from annotary.ontology.steps.reading import read_steps
from bench.made_answers import ATTRIBUTES, IMAGE, box, made
from bench.report import Report

BOXES = 50
ANSWERS = 10_000
ROUNDS = 30
STEPS = [
    {"step": "rename_label", "label": "car", "to": "automobile"},
    {"step": "merge_labels", "labels": ["van"], "into": "lorry"},
    {
        "step": "add_attribute",
        "label": "automobile",
        "attribute": {"name": "doors", "kind": "number", "minimum": 1},
        "fill": 4,
    },
]
LABELS = [{"name": "car", "attributes": ATTRIBUTES}, {"name": "van"}, {"name": "lorry"}, {"name": "person"}]
decode = msgspec.json.Decoder().decode
DEFINITION = read_definition({"tools": {"box": {}}, "labels": LABELS})


def run(quick: bool) -> Report:
    """Measure one large answer, then let all three judge many small ones."""
    answers = 200 if quick else ANSWERS
    report = Report(
        name="validators",
        command="python -m bench validators",
        sizes={"boxes": BOXES, "with_attributes": BOXES // 2, "answers_compared": answers, "rounds": ROUNDS},
    )
    try:
        import fastjsonschema
        import jsonschema
    except ImportError:
        report.notes.append("jsonschema and fastjsonschema are not installed: pip install annotary[test].")
        return report
    _beside(report, fastjsonschema, jsonschema)
    _bare(report, fastjsonschema)
    _migrating(report)
    _compare(report, answers, fastjsonschema, jsonschema)
    return report


def _beside(report: Report, fastjsonschema: Any, jsonschema: Any) -> None:
    raw, schema = answer(random.Random(50)), answer_schema("image", DEFINITION)
    validator = compile_ontology("image", DEFINITION, content_hash(DEFINITION))
    slow, fast = jsonschema.Draft202012Validator(schema), fastjsonschema.compile(schema)
    found = microseconds(
        (lambda: validator.validate(raw, IMAGE), 20),
        (lambda: jsonschema.validate(decode(raw), schema), 1),
        (lambda: slow.validate(decode(raw)), 1),
        (lambda: fast(decode(raw)), 10),
    )
    ours, anew, kept, theirs = map(statistics.median, found)
    report.add("validate, 50 boxes", ours, "us", goal=100, bound="at most")
    report.add("jsonschema.validate, 50 boxes", anew, "us")
    report.add("jsonschema, a validator kept, 50 boxes", kept, "us")
    report.add("fastjsonschema, 50 boxes", theirs, "us")
    report.add("faster than jsonschema.validate", faster(found[1], found[0]), "times", goal=100)
    report.add("faster than a kept validator of jsonschema", faster(found[2], found[0]), "times")
    report.add("faster than fastjsonschema", faster(found[3], found[0]), "times", goal=3)


def _bare(report: Report, fastjsonschema: Any) -> None:
    """Labels without attributes: there is less to check, so decoding and the canonical form weigh more."""
    names = [{"name": label["name"]} for label in LABELS]
    definition = read_definition({"tools": {"box": {}}, "labels": names})
    chance = random.Random(50)
    boxes = [{"label": chance.choice(names)["name"], **box(chance)} for _ in range(BOXES)]
    raw = json.dumps({"box": boxes}).encode()
    validator = compile_ontology("image", definition, content_hash(definition))
    fast = fastjsonschema.compile(answer_schema("image", definition))
    found = microseconds((lambda: validator.validate(raw, IMAGE), 20), (lambda: fast(decode(raw)), 20))
    ours = statistics.median(found[0])
    report.add("validate, 50 boxes without attributes", ours, "us", goal=100, bound="at most")
    report.add("faster than fastjsonschema, without attributes", faster(found[1], found[0]), "times")


def _migrating(report: Report) -> None:
    validator = compile_ontology("image", DEFINITION, content_hash(DEFINITION))
    migration = Migration("image", DEFINITION, read_steps(STEPS))
    large = validator.validate(answer(random.Random(50)), IMAGE).encoded
    small = validator.validate(answer(random.Random(3), 3), IMAGE).encoded
    other = b'{"box":[{"label":"person","x":1.0,"y":1.0,"width":5.0,"height":5.0}]}'
    found = microseconds(
        (lambda: migration.rewrite(large), 20),
        (lambda: migration.rewrite(small), 200),
        (lambda: migration.rewrite(other), 1_000),
    )
    many, few, untouched = map(statistics.median, found)
    report.add("migrate, 50 boxes", many, "us")
    report.add("migrate, 3 boxes", few, "us", goal=15, bound="at most")
    report.add("migrate, untouched by the steps", untouched, "us")


def answer(chance: random.Random, boxes: int = BOXES) -> bytes:
    """Return the JSON of boxes, half of them with attributes, as a client sends it."""
    marks: list[dict[str, Any]] = []
    for number in range(boxes):
        mark: dict[str, Any] = {"label": chance.choice(["van", "lorry", "person"]), **box(chance)}
        if number % 2 == 0:
            values = {"kind": "x", "note": "n", "certainty": chance.random(), "hidden": True}
            mark |= {"label": "car", "attributes": values}
        marks.append(mark)
    return json.dumps({"box": marks}).encode()


def microseconds(*calls: tuple[Callable[[], object], int]) -> list[list[float]]:
    """Return the times of each call, given with how often a round makes it; the calls take turns."""
    found: list[list[float]] = [[] for _ in calls]
    gc.disable()
    for _ in range(ROUNDS):
        for (call, times), kept in zip(calls, found, strict=True):
            start = time.perf_counter()
            for _ in range(times):
                call()
            kept.append((time.perf_counter() - start) / times * 1e6)
    gc.enable()
    return found


def faster(theirs: list[float], ours: list[float]) -> float:
    """Return how many times faster ours is, by the median over rounds: whatever slows one slows the other."""
    return statistics.median(their / our for their, our in zip(theirs, ours, strict=True))


def _compare(report: Report, count: int, fastjsonschema: Any, jsonschema: Any) -> None:
    validators: dict[bytes, tuple[AnswerValidator, Any, Any]] = {}
    agreed = valid = 0
    for one in made(count, seed=10_000):
        key = content_hash(one.definition) + one.modality.encode()
        if key not in validators:
            schema = answer_schema(one.modality, one.definition)
            compiled = compile_ontology(one.modality, one.definition, content_hash(one.definition))
            validators[key] = (
                compiled,
                jsonschema.Draft202012Validator(schema),
                fastjsonschema.compile(schema),
            )
        ours, slow, fast = validators[key]
        verdicts = {
            _holds(lambda v=ours, a=one: v.validate(json.dumps(a.answer).encode(), a.item), InvalidAnswer),
            _holds(lambda v=fast, a=one: v(a.answer), fastjsonschema.JsonSchemaException),
            bool(slow.is_valid(one.answer)),
        }
        agreed += len(verdicts) == 1
        valid += verdicts == {True}
    report.add("answers judged alike by all three", agreed, "answers", goal=count)
    report.details["valid"], report.details["invalid"] = valid, agreed - valid


def _holds(check: Callable[[], object], refusal: type[Exception]) -> bool:
    try:
        check()
    except refusal:
        return False
    return True

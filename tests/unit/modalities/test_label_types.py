"""The registry, the documented examples, and the page made of them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from annotary.modalities import answers
from annotary.modalities.errors import InvalidModality
from annotary.modalities.label_type import LabelType
from annotary.modalities.reference import render
from annotary.modalities.registry import label_types, modalities
from annotary.ontology.errors import InvalidOntology
from annotary.ontology.rules import content_hash, read_definition

ROOT = Path(__file__).parents[3]
ALL = [label_type for modality in modalities() for label_type in label_types(modality).values()]


def test_the_registry_finds_every_folder() -> None:
    found = {(label_type.modality, label_type.name) for label_type in ALL}
    folders = (ROOT / "src" / "annotary" / "modalities").glob("*/*/__init__.py")
    assert found == {(path.parts[-3], path.parts[-2]) for path in folders}
    assert len(found) >= 8
    with pytest.raises(InvalidModality, match="image, text, video"):
        label_types("audio")


@pytest.mark.parametrize("label_type", ALL, ids=lambda one: f"{one.modality}-{one.name}")
def test_the_documented_example_is_canonical_and_agrees_with_itself(label_type: LabelType) -> None:
    definition = read_definition(label_type.example.definition)
    validator = answers.compile_ontology(label_type.modality, definition, content_hash(definition))
    validator.check_item(label_type.example.item)
    raw = msgspec.json.encode({label_type.name: label_type.example.value})
    canonical = validator.validate(raw, label_type.example.item)
    assert canonical.encoded == raw
    merged = answers.merge_answers(validator, [canonical.answer] * 3, label_type.example.item)
    assert (validator.canonical(merged.value).encoded, merged.confidence) == (raw, 1.0)
    value = getattr(canonical.answer, label_type.name)
    context = validator.context(validator.tools[0][1], label_type.example.item)
    assert label_type.agreement(value, value, context) == 1.0


def test_the_page_is_what_the_code_says() -> None:
    page = (ROOT / "docs" / "label-types.md").read_text(encoding="utf-8")
    assert page == render(), "run: python -m annotary.modalities.reference > docs/label-types.md"


@pytest.mark.parametrize(
    ("modality", "definition", "path"),
    [
        ("image", {"tools": {"spans": {}}, "labels": [{"name": "l"}]}, "/definition/tools/spans"),
        ("image", {"tools": {"box": {}}}, "/definition/tools/box"),
        (
            "image",
            {"tools": {"box": {}, "polygon": {}}, "labels": [{"name": "l", "tools": ["box"]}]},
            "polygon",
        ),
        (
            "image",
            {"tools": {"box": {"required": 1}}, "labels": [{"name": "l"}]},
            "/definition/tools/box/required",
        ),
        ("text", {"tools": {"preference": {"strength": 1}}}, "/definition/tools/preference/strength"),
        ("text", {"tools": {"preference": {"strength_max": 0}}}, "/definition/tools/preference/strength_max"),
        ("text", {"tools": {}, "labels": []}, "/definition/tools"),
    ],
)
def test_a_definition_that_a_modality_cannot_use_is_refused(
    modality: str, definition: Any, path: str
) -> None:
    with pytest.raises(InvalidOntology) as raised:
        answers.check_definition(modality, read_definition(definition))
    assert (raised.value.path or "").endswith(path)


def test_a_version_is_compiled_once() -> None:
    definition = read_definition({"tools": {"preference": {}}})
    key = content_hash(definition)
    assert answers.compile_ontology("text", definition, key) is answers.compile_ontology(
        "text", definition, key
    )


def test_checking_answers_loads_no_numpy() -> None:
    program = (
        "import sys\n"
        "from annotary.modalities.answers import compile_ontology\n"
        "from annotary.modalities.registry import label_types, modalities\n"
        "from annotary.ontology.rules import content_hash, read_definition\n"
        "for modality in modalities():\n"
        "    for one in label_types(modality).values():\n"
        "        definition = read_definition(one.example.definition)\n"
        "        compile_ontology(modality, definition, content_hash(definition))\n"
        "print(sorted({'numpy', 'scipy'} & sys.modules.keys()))\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=True
    )
    assert ran.stdout.strip() == "[]"

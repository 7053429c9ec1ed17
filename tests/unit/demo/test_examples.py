"""The examples are true: every ontology is one the platform takes."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from annotary.modalities.answers import check_definition
from annotary.ontology.values import Definition

EXAMPLES = Path(__file__).parents[3] / "examples"
MODALITIES = {
    "sentiment": "text",
    "entities": "text",
    "preference": "text",
    "street": "image",
    "match": "video",
}


def test_every_ontology_has_its_modality_here() -> None:
    assert {path.stem for path in (EXAMPLES / "ontologies").glob("*.json")} == set(MODALITIES)


@pytest.mark.parametrize("name", MODALITIES)
def test_the_platform_takes_the_ontology(name: str) -> None:
    content = (EXAMPLES / "ontologies" / f"{name}.json").read_bytes()
    check_definition(MODALITIES[name], msgspec.json.decode(content, type=Definition))

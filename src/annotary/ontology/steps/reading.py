"""Reads steps from decoded JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from annotary.kernel.limits import ONTOLOGY_STEPS_MAX
from annotary.ontology.errors import InvalidStep
from annotary.ontology.pointers import complaint_of, value_at
from annotary.ontology.steps.values import Step

ROOT = "/steps"


def read_steps(document: Sequence[Any]) -> tuple[Step, ...]:
    """Turn decoded JSON into steps; raises InvalidStep with the path of what does not fit."""
    if len(document) > ONTOLOGY_STEPS_MAX:
        raise InvalidStep(path=ROOT, found=f"{len(document)} steps", expected=f"at most {ONTOLOGY_STEPS_MAX}")
    try:
        return msgspec.convert(document, tuple[Step, ...])
    except msgspec.ValidationError as error:
        complaint = complaint_of(str(error), ROOT)
        found = value_at(document, complaint.path, ROOT)
        raise InvalidStep(path=complaint.path, found=found, expected=complaint.expected) from None

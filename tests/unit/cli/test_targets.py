"""Options for a dynamic overlap: one target or none, and nothing half said."""

from __future__ import annotations

from typing import Any

import pytest
import typer

from annotary.cli.targets import target_of
from annotary.client.values import OverlapTarget


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ((None, None, None, None, 0.0), None),
        ((0.9, None, None, 5, 0.0), OverlapTarget("confidence", 0.9, 5)),
        ((None, 0.0, None, 5, 0.01), OverlapTarget("accuracy", 0.0, 5, 0.01)),
        ((None, None, 900, 5, 0.0), OverlapTarget("budget", 900, 5)),
    ],
)
def test_options_become_the_target_that_they_name(given: Any, wanted: OverlapTarget | None) -> None:
    assert target_of(*given) == wanted


@pytest.mark.parametrize(
    "given",
    [
        (0.9, None, None, None, 0.0),
        (0.9, 0.9, None, 5, 0.0),
        (None, None, None, 5, 0.0),
        (None, None, None, None, 0.1),
    ],
)
def test_half_a_target_and_two_are_refused(given: Any) -> None:
    with pytest.raises(typer.BadParameter, match="--target-overlap-max"):
        target_of(*given)

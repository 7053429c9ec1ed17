"""Options that ask for a dynamic overlap: until when the tasks of a batch are answered again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from annotary.client.values import OverlapTarget

Confidence = Annotated[
    float | None,
    typer.Option("--target-confidence", help="Ask again until each outcome is so sure.", show_default=False),
]
Accuracy = Annotated[
    float | None,
    typer.Option("--target-accuracy", help="Ask again until the batch is on average.", show_default=False),
]
Budget = Annotated[
    int | None,
    typer.Option("--target-budget", help="Spend so many answers, where they add most.", show_default=False),
]
OverlapMax = Annotated[
    int | None,
    typer.Option("--target-overlap-max", help="The most answers a task is asked for.", show_default=False),
]
Price = Annotated[
    float, typer.Option("--target-price", help="The gain in accuracy that one more answer has to bring.")
]
Kind = Literal["confidence", "accuracy", "budget"]


def target_of(
    confidence: float | None,
    accuracy: float | None,
    budget: int | None,
    overlap_max: int | None,
    price: float,
) -> OverlapTarget | None:
    """Return the target that options ask for, None without one; raises BadParameter where they do not fit."""
    from annotary.client.values import OverlapTarget

    named: dict[Kind, float | None] = {"confidence": confidence, "accuracy": accuracy, "budget": budget}
    given = {kind: value for kind, value in named.items() if value is not None}
    if not given and overlap_max is None and not price:
        return None
    if len(given) != 1 or overlap_max is None:
        raise typer.BadParameter(
            "A target is one of --target-confidence, --target-accuracy and --target-budget, with "
            "--target-overlap-max beside it."
        )
    ((kind, value),) = given.items()
    return OverlapTarget(kind, value, overlap_max, price)

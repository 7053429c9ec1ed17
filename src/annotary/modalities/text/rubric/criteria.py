"""The criteria of a rubric, and what scores by them amount to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import msgspec

from annotary.kernel.limits import (
    LABEL_DESCRIPTION_CHARACTERS_MAX,
    LABEL_NAME_CHARACTERS_MAX,
    RUBRIC_CHOICES_MAX,
    RUBRIC_CRITERIA_MAX,
    RUBRIC_WEIGHT_MAX,
)
from annotary.modalities.label_type import Settings
from annotary.modalities.ratings import check_levels

Score = int | str
_Name = Annotated[str, msgspec.Meta(min_length=1, max_length=LABEL_NAME_CHARACTERS_MAX)]
_Description = Annotated[str, msgspec.Meta(max_length=LABEL_DESCRIPTION_CHARACTERS_MAX)]


class Criterion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One question of a rubric: on a scale of whole numbers, or among choices from the worst to the best."""

    name: _Name
    description: _Description | None = None
    weight: Annotated[float, msgspec.Meta(gt=0, le=RUBRIC_WEIGHT_MAX)] = 1.0
    scale: tuple[int, int] | None = None
    choices: Annotated[list[_Name], msgspec.Meta(max_length=RUBRIC_CHOICES_MAX)] = msgspec.field(
        default_factory=list
    )
    required: bool = True

    def __post_init__(self) -> None:
        """Refuse a criterion with neither a scale nor choices, with both, and with one possible score."""
        if (self.scale is None) == (not self.choices):
            raise ValueError("either a scale or choices")
        if self.scale is not None:
            check_levels(*self.scale)
        elif len(self.choices) < 2 or len(set(self.choices)) < len(self.choices):
            raise ValueError("at least two choices, each once")

    def allows(self, score: object) -> bool:
        """Say whether a score is one of this criterion's."""
        if self.scale is None:
            return isinstance(score, str) and score in self.choices
        whole = isinstance(score, int) and not isinstance(score, bool)
        return whole and self.scale[0] <= score <= self.scale[1]  # type: ignore[operator]

    def position(self, score: Score) -> float:
        """Return where a score stands between the worst, 0, and the best, 1."""
        if self.scale is None:
            return self.choices.index(str(score)) / (len(self.choices) - 1)
        low, high = self.scale
        return (int(score) - low) / (high - low)


class RubricSettings(Settings, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`justify` asks for a reason for each score."""

    required: bool = True
    criteria: Annotated[list[Criterion], msgspec.Meta(max_length=RUBRIC_CRITERIA_MAX)] = msgspec.field(
        default_factory=list
    )
    justify: bool = False

    def __post_init__(self) -> None:
        """Refuse criteria of one name."""
        names = [one.name for one in self.criteria]
        if len(set(names)) < len(names):
            raise ValueError("criteria with a name of their own each")


def total(scores: Mapping[str, Score], settings: RubricSettings) -> float:
    """Return the weighted mean of the scores' positions, 0 to 1; 0 where there is none."""
    given = [one for one in settings.criteria if one.name in scores]
    weight = sum(one.weight for one in given)
    return sum(one.weight * one.position(scores[one.name]) for one in given) / weight if given else 0.0

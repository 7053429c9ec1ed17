"""What a project asks of quality: gold, qualification, skill, review. Values and their ranges; pure."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

import msgspec

from annotary.kernel import limits
from annotary.kernel.errors import Invalid

# The methods of quality/aggregators, which is above this.
AGGREGATORS = ("auto", "majority", "dawid-skene", "one-coin", "hierarchical")


class GoldSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Gold tasks are mixed in: the `first` of every annotator's, then one with chance `rate` an answer.

    One that `exposures_max` answers were given to is retired.
    """

    first: int = 0
    rate: float = 0.0
    exposures_max: int = 200


class QualificationSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A newcomer answers this many qualification tasks and is let in at the pass mark (0 to 1)."""

    tasks: int
    pass_at: float


class SkillSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Whose skill falls below `pause_below`, known from `answers_min` judged answers, is paused.

    Their answers of the last `requeue_days` are then asked for again from others.
    """

    pause_below: float | None = None
    answers_min: int = 20
    requeue_days: float = 7.0


class ReviewSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Which outcomes people look at before they count, how many in turn, and who does rejected work again.

    `shows` is what reviewers see beside the outcome: nothing, each answer and how sure the consensus was, or
    also who gave which.
    """

    policy: Literal["none", "sample", "all"] = "none"
    share: float = 0.1
    levels: int = 1
    rework_by: Literal["same", "another"] = "same"
    shows: Literal["outcome", "answers", "names"] = "answers"


class QualitySettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """All that a project asks of quality; the defaults ask for nothing but consensus."""

    aggregator: str = "auto"
    gold: GoldSettings = GoldSettings()
    qualification: QualificationSettings | None = None
    training: bool = False
    skill: SkillSettings = SkillSettings()
    review: ReviewSettings = ReviewSettings()
    consistency: bool = False


class QualityColumns(NamedTuple):
    """Quality settings as the projects table has them."""

    quality: str
    gold_first: int
    entry: str


DECODER = msgspec.json.Decoder(QualitySettings)


def read_quality(stored: str | bytes) -> QualitySettings:
    """Return quality settings from their stored JSON."""
    return DECODER.decode(stored)


def quality_columns(settings: QualitySettings) -> QualityColumns:
    """Return what is stored of the settings, after a look at every range; raises Invalid with the path."""
    _check_ranges(settings)
    entry = "active" if settings.qualification is None else "qualifying"
    return QualityColumns(msgspec.json.encode(settings).decode(), settings.gold.first, entry)


def _check_ranges(settings: QualitySettings) -> None:
    gold, skill, review = settings.gold, settings.skill, settings.review
    if settings.aggregator not in AGGREGATORS:
        expected = f"one of {', '.join(AGGREGATORS)}"
        raise Invalid(path="/quality/aggregator", found=settings.aggregator, expected=expected)
    _check("/quality/gold/first", gold.first, 0, limits.GOLD_FIRST_MAX)
    _check("/quality/gold/rate", gold.rate, 0, limits.GOLD_RATE_MAX)
    _check("/quality/gold/exposures_max", gold.exposures_max, 1, limits.GOLD_EXPOSURES_MAX)
    if settings.qualification is not None:
        _check("/quality/qualification/tasks", settings.qualification.tasks, 1, limits.GOLD_FIRST_MAX)
        _check("/quality/qualification/pass_at", settings.qualification.pass_at, 0, 1)
    if skill.pause_below is not None:
        _check("/quality/skill/pause_below", skill.pause_below, 0, 1)
    _check("/quality/skill/answers_min", skill.answers_min, 1, limits.SKILL_ANSWERS_MAX)
    _check("/quality/skill/requeue_days", skill.requeue_days, 0, limits.REQUEUE_DAYS_MAX)
    _check("/quality/review/share", review.share, 0, 1)
    _check("/quality/review/levels", review.levels, 1, limits.REVIEW_LEVELS_MAX)


def _check(path: str, found: Any, least: float, most: float) -> None:
    if not least <= found <= most:
        raise Invalid(path=path, found=found, expected=f"a number from {least} to {most}")

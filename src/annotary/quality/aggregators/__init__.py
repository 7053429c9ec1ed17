"""Aggregators: several people's classes for a task become one class, a confidence and each one's skill.

`aggregate(answers, method)` is the one door; `auto` weighs the others by evidence. One algorithm a file.
"""

from annotary.quality.aggregators.methods import METHODS, aggregate
from annotary.quality.aggregators.values import Aggregation, Answers

__all__ = ["METHODS", "Aggregation", "Answers", "aggregate"]

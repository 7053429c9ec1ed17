"""Answers as classes, and what the live model says of a task."""

from __future__ import annotations

from typing import Any, NamedTuple
from uuid import UUID


class ClassAnswer(NamedTuple):
    """Who gave which class; the class is a key of `classes.py`, or empty for an abstention."""

    member_id: UUID
    key: str


class TaskAnswers(NamedTuple):
    """The counted answers to a task, and its known class where it carries gold."""

    given: list[ClassAnswer]
    gold: str | None = None


class Judgement(NamedTuple):
    """The class of a task, how sure it is (0 to 1), the (classes) posterior, its number of answers."""

    key: str
    confidence: float
    posterior: Any
    answers: int

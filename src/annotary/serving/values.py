"""Predictions: what models say about tasks, and how that looks outside."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec


class NewPrediction(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A prediction for a task, named by its id (`task`) or by its business key (`project` and `unique_id`).

    `score` is the model's confidence, 0 to 1; without one it is suggested last.
    """

    model: str
    version: str
    answer: msgspec.Raw
    score: float | None = None
    task: str | None = None
    project: str | None = None
    unique_id: str | None = None


class NewPredictions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Predictions that are stored together, or not at all."""

    predictions: list[NewPrediction]


class PredictionsStored(msgspec.Struct, frozen=True):
    """How many were new and how many were there already; the ids of all, in the order sent."""

    stored: int
    unchanged: int
    predictions: list[str]


class PredictionView(msgspec.Struct, frozen=True):
    """A model's stored answer to a task."""

    id: str
    task: str
    model: str
    version: str
    score: float | None
    answer: msgspec.Raw
    created_at: datetime


class TaskNamed(NamedTuple):
    """How the request names a task: by id, or by project and unique_id."""

    task_id: UUID | None
    project_id: UUID | None
    unique_id: str | None


class Place(msgspec.Struct, frozen=True):
    """The task a prediction is for, its item (JSON), and the ontology version its project has now."""

    position: int
    task_id: UUID
    project_id: UUID
    organisation_id: UUID
    ontology_version_id: UUID
    payload: str


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """A prediction that may be stored: `answer` is canonical JSON."""

    id: UUID
    place: Place
    model: str
    version: str
    score: float | None
    answer: bytes
    content_hash: bytes

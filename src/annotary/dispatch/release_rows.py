"""New tasks as rows of binary COPY: what is claimed, what never changes about it, what is suggested."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from annotary.infra import binary_copy
from annotary.infra.postgres import Row
from annotary.kernel.ids import format_id, new_id

TASK_COLUMNS = ("id", "project_id", "batch_id", "organisation_id", "state", "overlap", "order_key")
ITEM_COLUMNS = ("task_id", "project_id", "item_id", "unique_id", "payload", "suggestions", "created_at")
PREDICTION_COLUMNS = (
    *("id", "task_id", "project_id", "organisation_id", "ontology_version_id"),
    *("model", "model_version", "score", "answer", "content_hash"),
)
_encode = msgspec.json.Encoder(order="deterministic").encode


class Suggested(NamedTuple):
    """A checked prediction that comes with a new task: canonical answer and its 32-byte hash."""

    model: str
    version: str
    score: float | None
    answer: bytes
    content_hash: bytes


class NewTask(msgspec.Struct, frozen=True, gc=False):
    """A task on its way in: the 16 bytes of its id and of its item's, and what annotators see."""

    id: bytes
    item_id: bytes
    unique_id: str
    payload: bytes
    suggested: tuple[Suggested, ...] = ()


def encode_tasks(batch: Row | Mapping[str, Any], tasks: Sequence[NewTask]) -> bytes:
    """Return the narrow rows of tasks as binary COPY rows: all but the id is the same in each, and in a batch
    that is shuffled the place.
    """
    if not tasks:
        return b""
    start = binary_copy.row_start(len(TASK_COLUMNS)) + binary_copy.UUID_LENGTH
    end = b"".join(binary_copy.uuid_field(batch[name]) for name in ("project_id", "id", "organisation_id"))
    end += binary_copy.bytes_field(batch["state"].encode()) + binary_copy.smallint_field(batch["overlap"])
    key = binary_copy.time_field(batch["order_key"])
    if batch["shuffle_seed"] is None:
        return start + (end + key + start).join([task.id for task in tasks]) + end + key
    seed, first, end = batch["shuffle_seed"], int.from_bytes(key[4:]), end + key[:4]
    places = ((first + place_in_batch(seed, task.id)).to_bytes(8) for task in tasks)
    return b"".join(
        part for task, place in zip(tasks, places, strict=True) for part in (start, task.id, end, place)
    )


def place_in_batch(seed: bytes, task_id: bytes) -> int:
    """Return how many microseconds after its batch a task of a shuffled one stands, 0 to 2**24 - 1.

    The same as the function of this name in the database, which moves tasks when their batch is changed.
    """
    return int.from_bytes(sha256(seed + task_id).digest()[:3])


def encode_task_items(
    project_id: UUID, tasks: Sequence[NewTask], suggestions: Mapping[bytes, bytes], now: datetime
) -> bytes:
    """Return what never changes about tasks as binary COPY rows. `suggestions` is JSON by task id."""
    length, uuid_length = binary_copy.length, binary_copy.UUID_LENGTH
    start = binary_copy.row_start(len(ITEM_COLUMNS)) + uuid_length
    middle = binary_copy.uuid_field(project_id) + uuid_length
    plain_end = binary_copy.NULL + binary_copy.time_field(now)
    parts: list[bytes] = []
    for task in tasks:
        key, payload, end = task.unique_id.encode(), task.payload, plain_end
        if task.suggested:
            end = binary_copy.bytes_field(suggestions[task.id]) + plain_end[4:]
        parts += (
            start,
            task.id,
            middle,
            task.item_id,
            length(len(key)),
            key,
            length(len(payload)),
            payload,
            end,
        )
    return b"".join(parts)


def add_predictions(batch: Row, task: NewTask, rows: list[bytes]) -> bytes:
    """Append a task's predictions as binary COPY rows, and return what its annotators are shown, as JSON."""
    shown = []
    place = binary_copy.UUID_LENGTH + task.id
    place += binary_copy.uuid_field(batch["project_id"]) + binary_copy.uuid_field(batch["organisation_id"])
    pinned = batch["ontology_version_id"]
    place += binary_copy.NULL if pinned is None else binary_copy.uuid_field(pinned)
    for one in task.suggested:
        prediction_id = new_id()
        texts = (one.model.encode(), one.version.encode())
        rows.append(
            binary_copy.row_start(len(PREDICTION_COLUMNS))
            + binary_copy.uuid_field(prediction_id)
            + place
            + b"".join(map(binary_copy.bytes_field, texts))
            + binary_copy.real_field(one.score)
            + binary_copy.bytes_field(one.answer)
            + binary_copy.bytes_field(one.content_hash)
        )
        shown.append(
            {
                "id": format_id("prediction", prediction_id),
                "model": one.model,
                "version": one.version,
                "score": one.score,
                "answer": msgspec.Raw(one.answer),
            }
        )
    return _encode(shown)

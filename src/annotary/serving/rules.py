"""What may be stored as a prediction. Pure."""

from __future__ import annotations

from uuid import UUID

from annotary.kernel.errors import Invalid
from annotary.kernel.ids import parse_id
from annotary.kernel.limits import MODEL_NAME_CHARACTERS_MAX, PREDICTIONS_PER_REQUEST_MAX
from annotary.kernel.names import check_name
from annotary.modalities.errors import InvalidAnswer
from annotary.serving.values import NewPrediction, TaskNamed


def check_count(count: int) -> None:
    """Raise Invalid where a request holds no prediction, or too many."""
    if not 1 <= count <= PREDICTIONS_PER_REQUEST_MAX:
        expected = f"1 to {PREDICTIONS_PER_REQUEST_MAX} predictions"
        raise Invalid(path="/predictions", found=count, expected=expected)


def check_model(new: NewPrediction, path: str) -> tuple[str, str, float | None]:
    """Return the model's name, its version and the score; raises Invalid."""
    if new.score is not None and not 0 <= new.score <= 1:
        raise Invalid(path=f"{path}/score", found=new.score, expected="a number from 0 to 1")
    model = check_name(new.model, f"{path}/model", MODEL_NAME_CHARACTERS_MAX)
    return model, check_name(new.version, f"{path}/version", MODEL_NAME_CHARACTERS_MAX), new.score


def check_named(new: NewPrediction, path: str) -> TaskNamed:
    """Return how the task is named: by its id, or by project and unique_id; raises Invalid."""
    by_key = new.project is not None and new.unique_id is not None
    if (new.task is not None) == by_key or (new.task is not None and (new.project or new.unique_id)):
        raise Invalid(path=path, found=new.task, expected="either `task`, or `project` and `unique_id`")
    if new.task is not None:
        return TaskNamed(parse_id("task", new.task), None, None)
    assert new.project is not None
    return TaskNamed(None, parse_id("project", new.project), new.unique_id)


def at(error: InvalidAnswer, path: str) -> InvalidAnswer:
    """Return what is wrong with an answer, with the path it has in the request."""
    moved = path + (error.path or "")
    detail = error.detail.replace(f"{error.path}: ", f"{moved}: ", 1) if error.path else error.detail
    return InvalidAnswer(detail, path=moved)


def each_once(task_ids: list[UUID]) -> list[UUID]:
    """Return each task once, in the order in which tasks are locked."""
    return sorted(set(task_ids))

"""Projects with outcomes under review: several people's answers to the same items, and who looks at them."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Mapping, Sequence
from typing import Any

from bench.connection import Connection
from bench.workspace import Json, Person, Workspace

SECONDS_MAX = 60.0
CLAIM_COUNT = 20
_keys = itertools.count()


def make(
    place: Workspace,
    modality: str,
    definition: Mapping[str, Any],
    items: Sequence[Mapping[str, Any]],
    answers: Mapping[str, Sequence[Json]],
    **settings: Any,
) -> str:
    """Make a project whose items have these answers, one of each annotator, and wait for the reviews.

    `answers` are by `unique_id`, as many for each item; `settings` are the project's, `review` those of its
    review.
    """
    review = {"policy": "all", **settings.pop("review", {})}
    people = len(next(iter(answers.values())))
    told = {"overlap": people, "quality": {"review": review}, **settings}
    project = place.make_project(modality, definition, items, **told)
    for number in range(people):
        given = {name: each[number] for name, each in answers.items()}
        answer(place, place.annotator(project), project, given)
    await_reviews(place, project, len(answers))
    return project


def answer(place: Workspace, person: Person, project: str, answers: Mapping[str, Json]) -> None:
    """Let one person answer items of a project, by `unique_id`."""
    root, left = f"/v1/{place.modalities[project]}", dict(answers)
    while left:
        count = {"project": project, "count": min(len(left), CLAIM_COUNT), "wait_ms": 10_000}
        for lease in call(place, person, f"{root}/claims", count)["assignments"]:
            said = left.pop(lease["task"]["unique_id"])
            body = {"fence": lease["fence"], "answer": said, "seconds": 3.0}
            call(place, person, f"{root}/assignments/{lease['id']}/submission", body)


def call(place: Workspace, person: Person, path: str, body: Json) -> Any:
    """Write something as a person, under a key of its own; raises unless it is a 2xx."""
    connection = Connection(place.stand.address, person.token, SECONDS_MAX)
    try:
        key = f"reviewed-{next(_keys)}".encode()
        reply = connection.call(b"POST", path.encode(), json.dumps(body).encode(), key)
    finally:
        connection.close()
    if not 200 <= reply.status < 300:
        raise RuntimeError(f"POST {path}: {reply.status} {reply.body[:500]!r}")
    return json.loads(reply.body) if reply.body else None


def await_reviews(place: Workspace, project: str, count: int) -> None:
    """Wait until so many reviews of a project were opened."""
    path = f"/v1/{place.modalities[project]}/reviews?project={project}&limit=1000"
    deadline = time.monotonic() + SECONDS_MAX
    while len(found := place.call("GET", path)["items"]) < count:
        if time.monotonic() > deadline:
            raise TimeoutError(f"{len(found)} reviews of {project}, expected {count}")
        time.sleep(0.05)


def reviewer(place: Workspace, *projects: str) -> Person:
    """Hire somebody who reviews projects."""
    person = place.annotator()
    for project in projects:
        place.call("PUT", f"/v1/projects/{project}/members/{person.id}", {"role": "reviewer"})
    return person

"""Rows with a known answer: their tasks are gold from the first moment, and bad ones say why."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from annotary.kernel.ids import new_id

from .conftest import CLASSES, Site, rows

MakeSite = Callable[..., Awaitable[Site]]


def known(label: str, **more: Any) -> dict[str, Any]:
    return {"answer": {"classification": [{"label": label}]}, **more}


async def test_rows_with_known_answers_become_gold(make_site: MakeSite) -> None:
    site = await make_site("text", CLASSES)
    await site.database.execute(
        "INSERT INTO projects (id, organisation_id, name, modality, ontology_id, ontology_version_id)"
        " VALUES ($1, $2, 'p', 'text', $3, $3)",
        *(site.project, site.organisation, new_id()),
    )
    said = [
        {"unique_id": "plain", "text": "a"},
        {"unique_id": "gold", "text": "b", "gold": known("good")},
        {"unique_id": "gate", "text": "c", "gold": known("bad", qualification=True)},
        {"unique_id": "wrong", "text": "d", "gold": known("ugly")},
        {"unique_id": "odd", "text": "e", "gold": {"qualification": True}},
    ]
    result = await site.imported(rows(*said))
    assert (result["tasks"], result["refused"]) == (3, 2)
    tasks = {task["unique_id"]: task for task in await site.tasks()}
    assert {name: (task["state"], task["reserved_for"].int) for name, task in tasks.items()} == {
        "plain": ("open", 0),
        "gold": ("gold", 1),
        "gate": ("gold", 2),
    }
    gold = await site.database.fetch("SELECT * FROM gold_tasks ORDER BY qualification")
    assert [(row["source"], row["qualification"], row["answer"]) for row in gold] == [
        ("import", False, '{"classification":[{"label":"good"}]}'),
        ("import", True, '{"classification":[{"label":"bad"}]}'),
    ]
    refused = await site.platform.fetch("SELECT line, path FROM import_refusals ORDER BY line")
    assert [tuple(row) for row in refused] == [
        (4, "/gold/answer/classification/0/label"),
        (5, "/gold/answer"),
    ]
    again = await site.imported(rows({"unique_id": "plain", "text": "a", "gold": known("good")}))
    assert again["refused"] == 1, "the task was there before: this import does not change it"
    assert len(await site.database.fetch("SELECT * FROM gold_tasks")) == 2

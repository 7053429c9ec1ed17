"""COCO in, labelled, COCO out: the same boxes and polygons, with areas and boxes that are right."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import pytest

from annotary.formats import coco_import
from annotary.formats.coco_export import area_of

LABELS = ["car", "person", "tree"]
DEFINITION = {
    "tools": {"box": {}, "polygon": {}, "classification": {"required": False}},
    "labels": [
        {"name": "car", "attributes": [{"name": "parked", "kind": "boolean"}]},
        {"name": "person", "parent": "tree"},
        {"name": "tree"},
    ],
}
Make = Callable[[str], Awaitable[Any]]


def document(chance: random.Random, images: int) -> dict[str, Any]:
    """A COCO file of boxes and triangles, with ids of its own making."""
    found: dict[str, Any] = {
        "images": [],
        "annotations": [],
        "categories": [{"id": 70 + number, "name": name} for number, name in enumerate(LABELS)],
    }
    for image in range(images):
        found["images"].append(
            {"id": 900 + image, "file_name": f"photo {image}.jpg", "width": 640, "height": 480}
        )
        for _ in range(chance.randrange(6)):
            x, y = chance.uniform(0, 500), chance.uniform(0, 300)
            width, height = chance.uniform(1, 140), chance.uniform(1, 180)
            outline = [[x, y, x + width, y, x, y + height]] if chance.random() < 0.5 else []
            found["annotations"].append(
                {
                    "id": len(found["annotations"]),
                    "image_id": 900 + image,
                    "category_id": 70 + chance.randrange(3),
                    "bbox": [x, y, width, height],
                    "area": width * height / (2 if outline else 1),
                    "segmentation": outline,
                }
            )
    return found


def meaning(coco: dict[str, Any]) -> list[tuple[Any, ...]]:
    """What a COCO file says, whatever its ids are; floats rounded."""
    files = {image["id"]: image["file_name"] for image in coco["images"]}
    names = {category["id"]: category["name"] for category in coco["categories"]}

    def rounded(values: list[float]) -> tuple[float, ...]:
        return tuple(round(value, 6) for value in values)

    return sorted(
        (
            files[one["image_id"]],
            names[one["category_id"]],
            rounded(one["bbox"]),
            rounded([one["area"]]),
            tuple(rounded(part) for part in one["segmentation"]),
        )
        for one in coco["annotations"]
    )


async def test_round_trip(make_exports: Make) -> None:
    exports = await make_exports("image")
    source = document(random.Random(7), 40)
    decoded = msgspec.convert(source, coco_import._Document)
    files = {image["file_name"]: "ab" * 32 for image in source["images"]}
    rows = list(coco_import.rows_of(decoded, files, ["box", "polygon"]))
    project = await exports.seed.project(DEFINITION)
    payload = {"asset": "ab" * 32, "width": 640, "height": 480, "media_type": "image/jpeg"}
    tasks = await exports.seed.tasks(project, [payload] * len(rows))
    for task, row in zip(tasks, rows, strict=True):
        await exports.seed.database.execute(
            "UPDATE task_items SET unique_id = $2 WHERE task_id = $1", task, row["unique_id"]
        )
        (suggested,) = row.get("predictions", [{"answer": {"not_applicable": True}}])
        await exports.seed.answer(task, suggested["answer"])
    await exports.seed.done(*tasks)
    await exports.settle()
    job, body = await exports.run(project, format="coco")
    exported = msgspec.json.decode(body)
    assert meaning(exported) == meaning(source) and len(exported["annotations"]) > 50
    assert len(exported["images"]) == job["result"]["tasks"] == len(source["images"])
    assert [one["id"] for one in exported["annotations"]] == list(range(1, len(exported["annotations"]) + 1))
    assert exported["categories"] == [
        {"id": 1, "name": "car", "supercategory": ""},
        {"id": 2, "name": "person", "supercategory": "tree"},
        {"id": 3, "name": "tree", "supercategory": ""},
    ]


async def test_attributes_flags_and_classes_of_images_are_kept(make_exports: Make) -> None:
    exports = await make_exports("image")
    project = await exports.seed.project(DEFINITION)
    payload = {"asset": "ab" * 32, "width": 640, "height": 480, "media_type": "image/jpeg"}
    tasks = await exports.seed.tasks(project, [payload] * 2)
    box = {"label": "car", "attributes": {"parked": True}, "x": 1, "y": 2, "width": 3, "height": 4}
    await exports.seed.answer(tasks[0], {"box": [box], "classification": [{"label": "tree"}]})
    await exports.seed.answer(tasks[1], {"cannot_assess": True})
    await exports.seed.done(*tasks)
    await exports.settle()
    exported = msgspec.json.decode((await exports.run(project, format="coco")).body)
    (annotation,) = exported["annotations"]
    assert annotation["attributes"] == {"parked": True} and annotation["bbox"] == [1, 2, 3, 4]
    first, second = exported["images"]
    assert first["classification"] == [{"label": "tree"}] and second["cannot_assess"] is True


async def test_an_empty_project_is_a_valid_document(make_exports: Make) -> None:
    exports = await make_exports("image")
    exported = msgspec.json.decode(
        (await exports.run(await exports.seed.project(DEFINITION), format="coco")).body
    )
    assert exported["images"] == exported["annotations"] == [] and len(exported["categories"]) == 3


@pytest.mark.parametrize("far", [0.0, 1e6])
def test_area_of_a_concave_polygon_anywhere(far: float) -> None:
    corner = [[0, 0], [10, 0], [10, 4], [4, 4], [4, 10], [0, 10]]
    moved = [[x + far, y + far] for x, y in corner]
    assert area_of(moved) == area_of(moved[::-1]) == pytest.approx(64)

"""Run-length masks go in and out of COCO as they are."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
import pytest

from annotary.formats.coco_export import Categories, annotation_entries, image_entry
from annotary.formats.coco_import import _Document, rows_of
from annotary.modalities.answers import AnswerValidator
from annotary.ontology.values import Definition

DEFINITION = msgspec.convert({"tools": {"mask": {}}, "labels": [{"name": "scratch"}]}, Definition)
ITEM = {"asset": "00", "width": 640, "height": 480}
LENGTHS = [48_200, 4, 476, 4, 476, 4, 258_036]
SEGMENTATION = {"size": [480, 640], "counts": "XR_14l>000h`k7"}


def row(segmentation: Any, *tools: str) -> dict[str, Any]:
    """The row of a document with one annotation."""
    document = {
        "images": [{"id": 1, "file_name": "x.png", "width": 640, "height": 480}],
        "categories": [{"id": 3, "name": "scratch"}],
        "annotations": [
            {"image_id": 1, "category_id": 3, "bbox": [100, 200, 3, 4], "segmentation": segmentation}
        ],
    }
    (found,) = rows_of(msgspec.convert(document, _Document), {}, tools)
    return found


@pytest.mark.parametrize("segmentation", [SEGMENTATION, {**SEGMENTATION, "counts": LENGTHS}])
def test_a_mask_survives_a_round_trip(segmentation: Any) -> None:
    answer = row(segmentation, "mask", "box")["predictions"][0]["answer"]
    canonical = AnswerValidator("image", DEFINITION).validate(msgspec.json.encode(answer), ITEM)
    stored = msgspec.json.decode(canonical.encoded)
    (entry,) = annotation_entries(1, 1, stored, Categories(DEFINITION))
    assert (entry["segmentation"], entry["bbox"], entry["area"]) == (SEGMENTATION, [100, 200, 3, 4], 12)
    assert "mask" not in image_entry(1, UUID(int=7), "x.png", ITEM, stored)


def test_a_project_without_masks_gets_the_box_or_a_note() -> None:
    assert list(row(SEGMENTATION, "box")["predictions"][0]["answer"]) == ["box"]
    assert "predictions" not in row(SEGMENTATION, "polygon")
    assert row(SEGMENTATION, "polygon")["metadata"]["left_out"]

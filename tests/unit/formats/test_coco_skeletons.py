"""Keypoints and rotated boxes leave as COCO has them: pycocotools finds them equal to themselves."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from annotary.formats.coco_export import Categories, annotation_entries
from annotary.ontology.values import Definition

DEFINITION = msgspec.convert(
    {
        "tools": {
            "rotated_box": {},
            "keypoints": {
                "skeletons": {
                    "hand": {
                        "points": ["wrist", "thumb", "index"],
                        "edges": [["wrist", "thumb"], ["wrist", "index"]],
                    }
                }
            },
        },
        "labels": [{"name": "ship"}, {"name": "hand"}],
    },
    Definition,
)
ANSWER = {
    "rotated_box": [{"label": "ship", "x": 200.0, "y": 150.0, "width": 80.0, "height": 30.0, "angle": 30.0}],
    "keypoints": [
        {"label": "hand", "points": {"wrist": [100.0, 90.0, 2], "index": [140.0, 50.0, 1]}},
        {
            "label": "hand",
            "points": {"thumb": [300.0, 200.0, 2], "wrist": [250.0, 260.0, 2], "sixth": [9, 9, 2]},
        },
    ],
}


def exported() -> dict[str, Any]:
    categories = Categories(DEFINITION)
    return {
        "info": {},
        "images": [{"id": 1, "file_name": "x.png", "width": 400, "height": 300}],
        "annotations": list(annotation_entries(1, 1, ANSWER, categories)),
        "categories": categories.entries(),
    }


def test_points_stand_in_the_order_of_their_skeleton() -> None:
    ship, hand = exported()["categories"]
    assert "keypoints" not in ship
    assert (hand["keypoints"], hand["skeleton"]) == (["wrist", "thumb", "index"], [[1, 2], [1, 3]])
    _, first, second = exported()["annotations"]
    assert first["keypoints"] == [100.0, 90.0, 2, 0, 0, 0, 140.0, 50.0, 1]
    assert (first["num_keypoints"], first["bbox"], first["area"]) == (2, [100.0, 50.0, 40.0, 40.0], 1600.0)
    assert (second["num_keypoints"], second["points"]) == (2, {"sixth": [9, 9, 2]})


def test_pycocotools_agrees(tmp_path: Path) -> None:
    read, evaluate = pytest.importorskip("pycocotools.coco"), pytest.importorskip("pycocotools.cocoeval")
    file = tmp_path / "coco.json"
    file.write_text(json.dumps(exported()))
    with contextlib.redirect_stdout(io.StringIO()):
        truth = read.COCO(str(file))
        ship = truth.anns[1]
        assert ship["rotated_box"]["angle"] == 30.0
        assert truth.annToMask(ship).sum() == pytest.approx(ship["area"], rel=0.05)
        hands = [dict(one, score=1.0) for one in exported()["annotations"][1:]]
        for kind in ("keypoints", "bbox"):
            evaluation = evaluate.COCOeval(truth, truth.loadRes(hands), kind)
            if kind == "keypoints":
                evaluation.params.kpt_oks_sigmas = evaluation.params.kpt_oks_sigmas[:3]
            evaluation.params.catIds = [2]
            evaluation.evaluate()
            evaluation.accumulate()
            evaluation.summarize()
            assert evaluation.stats[0] == pytest.approx(1.0)

"""Samples of images and clips with published truth, from the folder `ANNOTARY_SAMPLE_DATA`."""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from annotary.demo.bundled import coloured
from annotary.demo.people import simulated
from annotary.demo.values import OF_SHAPES, Sample, SampleItem
from annotary.modalities.answers import AnswerValidator
from annotary.modalities.errors import InvalidAnswer
from annotary.ontology.values import Definition

Mark = dict[str, Any]
# File, size in pixels, and what the published boxes are multiplied by: those of PETS are for a larger size.
FOLLOWED = (("PETS09-S2L1", 480, 360, 0.625), ("TUD-Campus", 640, 480, 1.0))
KEYFRAMES_APART = 3
CORNERS_APART_PIXELS = (1.0, 2.0, 4.0, 8.0)


def cells(folder: Path) -> Sample:
    """Return micrographs of blood with boxes around the cells (BCCD)."""
    return _pictures(
        folder / "images" / "bccd",
        "box",
        "Blood cells",
        "Draw a box around every cell: red, white, platelets.",
    )


def outlines(folder: Path) -> Sample:
    """Return photographs of everyday life with polygons (COCO 2017)."""
    return _pictures(
        folder / "images" / "coco_polygons",
        "polygon",
        "Outlines in photographs",
        "Outline every thing you can name.",
    )


def pedestrians(folder: Path) -> Sample:
    """Return two clips of people walking, with a track for each (MOTChallenge 2015)."""
    truth = {
        f"{name}.mp4": {"tracks": read_tracks(folder / "video" / f"{name}.gt.txt", scale, (width, height))}
        for name, width, height, scale in FOLLOWED
    }
    return Sample(
        name="Pedestrians",
        modality="video",
        definition={"tools": {"tracks": {}}, "labels": coloured(["person"])},
        instructions="Follow everybody who walks through the picture, from first to last sight.",
        items=[SampleItem(name, file=folder / "video" / name) for name in truth],
        truth=truth,
        truth_from="MOTChallenge 2015",
        overlap=5,
        asking=OF_SHAPES,
        shifts=simulated(truth, ["person"], stride=KEYFRAMES_APART),
    )


def _pictures(folder: Path, tool: str, name: str, instructions: str) -> Sample:
    document = msgspec.json.decode((folder / "annotations.coco.json").read_bytes())
    names = {one["id"]: one["name"] for one in document["categories"]}
    marks_of: dict[int, list[Mark]] = defaultdict(list)
    for one in document["annotations"]:
        marks_of[one["image_id"]] += _marks(one, names[one["category_id"]], tool)
    labels = sorted({mark["label"] for marks in marks_of.values() for mark in marks})
    definition = {"tools": {tool: {}}, "labels": coloured(labels)}
    validator = AnswerValidator("image", msgspec.convert(definition, Definition))
    truth = {
        one["file_name"]: {tool: valid_marks(validator, tool, marks_of[one["id"]], one)}
        for one in document["images"]
    }
    return Sample(
        name=name,
        modality="image",
        definition=definition,
        instructions=instructions,
        items=[SampleItem(one, file=folder / "images" / one) for one in truth],
        truth=truth,
        truth_from=f"published with {document['info']['source']}",
        overlap=5,
        asking=OF_SHAPES,
        shifts=simulated(truth, labels),
    )


def _marks(annotation: Mapping[str, Any], label: str, tool: str) -> list[Mark]:
    if tool == "box":
        x, y, width, height = annotation["bbox"]
        return [{"label": label, "x": x, "y": y, "width": width, "height": height}]
    return [
        {"label": label, "points": [list(point) for point in zip(flat[::2], flat[1::2], strict=True)]}
        for flat in annotation["segmentation"]
    ]


def valid_marks(
    validator: AnswerValidator, tool: str, marks: Sequence[Mark], image: Mapping[str, Any]
) -> list[Mark]:
    """Return the marks that the platform takes; outlines that touch themselves lose corners for it."""
    item = {"asset": "", "width": image["width"], "height": image["height"]}

    def fits(mark: Mark) -> bool:
        try:
            validator.validate(msgspec.json.encode({tool: [mark]}), item)
        except InvalidAnswer:
            return False
        return True

    tried = ((mark, *_simpler(mark)) if tool == "polygon" else (mark,) for mark in marks)
    found = (next(filter(fits, candidates), None) for candidates in tried)
    return [mark for mark in found if mark is not None]


def _simpler(mark: Mark) -> Iterator[Mark]:
    """Yield an outline with fewer and fewer corners: those at least so many pixels from the one before."""
    for apart in CORNERS_APART_PIXELS:
        kept = [mark["points"][0]]
        for point in mark["points"][1:]:
            if math.dist(point, kept[-1]) >= apart and point not in kept:
                kept.append(point)
        if len(kept) >= 3:
            yield {**mark, "points": kept}


def read_tracks(file: Path, scale: float, size: tuple[int, int]) -> list[Mark]:
    """Return the tracks of a MOT text file, a keyframe for every box, hidden where there is none."""
    boxes: dict[str, dict[int, Mark]] = defaultdict(dict)
    with file.open(newline="", encoding="utf-8") as lines:
        for number, name, *sides, _, _, _, _ in csv.reader(lines):
            x, y, width, height = (float(side) * scale for side in sides)
            left, top = max(0.0, x), max(0.0, y)
            right, bottom = min(float(size[0]), x + width), min(float(size[1]), y + height)
            if right > left and bottom > top:
                box = {"x": left, "y": top, "width": right - left, "height": bottom - top}
                boxes[name][int(number) - 1] = box
    return [
        {"id": name, "label": "person", "keyframes": _keyframes(found)}
        for name, found in sorted(boxes.items(), key=lambda pair: int(pair[0]))
    ]


def _keyframes(boxes: Mapping[int, Mark]) -> list[Mark]:
    keyframes: list[Mark] = []
    for frame, box in sorted(boxes.items()):
        if keyframes and frame > keyframes[-1]["frame"] + 1:
            last = keyframes[-1]
            keyframes.append({**last, "frame": last["frame"] + 1, "visible": False})
        keyframes.append({"frame": frame, **box})
    return keyframes

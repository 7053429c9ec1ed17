"""Outcomes of images as COCO JSON: shapes and keypoints as annotations, all else with the image.

One pass: images are written as they come, annotations wait in an unlinked temporary file, so that memory
stays flat and a kill leaves nothing behind. Category ids are the labels' places in the ontology, from 1.
"""

from __future__ import annotations

import asyncio
import itertools
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import aclosing
from types import SimpleNamespace
from typing import IO, Any
from uuid import UUID

import msgspec

from annotary.formats.export_output import Output
from annotary.formats.export_source import Source
from annotary.kernel.errors import Invalid
from annotary.kernel.ids import format_id
from annotary.kernel.limits import EXPORT_PIECE_BYTES, MASK_RUNS_PER_ANSWER_MAX
from annotary.modalities.image.mask.run_length import decode_counts
from annotary.ontology.values import Definition

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(dict[str, Any]).decode
Mark = Mapping[str, Any]
Shape = tuple[list[float], float, list[list[float]] | dict[str, Any]]


class Categories:
    """Category ids by label: the ontology's labels in their order, then what only older versions had."""

    def __init__(self, definition: Definition) -> None:
        self._parents = {label.name: label.parent for label in definition.labels}
        self.skeletons: Mapping[str, Mapping[str, Any]] = definition.tools.get("keypoints", {}).get(
            "skeletons", {}
        )
        self._ids = {label.name: number for number, label in enumerate(definition.labels, 1)}

    def id_of(self, label: str) -> int:
        """Return a label's category id."""
        return self._ids.setdefault(label, len(self._ids) + 1)

    def entries(self) -> list[dict[str, Any]]:
        """Return the categories as COCO lists them."""
        return [
            {
                "id": number,
                "name": name,
                "supercategory": self._parents.get(name) or "",
                **self._points_of(name),
            }
            for name, number in self._ids.items()
        ]

    def _points_of(self, label: str) -> dict[str, Any]:
        skeleton = self.skeletons.get(label)
        if skeleton is None:
            return {}
        places = {name: place for place, name in enumerate(skeleton["points"], 1)}
        edges = [[places[one], places[other]] for one, other in skeleton.get("edges", ())]
        return {"keypoints": skeleton["points"], "skeleton": edges}


async def write_coco(source: Source, output: Output) -> None:
    """Write the document `{info, images, annotations, categories}`; raises Invalid but for images."""
    if source.project.modality != "image":
        raise Invalid(path="/format", found="coco", expected=f"a format for {source.project.modality}: jsonl")
    categories = Categories(msgspec.json.decode(source.project.definition, type=Definition))
    info = {"description": source.project.name, "version": "1.0"}
    with tempfile.TemporaryFile() as waiting:
        await output.write(b'{"info":' + _encode(info) + b',"licenses":[],"images":[')
        await _write_images(source, output, categories, waiting)
        await output.write(b'],"annotations":[')
        waiting.seek(0)
        while piece := await asyncio.to_thread(waiting.read, EXPORT_PIECE_BYTES):
            await output.write(piece)
        await output.write(b'],"categories":' + _encode(categories.entries()) + b"}")


async def _write_images(source: Source, output: Output, categories: Categories, waiting: IO[bytes]) -> None:
    annotations = 0
    counts = source.counts
    async with aclosing(source.chunks()) as chunks:
        async for chunk in chunks:
            before = counts.tasks
            async with aclosing(source.rows(chunk)) as rows:
                async for row in rows:
                    counts.tasks += 1
                    answer, item = _decode(row["answer"]), _decode(row["payload"])
                    image = image_entry(counts.tasks, row["task_id"], row["unique_id"], item, answer)
                    await output.write((b"," if counts.tasks > 1 else b"") + _encode(image))
                    for entry in annotation_entries(counts.tasks, annotations + 1, answer, categories):
                        waiting.write((b"," if annotations else b"") + _encode(entry))
                        annotations += 1
            counts.deleted += chunk.tasks - (counts.tasks - before)


def image_entry(
    number: int, task_id: UUID, unique_id: str, item: Mapping[str, Any], answer: Mapping[str, Any]
) -> dict[str, Any]:
    """Return an image as COCO lists it. What an answer says of the whole image stays under our own names."""
    entry = {
        "id": number,
        "file_name": unique_id,
        "width": item.get("width"),
        "height": item.get("height"),
        "task": format_id("task", task_id),
        "asset": item.get("asset"),
    }
    return entry | {name: value for name, value in answer.items() if name not in _SHAPES}


def annotation_entries(
    image: int, first: int, answer: Mapping[str, Any], categories: Categories
) -> Iterator[dict[str, Any]]:
    """Yield the shapes of an answer as COCO annotations, numbered from `first`."""
    number = first
    for tool, shape_of in _SHAPES.items():
        for mark in answer.get(tool, ()):
            bbox, area, segmentation = shape_of(mark)
            entry = {
                "id": number,
                "image_id": image,
                "category_id": categories.id_of(mark["label"]),
                "bbox": bbox,
                "area": area,
                "segmentation": segmentation,
                "iscrowd": 0,
            }
            if tool == "keypoints":
                entry |= _keypoints(mark, categories.skeletons.get(mark["label"], {}).get("points", []))
            elif tool == "rotated_box":
                entry["rotated_box"] = {name: mark[name] for name in ("x", "y", "width", "height", "angle")}
            if mark.get("attributes"):
                entry["attributes"] = mark["attributes"]
            yield entry
            number += 1


def _box(mark: Mark) -> Shape:
    bbox = [mark["x"], mark["y"], mark["width"], mark["height"]]
    return bbox, mark["width"] * mark["height"], []


def _polygon(mark: Mark) -> Shape:
    points: Sequence[Sequence[float]] = mark["points"]
    across, down = [point[0] for point in points], [point[1] for point in points]
    left, top = min(across), min(down)
    bbox = [left, top, max(across) - left, max(down) - top]
    return bbox, area_of(points), [[value for point in points for value in point]]


def area_of(points: Sequence[Sequence[float]]) -> float:
    """Return the area of a simple polygon in square pixels, by the shoelace formula about its first point."""
    x0, y0 = points[0]
    doubled = 0.0
    for (x1, y1), (x2, y2) in itertools.pairwise(points):
        doubled += (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
    return abs(doubled) / 2


def _mask(mark: Mark) -> Shape:
    # Here, because the other exports need no numpy.
    from annotary.modalities.image.mask.runs import bounds, runs_of

    runs = runs_of(decode_counts(mark["counts"], MASK_RUNS_PER_ANSWER_MAX))
    left, top, right, bottom = bounds(runs, mark["size"][0])
    bbox = [float(left), float(top), float(right - left), float(bottom - top)]
    return bbox, float(runs.area), {"size": mark["size"], "counts": mark["counts"]}


def _rotated_box(mark: Mark) -> Shape:
    from annotary.modalities.image.rotated_box.clipping import corners_of

    place = {name: mark[name] for name in ("x", "y", "width", "height", "angle")}
    return _polygon({"points": corners_of(SimpleNamespace(**place))})


def _around_points(mark: Mark) -> Shape:
    """The box around the points that are marked: COCO knows no other size of a thing without an outline."""
    points = [point for point in mark["points"].values() if point[2] > 0]
    across, down = [point[0] for point in points], [point[1] for point in points]
    width, height = max(across) - min(across), max(down) - min(down)
    return [min(across), min(down), width, height], width * height, []


def _keypoints(mark: Mark, names: Sequence[str]) -> dict[str, Any]:
    """Return points in their skeleton's order, as `x, y, visibility`; under `points` those it lacks."""
    found: Mapping[str, Sequence[float]] = mark["points"]
    values = [value for name in names for value in found.get(name, (0, 0, 0))]
    others = {name: point for name, point in found.items() if name not in names}
    entry: dict[str, Any] = {
        "keypoints": values,
        "num_keypoints": sum(visible > 0 for visible in values[2::3]),
    }
    return entry | ({"points": others} if others else {})


_SHAPES: dict[str, Callable[[Mark], Shape]] = {
    "box": _box,
    "rotated_box": _rotated_box,
    "polygon": _polygon,
    "keypoints": _around_points,
    "mask": _mask,
}

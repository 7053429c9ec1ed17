"""COCO detection JSON in: images by file name, annotations as predictions of the model `import`.

A COCO file is one document whose parts come in any order, so it is turned into lines of rows first, in a
bounded child process; line n is the n-th image. Boxes and polygons that reach at most a pixel over the border
are cut there; an outline in several parts becomes several polygons. A run-length mask is a mask where the
project has them. Where it has not, it becomes its box, and so does an outline that crosses itself; where the
project has no boxes either, they are named in the item's metadata.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import msgspec

from annotary.formats.coco_outlines import simple_polygons
from annotary.formats.rows import as_row
from annotary.infra.bounded import Bounds, Unreadable, call
from annotary.kernel.limits import (
    COCO_CPU_SECONDS_MAX,
    COCO_MEMORY_BYTES_MAX,
    COCO_OVER_BORDER_PIXELS_MAX,
    COCO_ROWS_BYTES_MAX,
    COCO_WALL_SECONDS_MAX,
)
from annotary.modalities.image.polygon.outline import Point

BOUNDS = Bounds(
    wall_seconds=COCO_WALL_SECONDS_MAX,
    cpu_seconds=COCO_CPU_SECONDS_MAX,
    memory_bytes=COCO_MEMORY_BYTES_MAX,
    file_bytes=COCO_ROWS_BYTES_MAX,
)
MODEL, VERSION = "import", "coco"
SHAPES = {"box", "polygon", "mask"}


class _Image(msgspec.Struct, gc=False):
    id: int | str
    file_name: str
    width: float = 0
    height: float = 0


class _Annotation(msgspec.Struct, gc=False):
    image_id: int | str
    category_id: int
    id: int | str | None = None
    bbox: tuple[float, float, float, float] | None = None
    segmentation: list[list[float]] | dict[str, Any] | None = None


class _Category(msgspec.Struct, gc=False):
    id: int
    name: str


class _Document(msgspec.Struct, gc=False):
    images: list[_Image]
    annotations: list[_Annotation] = []
    categories: list[_Category] = []


async def convert(document: Path, rows: Path, files: Mapping[str, str], tools: Sequence[str]) -> int:
    """Write the document's images as rows, and return how many; raises Unreadable or OutOfBounds.

    `files` gives the asset hash of each file name; `tools` are the project's label types (none: no
    predictions).
    """
    names = rows.with_name("names")
    names.write_bytes(msgspec.json.encode(files))
    argument = {"rows": str(rows), "names": str(names), "tools": list(tools)}
    with document.open("rb") as file:
        return int(await call(f"{__name__}:write_rows", argument, bounds=BOUNDS, file=file))


def write_rows(raw: IO[bytes], argument: dict[str, Any]) -> int:
    """Do the conversion; runs in the child."""
    files = msgspec.json.decode(Path(argument["names"]).read_bytes(), type=dict[str, str])
    with mmap.mmap(raw.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        document = msgspec.json.decode(mapped, type=_Document)
    with Path(argument["rows"]).open("wb") as out:
        for row in rows_of(document, files, argument["tools"]):
            out.write(as_row(row))
    return len(document.images)


def rows_of(document: _Document, files: Mapping[str, str], tools: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Yield a row for each image, in the order of the file."""
    names = {category.id: category.name for category in document.categories}
    by_image: dict[int | str, list[_Annotation]] = {}
    for annotation in document.annotations:
        if annotation.category_id not in names:
            expected = "the id of one of the categories"
            raise Unreadable(path="/annotations/category_id", found=annotation.category_id, expected=expected)
        by_image.setdefault(annotation.image_id, []).append(annotation)
    for image in document.images:
        row: dict[str, Any] = {"unique_id": image.file_name, "asset": _asset_of(image.file_name, files)}
        answer, left_out = _answer(image, by_image.get(image.id, []), names, tools)
        if answer:
            row["predictions"] = [{"model": MODEL, "version": VERSION, "answer": answer}]
        if left_out:
            row["metadata"] = {"left_out": left_out}
        yield row


def _asset_of(file_name: str, files: Mapping[str, str]) -> str:
    """Return the asset of a file name, or the name itself: the import then refuses the row and shows it."""
    return files.get(file_name) or files.get(file_name.rpartition("/")[2]) or file_name


def _answer(
    image: _Image, annotations: Sequence[_Annotation], names: Mapping[int, str], tools: Sequence[str]
) -> tuple[dict[str, Any], list[str]]:
    """Return an image's annotations as an answer, and what of them no tool of the project can say."""
    marks: dict[str, list[dict[str, Any]]] = {}
    left_out: list[str] = []
    for annotation in annotations:
        label = names[annotation.category_id]
        polygons = _polygons(annotation, image) if "polygon" in tools else None
        if "mask" in tools and isinstance(annotation.segmentation, dict):
            marks.setdefault("mask", []).append({"label": label, **_mask(annotation.segmentation)})
        elif polygons:
            marks.setdefault("polygon", []).extend({"label": label, "points": one} for one in polygons)
        elif "box" in tools and annotation.bbox is not None:
            marks.setdefault("box", []).append({"label": label, **_box(annotation.bbox, image)})
        elif SHAPES & set(tools):
            left_out.append(f"annotation {annotation.id}, {label}: no tool of the project can say its shape")
    if "classification" in tools and annotations and not marks:
        labels = dict.fromkeys(names[one.category_id] for one in annotations)
        marks["classification"] = [{"label": label} for label in labels]
    return marks, left_out


def _polygons(annotation: _Annotation, image: _Image) -> list[list[Point]] | None:
    """Return an outline's polygons; None for a mask, or an outline that crosses itself."""
    found: list[list[Point]] = []
    for flat in annotation.segmentation if isinstance(annotation.segmentation, list) else []:
        inside = (_inside(x, image.width) for x in flat[::2]), (_inside(y, image.height) for y in flat[1::2])
        part = simple_polygons(list(zip(*inside, strict=False)))
        if part is None:
            return None
        found += part
    return found


def _mask(segmentation: dict[str, Any]) -> dict[str, Any]:
    return {name: segmentation[name] for name in ("size", "counts") if name in segmentation}


def _box(bbox: tuple[float, float, float, float], image: _Image) -> dict[str, float]:
    left, top, width, height = bbox
    x, y = _inside(left, image.width), _inside(top, image.height)
    right, bottom = _inside(left + width, image.width), _inside(top + height, image.height)
    return {"x": x, "y": y, "width": right - x, "height": bottom - y}


def _inside(value: float, side: float) -> float:
    """Return a coordinate cut at the border where it is hardly over it; far out is for the import to
    refuse.
    """
    if -COCO_OVER_BORDER_PIXELS_MAX <= value < 0:
        return 0.0
    if side and side < value <= side + COCO_OVER_BORDER_PIXELS_MAX:
        return side
    return value

"""COCO detection JSON in: images by file name, annotations as predictions of the model `import`.

A COCO file is one document whose parts come in any order, so it is turned into lines of rows first, in a
bounded child process; line n is the n-th image. Boxes and polygons that reach at most a pixel over the border
are cut there; an outline in several parts becomes several polygons; a run-length mask becomes its box.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import msgspec

from annotary.formats.rows import as_row
from annotary.infra.bounded import Bounds, Unreadable, call
from annotary.kernel.limits import (
    COCO_CPU_SECONDS_MAX,
    COCO_MEMORY_BYTES_MAX,
    COCO_ROWS_BYTES_MAX,
    COCO_WALL_SECONDS_MAX,
)

BOUNDS = Bounds(
    wall_seconds=COCO_WALL_SECONDS_MAX,
    cpu_seconds=COCO_CPU_SECONDS_MAX,
    memory_bytes=COCO_MEMORY_BYTES_MAX,
    file_bytes=COCO_ROWS_BYTES_MAX,
)
MODEL, VERSION = "import", "coco"
OVER_BORDER_PIXELS_MAX = 1.0
Point = list[float]


class _Image(msgspec.Struct, gc=False):
    id: int | str
    file_name: str
    width: float = 0
    height: float = 0


class _Annotation(msgspec.Struct, gc=False):
    image_id: int | str
    category_id: int
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
        by_image.setdefault(annotation.image_id, []).append(annotation)
    for image in document.images:
        row: dict[str, Any] = {"unique_id": image.file_name, "asset": _asset_of(image.file_name, files)}
        answer = _answer(image, by_image.get(image.id, []), names, tools)
        if answer:
            row["predictions"] = [{"model": MODEL, "version": VERSION, "answer": answer}]
        yield row


def _asset_of(file_name: str, files: Mapping[str, str]) -> str:
    """Return the asset of a file name, or the name itself: the import then refuses the row and shows it."""
    return files.get(file_name) or files.get(file_name.rpartition("/")[2]) or file_name


def _answer(
    image: _Image, annotations: Sequence[_Annotation], names: Mapping[int, str], tools: Sequence[str]
) -> dict[str, Any]:
    marks: dict[str, list[dict[str, Any]]] = {}
    for annotation in annotations:
        if annotation.category_id not in names:
            found = annotation.category_id
            raise Unreadable(
                path="/annotations/category_id", found=found, expected="the id of one of the categories"
            )
        label = names[annotation.category_id]
        if "polygon" in tools and isinstance(annotation.segmentation, list) and annotation.segmentation:
            marks.setdefault("polygon", []).extend(
                {"label": label, "points": _points(part, image)} for part in annotation.segmentation
            )
        elif "box" in tools and annotation.bbox is not None:
            marks.setdefault("box", []).append({"label": label, **_box(annotation.bbox, image)})
    if not marks and "classification" in tools:
        labels = list(dict.fromkeys(names[one.category_id] for one in annotations))
        return {"classification": [{"label": label} for label in labels]} if labels else {}
    return marks


def _points(flat: Sequence[float], image: _Image) -> list[Point]:
    """Return a part of an outline as points, without a last point that repeats the first."""
    points = [
        [_inside(x, image.width), _inside(y, image.height)]
        for x, y in zip(flat[::2], flat[1::2], strict=False)
    ]
    return points[:-1] if len(points) > 3 and points[0] == points[-1] else points


def _box(bbox: tuple[float, float, float, float], image: _Image) -> dict[str, float]:
    left, top, width, height = bbox
    x, y = _inside(left, image.width), _inside(top, image.height)
    right, bottom = _inside(left + width, image.width), _inside(top + height, image.height)
    return {"x": x, "y": y, "width": right - x, "height": bottom - y}


def _inside(value: float, side: float) -> float:
    """Return a coordinate cut at the border where it is hardly over it; the import refuses what is far
    out.
    """
    if -OVER_BORDER_PIXELS_MAX <= value < 0:
        return 0.0
    if side and side < value <= side + OVER_BORDER_PIXELS_MAX:
        return side
    return value

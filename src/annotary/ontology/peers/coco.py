"""COCO's categories, with supercategories, colours, keypoints and skeletons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from annotary.ontology.peers.gathering import Gathering
from annotary.ontology.peers.values import Imported
from annotary.ontology.rules import read_as


class _Category(msgspec.Struct):
    name: str
    supercategory: str | None = None
    color: str | list[int] | None = None
    keypoints: list[Any] | None = None
    skeleton: list[Any] | None = None
    isthing: int | None = None


class _Annotation(msgspec.Struct):
    segmentation: dict[str, Any] | list[Any] | None = None
    bbox: list[float] | None = None


class _File(msgspec.Struct):
    categories: list[_Category]
    annotations: list[_Annotation] | None = None


def read(document: Any) -> Imported:
    """Read a whole COCO file, or its list of categories; raises InvalidOntology where it is neither.

    The annotations of a file say which tools are needed; without any, boxes and polygons are. A supercategory
    becomes a parent; where it is no category itself, it is a retired label, which is not offered.
    """
    file = read_as(document if isinstance(document, dict) else {"categories": document}, _File, "")
    tools = _tools(file.annotations or ())
    gathered = Gathering()
    known = {one.name: one.supercategory for one in file.categories}
    for index, category in enumerate(file.categories):
        _add(gathered, f"/categories/{index}", category, known, tools)
    gathered.lose("/categories", "the numbers (`id`) of the categories: labels go by their names")
    return gathered.finish("image")


def _add(
    gathered: Gathering, path: str, category: _Category, known: Mapping[str, str | None], tools: list[str]
) -> None:
    name, parent = category.name, category.supercategory
    if not parent or parent == name:
        parent = None
    elif _is_below(parent, name, known):
        gathered.lose(f"{path}/supercategory", f"that {name} is below {parent}, which is below it")
        parent = None
    elif parent not in known:
        parent = gathered.label(f"{path}/supercategory", parent, tools, retired=True)
    else:
        parent = gathered.name(f"{path}/supercategory", parent)
    gathered.label(path, name, tools, colour=category.color, parent=parent)
    if category.keypoints:
        gathered.lose(f"{path}/keypoints", f"the {len(category.keypoints)} points of {name}")
    if category.skeleton:
        gathered.lose(f"{path}/skeleton", f"the {len(category.skeleton)} lines between points of {name}")
    if category.isthing == 0:
        gathered.lose(f"{path}/isthing", f"that {name} is stuff, which has no single objects")


def _is_below(name: str, other: str, known: Mapping[str, str | None]) -> bool:
    """Return whether going up from `name` leads to `other`, or around in a circle."""
    seen: set[str] = set()
    while name not in seen:
        seen.add(name)
        above = known.get(name)
        if above == other:
            return True
        if not above or above == name:
            return False
        name = above
    return True


def _tools(annotations: Iterable[_Annotation]) -> list[str]:
    found: dict[str, None] = {}
    for annotation in annotations:
        if isinstance(annotation.segmentation, dict):
            found["mask"] = None
        elif annotation.segmentation:
            found["polygon"] = None
        elif annotation.bbox:
            found["box"] = None
    return list(found) or ["box", "polygon"]

"""Skeletons: which points the things of a label have, and how exactly people can mark each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Annotated

import msgspec

from annotary.kernel.limits import LABEL_NAME_CHARACTERS_MAX, SKELETON_POINTS_MAX
from annotary.modalities.label_type import Settings
from annotary.modalities.marks import labels_of
from annotary.ontology.errors import InvalidOntology
from annotary.ontology.pointers import escape
from annotary.ontology.values import Definition

_PATH = "/definition/tools/keypoints/skeletons"
_Name = Annotated[str, msgspec.Meta(min_length=1, max_length=LABEL_NAME_CHARACTERS_MAX)]
_Sigma = Annotated[float, msgspec.Meta(gt=0, le=1)]
# Standard deviation of people marking a point, relative to the thing's size: what COCO measured for bodies
# (cocoeval.py; left and right are alike), and the mean of its 17 points for any other.
_COCO_SIGMAS: Mapping[str, float] = {
    "nose": 0.026,
    "eye": 0.025,
    "ear": 0.035,
    "shoulder": 0.079,
    "elbow": 0.072,
    "wrist": 0.062,
    "hip": 0.107,
    "knee": 0.087,
    "ankle": 0.089,
}
_ANY_SIGMA = 0.067


class Skeleton(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The points of a thing, what joins them, and how exactly each can be marked, where that is known."""

    points: Annotated[list[_Name], msgspec.Meta(min_length=1, max_length=SKELETON_POINTS_MAX)]
    edges: list[tuple[str, str]] = msgspec.field(default_factory=list)
    sigmas: dict[str, _Sigma] = msgspec.field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse points of one name, and what speaks of points that are none."""
        if len(set(self.points)) < len(self.points):
            raise ValueError("points with a name of their own each")
        _must_be_points("edges between", (name for edge in self.edges for name in edge), self.points)
        _must_be_points("sigmas of", self.sigmas, self.points)

    def sigma(self, name: str) -> float:
        """Return how exactly people mark a point, relative to the thing's size."""
        return self.sigmas.get(name) or _usual_sigma(name)


class KeypointsSettings(Settings, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`skeletons` has one for each label that the tool is used with."""

    skeletons: dict[str, Skeleton] = msgspec.field(default_factory=dict)


def check_skeletons(definition: Definition, skeletons: Mapping[str, Skeleton]) -> None:
    """Raise InvalidOntology where there is no skeleton, or one without a label."""
    labels = [label.name for label in labels_of(definition, "keypoints")]
    if not skeletons:
        raise InvalidOntology(path=_PATH, found={}, expected="a skeleton for at least one label")
    for name in skeletons:
        if name not in labels:
            expected = f"a label for this tool: {', '.join(labels)}"
            raise InvalidOntology(path=f"{_PATH}/{escape(name)}", found=name, expected=expected)


def _must_be_points(what: str, names: Iterable[str], points: list[str]) -> None:
    for name in names:
        if name not in points:
            raise ValueError(f"{what} points of the skeleton; {name} is none")


@lru_cache(maxsize=SKELETON_POINTS_MAX)
def _usual_sigma(name: str) -> float:
    words = name.lower().replace("_", " ").replace("-", " ").split()
    return _COCO_SIGMAS.get(" ".join(word for word in words if word not in ("left", "right")), _ANY_SIGMA)

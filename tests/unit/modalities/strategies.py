"""Generates valid answers of every label type, and the same answers in another notation."""

from __future__ import annotations

import json
import math
import random
from functools import partial
from itertools import pairwise
from typing import Any, NamedTuple

from hypothesis import strategies as st

from annotary.modalities.answers import AnswerValidator, compile_ontology
from annotary.ontology.rules import content_hash, read_definition

WIDTH, HEIGHT, FRAMES = 640, 480, 300
TEXT = "Zoë 👩‍🚀 met Łukasz in Kraków, twice."
ITEMS: dict[str, dict[str, Any]] = {
    "text": {
        "text": TEXT,
        "prompt": "?",
        "a": "yes",
        "b": "no",
        "candidates": ["a", "b", "c", "d"],
        "messages": [{"role": role, "content": "…"} for role in ("user", "assistant", "user", "assistant")],
    },
    "image": {"asset": "ab" * 32, "width": WIDTH, "height": HEIGHT, "media_type": "image/png"},
    "video": {
        "asset": "cd" * 32,
        "width": WIDTH,
        "height": HEIGHT,
        "frame_count": FRAMES,
        "time_base": [1001, 30000],
        "first_pts": 7,
        "pts_runs": [[100, 1], [1, 5], [FRAMES - 102, 2]],
    },
}
ATTRIBUTES = [
    {"name": "kind", "kind": "choice", "choices": ["x", "y", "z"], "required": True},
    {"name": "tags", "kind": "choice", "choices": ["q", "w", "e"], "multiple": True},
    {"name": "certainty", "kind": "number", "minimum": 0, "maximum": 1, "default": 1},
    {"name": "a/b~c", "kind": "text"},
    {"name": "hidden", "kind": "boolean"},
]
LABELS = [{"name": "plain"}, {"name": "other"}, {"name": "third"}, {"name": "rich", "attributes": ATTRIBUTES}]
ORDINAL: dict[str, Any] = {
    "required": False,
    "complete": False,
    "minimum": -1,
    "maximum": 3,
    "scales": {"third": {"minimum": -1, "maximum": 9}},
}
CHAT = {**ORDINAL, "roles": ["assistant"], "scales": {**ORDINAL["scales"], "other": None}}
POINTS = ["nose", "left eye", "a/b~c", "tail"]
SKELETON = {"points": POINTS, "edges": [["nose", "tail"]], "sigmas": {"tail": 0.2}}
TOOLS: dict[str, dict[str, dict[str, Any]]] = {
    "text": {
        "classification": {"multiple": True, "required": False},
        "ordinal": ORDINAL,
        "spans": {},
        "relations": {},
        "chat": CHAT,
    },
    "image": {
        "classification": {"multiple": True, "required": False},
        "box": {},
        "polygon": {},
        "mask": {},
        "ordinal": ORDINAL,
        "rotated_box": {},
        "polyline": {"directed": False, "tolerance": 0.05},
        "keypoints": {"skeletons": dict.fromkeys(("plain", "other", "third", "rich"), SKELETON)},
    },
    "video": {"tracks": {}, "segments": {}, "ordinal": ORDINAL},
}


CRITERIA = [
    {"name": "clear", "scale": [-1, 3], "weight": 2.5},
    {"name": "a/b~c", "choices": ["bad", "fair", "good"]},
    {"name": "brief", "scale": [0, 1], "required": False},
]
# Tools whose value is not a list of marks, with settings.
FORMS: dict[str, dict[str, Any]] = {
    "preference": {"strength_max": 3},
    "ranking": {},
    "rewrite": {"characters_max": 60},
    "rubric": {"criteria": CRITERIA},
}


class Case(NamedTuple):
    """A valid answer with what it is checked against."""

    modality: str
    validator: AnswerValidator
    item: dict[str, Any]
    answer: dict[str, Any]


def validator_of(modality: str, tools: dict[str, Any], labels: list[Any] | None = None) -> AnswerValidator:
    """Compile a definition, by default with the labels of this module."""
    definition = read_definition({"tools": tools, "labels": LABELS if labels is None else labels})
    return compile_ontology(modality, definition, content_hash(definition))


@st.composite
def _labelled(draw: Any) -> dict[str, Any]:
    label = draw(st.sampled_from(["plain", "other", "third", "rich"]))
    if label != "rich":
        return {"label": label}
    optional = {
        "tags": st.lists(st.sampled_from(["q", "w", "e"]), unique=True),
        "certainty": st.floats(0, 1) | st.integers(0, 1),
        "a/b~c": st.text('aé👩/"\\\n\u200d', max_size=5),
        "hidden": st.booleans(),
    }
    required = {"kind": st.sampled_from(["x", "y", "z"])}
    return {"label": label, "attributes": draw(st.fixed_dictionaries(required, optional=optional))}


@st.composite
def boxes(draw: Any) -> dict[str, float]:
    """A box inside the frame, often touching its border."""
    x, right = sorted(draw(st.lists(st.floats(0, WIDTH, width=32), min_size=2, max_size=2, unique=True)))
    y, bottom = sorted(draw(st.lists(st.floats(0, HEIGHT, width=32), min_size=2, max_size=2, unique=True)))
    return {"x": x, "y": y, "width": right - x, "height": bottom - y}


@st.composite
def stars(draw: Any) -> list[list[float]]:
    """A star-shaped outline, which is simple by construction: corners at ascending angles around a centre."""
    count = draw(st.integers(3, 12))
    seed = draw(st.integers(0, 1 << 30))
    source = random.Random(seed)
    centre_x, centre_y = source.uniform(150, 450), source.uniform(150, 300)
    turned = source.uniform(0, math.tau)
    points = []
    for corner in range(count):
        angle = turned + math.tau * (corner + source.uniform(0.1, 0.9)) / count
        radius = source.uniform(20, 140)
        points.append([centre_x + radius * math.cos(angle), centre_y + radius * math.sin(angle)])
    return points


@st.composite
def _ranges(draw: Any, size: int) -> tuple[int, int]:
    start, end = sorted(draw(st.lists(st.integers(0, size), min_size=2, max_size=2, unique=True)))
    return start, end


@st.composite
def extents(draw: Any) -> dict[str, Any]:
    """A place of the text, often in parts, some of which touch."""
    turns = sorted(draw(st.sets(st.integers(0, len(TEXT)), min_size=2, max_size=7)))
    parts = [list(part) for part in zip(turns[::2], turns[1::2], strict=False)]
    if draw(st.booleans()):
        parts = [[start, middle] for start, middle in pairwise([*parts[0], parts[-1][1]]) if start < middle]
    place = {"start": parts[0][0], "end": parts[-1][1]}
    return place | ({"parts": parts} if len(parts) > 1 or draw(st.booleans()) else {})


def covered(place: dict[str, Any]) -> frozenset[int]:
    """The code points of a place, by which two notations of it are the same."""
    parts = place.get("parts", [[place["start"], place["end"]]])
    return frozenset(one for start, end in parts for one in range(start, end))


@st.composite
def relations(draw: Any, places: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Relations between some places, at least two of which differ."""
    found = []
    for _ in range(draw(st.integers(0, 4))):
        source, target = draw(st.permutations(places))[:2]
        place = {
            name: {key: end[key] for key in ("start", "end", "parts") if key in end}
            for name, end in (("source", source), ("target", target))
        }
        if covered(source) != covered(target):
            found.append({**draw(_labelled()), **place})
    unique = {(one["label"], covered(one["source"]), covered(one["target"])): one for one in found}
    return list(unique.values())


@st.composite
def rotated_boxes(draw: Any) -> dict[str, float]:
    """A box about a centre in the frame, at any angle, often one that is told in an odd way."""
    side = st.floats(0.5, 800, width=32)
    angle = st.floats(-1e6, 1e6) | st.sampled_from([-90, 0, 45, 90, 360, -1e-300, 719.5])
    return {
        "x": draw(st.floats(0, WIDTH, width=32)),
        "y": draw(st.floats(0, HEIGHT, width=32)),
        "width": draw(side),
        "height": draw(side),
        "angle": draw(angle),
    }


def spots() -> st.SearchStrategy[tuple[float, float]]:
    """A place in the frame."""
    return st.tuples(st.floats(0, WIDTH, width=32), st.floats(0, HEIGHT, width=32))


@st.composite
def skeleton_points(draw: Any) -> dict[str, Any]:
    """Points by name, at least one of which is marked; one that is not may lie anywhere."""
    names = draw(st.lists(st.sampled_from(POINTS), min_size=1, unique=True))
    points = {name: [*draw(spots()), draw(st.integers(1, 2))] for name in names[:-1]}
    last = [*draw(spots()), 2] if not points or draw(st.booleans()) else [-5, 1e9, 0]
    return {**points, names[-1]: last}


@st.composite
def _keyframes(draw: Any) -> list[dict[str, Any]]:
    frames = sorted(draw(st.sets(st.integers(0, FRAMES - 1), min_size=1, max_size=4)))
    return [{"frame": frame, **draw(boxes()), "visible": draw(st.booleans())} for frame in frames]


@st.composite
def run_lengths(draw: Any) -> list[int]:
    """Counts of a mask with at least one pixel, some of them 0."""
    turns = sorted(draw(st.sets(st.integers(0, WIDTH * HEIGHT), min_size=2, max_size=8)))
    counts = [after - before for before, after in zip([0, *turns], [*turns, WIDTH * HEIGHT], strict=True)]
    at = draw(st.integers(0, len(counts) - 1))
    cut = draw(st.integers(0, counts[at]))
    return [*counts[:at], cut, 0, counts[at] - cut, *counts[at + 1 :]]


@st.composite
def _mark(draw: Any, tool: str) -> dict[str, Any]:
    mark: dict[str, Any] = draw(_labelled())
    if tool == "spans":
        mark |= draw(extents())
    elif tool == "segments":
        mark["start_frame"], mark["end_frame"] = draw(_ranges(FRAMES))
    elif tool == "box":
        mark |= draw(boxes())
    elif tool == "polygon":
        mark["points"] = draw(stars())
    elif tool == "mask":
        mark["counts"] = draw(run_lengths())
    elif tool == "ordinal":
        mark["level"] = draw(st.integers(-1, 3))
    elif tool == "rotated_box":
        mark |= draw(rotated_boxes())
    elif tool == "polyline":
        mark["points"] = draw(st.lists(spots(), min_size=2, max_size=6, unique=True))
    elif tool == "keypoints":
        mark["points"] = draw(skeleton_points())
    elif tool == "chat":
        level = {} if mark["label"] == "other" else {"level": draw(st.integers(-1, 3))}
        mark |= {"message": draw(st.sampled_from([1, 3])), **level}
    elif tool == "tracks":
        mark |= {"id": draw(st.text("abc123é", min_size=1, max_size=4)), "keyframes": draw(_keyframes())}
    return mark


def _identity(tool: str, mark: dict[str, Any]) -> Any:
    """Return what may occur once in an answer."""
    if tool == "spans":
        return mark["label"], covered(mark)
    keys = {
        "chat": ("label", "message"),
        "segments": ("label", "start_frame", "end_frame"),
        "tracks": ("id",),
    }
    return tuple(mark[key] for key in keys.get(tool, ("label",)))


# What may be drawn twice in one place.
REPEATABLE = ("box", "polygon", "mask", "rotated_box", "polyline", "keypoints")


def values(tool: str) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Valid values of one labelled tool, in the notation of a client: times and defaults left out."""
    if tool == "relations":
        return st.lists(extents(), min_size=2, max_size=4).flatmap(relations)
    unique = None if tool in REPEATABLE else partial(_identity, tool)
    return st.lists(_mark(tool), max_size=4, unique_by=unique)


@st.composite
def cases(draw: Any, modality: str | None = None) -> Case:
    """A valid answer of one modality, with all its labelled tools enabled."""
    modality = modality or draw(st.sampled_from(sorted(TOOLS)))
    answer = {tool: draw(values(tool)) for tool in TOOLS[modality] if draw(st.booleans())}
    if "relations" in answer:
        answer["relations"] = draw(relations(answer["spans"])) if len(answer.get("spans", [])) > 1 else []
    if draw(st.booleans()):
        answer["justification"] = draw(st.text("why é\n", max_size=5))
    return Case(modality, validator_of(modality, TOOLS[modality]), ITEMS[modality], answer)


@st.composite
def _tiers(draw: Any) -> dict[str, Any]:
    places = draw(st.lists(st.integers(0, 3), min_size=4, max_size=4))
    return {"tiers": [[one for one in range(4) if places[one] == place] for place in sorted(set(places))]}


@st.composite
def _rubric(draw: Any) -> dict[str, Any]:
    scores = st.fixed_dictionaries(
        {"clear": st.integers(-1, 3), "a/b~c": st.sampled_from(["bad", "fair", "good"])},
        optional={"brief": st.integers(0, 1)},
    )
    given = draw(scores)
    reasons = st.dictionaries(st.sampled_from(sorted(given)), st.sampled_from(["", "why", "é so"]))
    return {"scores": given} | ({"justifications": draw(reasons)} if draw(st.booleans()) else {})


def forms(tool: str) -> st.SearchStrategy[dict[str, Any]]:
    """Valid values of one of the FORMS."""
    won = st.fixed_dictionaries({"choice": st.sampled_from("ab"), "strength": st.integers(1, 3)})
    words = st.lists(st.sampled_from(["the", "sky", "is", "blue", ",", "\r\n", "é"]), min_size=1, max_size=9)
    texts = words.map(" ".join).filter(str.strip)
    return {
        "preference": won | st.just({"choice": "tie"}),
        "ranking": _tiers(),
        "rewrite": st.builds(lambda text: {"text": text}, texts),
        "rubric": _rubric(),
    }[tool]


def another_notation(document: Any, source: random.Random) -> str:
    """Write the same answer differently: shuffled keys and marks, white space, escapes, 3.0 for 3."""
    if isinstance(document, dict):
        entries = list(document.items())
        source.shuffle(entries)
        inside = ", ".join(f"{json.dumps(key)} :{another_notation(value, source)}" for key, value in entries)
        return "{" + inside + "\n}"
    if isinstance(document, list):
        entries = list(document)
        if entries and isinstance(entries[0], dict) and "frame" not in entries[0]:
            source.shuffle(entries)
        return "[ " + " ,".join(another_notation(value, source) for value in entries) + "]"
    if isinstance(document, float) and document == int(document):
        return str(int(document)) if source.random() < 0.5 else f"{document:.1f}e0"
    return json.dumps(document)


def encode(answer: Any) -> bytes:
    """Write an answer as a client would."""
    return json.dumps(answer).encode()

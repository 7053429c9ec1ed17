"""Generates valid answers of every label type, and the same answers in another notation."""

from __future__ import annotations

import json
import math
import random
from functools import partial
from typing import Any, NamedTuple

from hypothesis import strategies as st

from annotary.modalities.answers import AnswerValidator, compile_ontology
from annotary.ontology.rules import content_hash, read_definition

WIDTH, HEIGHT, FRAMES = 640, 480, 300
TEXT = "Zoë 👩‍🚀 met Łukasz in Kraków, twice."
ITEMS: dict[str, dict[str, Any]] = {
    "text": {"text": TEXT, "prompt": "?", "a": "yes", "b": "no", "candidates": ["a", "b", "c", "d"]},
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
ORDINAL = {
    "required": False,
    "complete": False,
    "minimum": -1,
    "maximum": 3,
    "scales": {"third": {"minimum": -1, "maximum": 9}},
}
TOOLS: dict[str, dict[str, dict[str, Any]]] = {
    "text": {"classification": {"multiple": True, "required": False}, "ordinal": ORDINAL, "spans": {}},
    "image": {
        "classification": {"multiple": True, "required": False},
        "box": {},
        "polygon": {},
        "mask": {},
        "ordinal": ORDINAL,
    },
    "video": {"tracks": {}, "segments": {}, "ordinal": ORDINAL},
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
        mark["start"], mark["end"] = draw(_ranges(len(TEXT)))
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
    elif tool == "tracks":
        mark |= {"id": draw(st.text("abc123é", min_size=1, max_size=4)), "keyframes": draw(_keyframes())}
    return mark


def _identity(tool: str, mark: dict[str, Any]) -> Any:
    """Return what may occur once in an answer."""
    keys = {
        "spans": ("label", "start", "end"),
        "segments": ("label", "start_frame", "end_frame"),
        "tracks": ("id",),
    }
    return tuple(mark[key] for key in keys.get(tool, ("label",)))


def values(tool: str) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Valid values of one labelled tool, in the notation of a client: times and defaults left out."""
    unique = None if tool in ("box", "polygon", "mask") else partial(_identity, tool)
    return st.lists(_mark(tool), max_size=4, unique_by=unique)


@st.composite
def cases(draw: Any, modality: str | None = None) -> Case:
    """A valid answer of one modality, with all its labelled tools enabled."""
    modality = modality or draw(st.sampled_from(sorted(TOOLS)))
    answer = {tool: draw(values(tool)) for tool in TOOLS[modality] if draw(st.booleans())}
    if draw(st.booleans()):
        answer["justification"] = draw(st.text("why é\n", max_size=5))
    return Case(modality, validator_of(modality, TOOLS[modality]), ITEMS[modality], answer)


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

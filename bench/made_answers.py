"""Answers of every label type made from a seed, half of them with one fault that a JSON schema can see."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from typing import Any, NamedTuple

from annotary.ontology.rules import read_definition
from annotary.ontology.values import Definition

WIDTH, HEIGHT, FRAMES, TEXT_CHARACTERS = 640, 480, 300, 60
IMAGE = {"asset": "ab" * 32, "width": WIDTH, "height": HEIGHT}
ITEMS: dict[str, dict[str, Any]] = {
    "text": {
        "text": "ä" * TEXT_CHARACTERS,
        "prompt": "?",
        "a": "1",
        "b": "2",
        "candidates": ["a", "b", "c"],
        "messages": [{"role": "assistant", "content": "…"}] * 4,
    },
    "image": IMAGE,
    "video": {
        **IMAGE,
        "frame_count": FRAMES,
        "time_base": [1, 25],
        "first_pts": 0,
        "pts_runs": [[FRAMES, 1]],
    },
}
ATTRIBUTES: list[dict[str, Any]] = [
    {"name": "kind", "kind": "choice", "choices": ["x", "y", "z"], "required": True},
    {"name": "tags", "kind": "choice", "choices": ["q", "w", "e"], "multiple": True},
    {"name": "certainty", "kind": "number", "minimum": 0, "maximum": 1, "default": 1},
    {"name": "note", "kind": "text", "required": True},
    {"name": "hidden", "kind": "boolean"},
]
LABELS: list[dict[str, Any]] = [
    {"name": "plain"},
    {"name": "other"},
    {"name": "rich", "attributes": ATTRIBUTES},
    {"name": "one", "attributes": ATTRIBUTES[4:], "retired": True},
]
SCALE = {"minimum": -1, "maximum": 3, "scales": {"plain": {"minimum": 0, "maximum": 9}}}
TOOLS: dict[str, list[str]] = {
    "text": [
        "classification",
        "ordinal",
        "spans",
        "relations",
        "chat",
        "preference",
        "ranking",
        "rewrite",
        "rubric",
    ],
    "image": ["classification", "ordinal", "box", "polygon", "mask", "rotated_box", "polyline", "keypoints"],
    "video": ["ordinal", "segments", "tracks"],
}
CHAT = {**SCALE, "complete": False, "scales": {"other": None}}
SKELETON = {"points": ["nose", "a/b~c", "tail"]}
CRITERIA = [
    {"name": "clear", "scale": [-1, 3]},
    {"name": "right", "choices": ["no", "yes"]},
    {"name": "brief", "scale": [0, 1], "required": False},
]
NOT_NUMBERS: list[Any] = [None, True, "1", [], {}]
JUNK: list[Any] = [None, True, False, 0, 0.5, 7, "", "x", "q", "a\0b", [], ["q"], ["q", "q"], {}]


class Made(NamedTuple):
    """An answer, what it is checked against, and whether one place was changed."""

    modality: str
    definition: Definition
    item: dict[str, Any]
    answer: Any
    changed: bool


def definitions(modality: str) -> list[Definition]:
    """Return definitions of every tool of a modality, lenient and strict ones."""
    found = []
    for strict in (False, True):
        tools: dict[str, Any] = {name: {"required": strict} for name in TOOLS[modality]}
        tools["ordinal"] |= {"complete": strict, **SCALE}
        if modality != "video":
            tools["classification"]["multiple"] = not strict
        if modality == "text":
            tools["preference"] |= {"ties": not strict, "strength_max": 3}
            tools["ranking"]["ties"] = not strict
            # There is none where an answer has no two spans.
            tools["relations"]["required"] = False
            tools["chat"] |= CHAT
            tools["rubric"]["criteria"] = CRITERIA
        if modality == "image":
            tools["keypoints"]["skeletons"] = {label["name"]: SKELETON for label in LABELS}
        found.append(read_definition({"tools": tools, "labels": LABELS}))
    return found


def made(count: int, seed: int) -> Iterator[Made]:
    """Make answers, the same for the same seed."""
    chance = random.Random(seed)
    known = {modality: definitions(modality) for modality in TOOLS}
    for _ in range(count):
        modality = chance.choice(list(TOOLS))
        definition = chance.choice(known[modality])
        answer = _answer(chance, modality, definition)
        changed = chance.random() < 0.5
        if changed:
            _spoil(chance, answer, definition)
        yield Made(modality, definition, ITEMS[modality], answer, changed)


def _answer(chance: random.Random, modality: str, definition: Definition) -> dict[str, Any]:
    strict = definition.tools["ordinal"]["complete"]
    excused = chance.random() < 0.2
    answer: dict[str, Any] = {"not_applicable": True} if excused else {}
    for tool in TOOLS[modality]:
        if (strict and not excused) or chance.random() < 0.6:
            answer[tool] = _value(chance, tool, strict)
    if "relations" in answer:
        _hold_on_to_spans(answer)
    if chance.random() < 0.3:
        answer["justification"] = "because"
    return answer


def _hold_on_to_spans(answer: dict[str, Any]) -> None:
    """Let relations go from one span to another one; without two spans there are none."""
    places = [{"start": span["start"], "end": span["end"]} for span in answer.get("spans", ())]
    if len(places) < 2:
        del answer["relations"]
        return
    labels = set()
    for at, relation in enumerate(list(answer["relations"])):
        if relation["label"] in labels:
            answer["relations"].remove(relation)
        labels.add(relation["label"])
        # Copies, because one place of the answer may be spoiled.
        relation |= {"source": dict(places[at % len(places)]), "target": dict(places[at % len(places) - 1])}


def _value(chance: random.Random, tool: str, strict: bool) -> Any:
    if tool == "preference":
        return {"choice": chance.choice("ab")} | ({"strength": 2} if chance.random() < 0.5 else {})
    if tool == "ranking":
        return {"tiers": [[2], [0], [1]] if strict or chance.random() < 0.5 else [[0, 2], [1]]}
    if tool == "rewrite":
        return {"text": chance.choice(["a", "bä\r\n", "c" * 99])}
    if tool == "rubric":
        scores = {"clear": chance.randint(-1, 3), "right": "no"}
        return {"scores": scores | ({"brief": 1} if strict else {}), "justifications": {"right": "because"}}
    labels = [label["name"] for label in LABELS]
    if tool == "ordinal" and strict:
        chosen = labels[:3]
    elif tool in ("ordinal", "classification"):
        chosen = chance.sample(labels, 1 if strict else chance.randint(1, 4))
    else:
        chosen = chance.choices(labels, k=chance.randint(1, 4))
    return [_mark(chance, tool, label, number) for number, label in enumerate(chosen)]


def _mark(chance: random.Random, tool: str, label: str, number: int) -> dict[str, Any]:
    mark: dict[str, Any] = {"label": label}
    if label == "rich":
        values = {"kind": chance.choice("xyz"), "note": "n"}
        optional: dict[str, Any] = {"tags": ["w", "q"], "certainty": chance.random(), "hidden": False}
        mark["attributes"] = values | {name: optional[name] for name in optional if chance.random() < 0.5}
    if tool == "ordinal":
        mark["level"] = chance.randint(0, 3)
    elif tool == "spans":
        mark |= {"start": number, "end": chance.randint(number + 1, TEXT_CHARACTERS)}
    elif tool == "segments":
        mark |= {"start_frame": number, "end_frame": chance.randint(number + 1, FRAMES)}
    elif tool == "box":
        mark |= box(chance)
    elif tool == "rotated_box":
        mark |= box(chance) | {"angle": chance.uniform(-400, 400)}
    elif tool == "polyline":
        mark["points"] = [[number, number], [chance.uniform(99, WIDTH), 7]]
    elif tool == "keypoints":
        mark["points"] = {"nose": [number, 1, 2], "a/b~c": [9.5, 9, 1], "tail": [9, 9, 0]}
    elif tool == "chat":
        mark |= {"message": number} | ({} if label == "other" else {"level": chance.randint(-1, 3)})
    elif tool == "tracks":
        frames = sorted(chance.sample(range(FRAMES), 3))
        mark |= {"id": f"t{number}", "keyframes": [{"frame": frame, **box(chance)} for frame in frames]}
    elif tool == "polygon":
        turns = [math.tau * (corner + chance.random() / 2) / 5 for corner in range(5)]
        mark["points"] = [[300 + 90 * math.cos(turn), 200 + 90 * math.sin(turn)] for turn in turns]
    elif tool == "mask":
        mark["counts"] = [1000, 5, WIDTH * HEIGHT - 1005]
    return mark


def box(chance: random.Random) -> dict[str, float]:
    """Return a box well inside the frame, to a hundredth of a pixel."""
    ends = {"x": WIDTH - 102, "y": HEIGHT - 102, "width": 100, "height": 100}
    return {name: round(chance.uniform(0.01, end), 2) for name, end in ends.items()}


def _spoil(chance: random.Random, answer: dict[str, Any], definition: Definition) -> None:
    """Change one place so that only its type, its name, a range or a choice can be wrong with it."""
    unused = {"plain", "other"} - {one["label"] for one in answer.get("classification", ())}
    if "classification" in answer and unused and chance.random() < 0.1:
        answer["classification"].append({"label": min(unused)})
        return
    if "ranking" in answer and chance.random() < 0.1:
        answer["ranking"]["tiers"] = [[1, 2], [0]]
        return
    if len(answer.get("ordinal", ())) > 1 and chance.random() < 0.1:
        answer["ordinal"].pop()
        return
    places = list(_places(answer, ()))
    if not places or chance.random() < 0.15:
        field = chance.choice(["unknown", "not_applicable", "cannot_assess", "justification"])
        answer[field] = chance.choice(JUNK)
        return
    holder, key, path = chance.choice(places)
    how = chance.random()
    if holder is answer and key == "spans":
        # Relations without their spans are a fault that no schema can see.
        answer.pop("relations", None)
    if isinstance(holder, dict) and how < 0.15:
        holder["unknown"] = 1
    elif isinstance(holder, dict) and how < 0.3:
        del holder[key]
    else:
        holder[key] = chance.choice(_replacements(path, key, definition))


def _replacements(path: tuple[Any, ...], key: Any, definition: Definition) -> list[Any]:
    """Return values for a place whose only possible faults are those a JSON schema can see."""
    if "attributes" in path[:-1] or key in ("attributes", "not_applicable", "justification"):
        return JUNK
    if key == "label":
        return ["unknown", "", None, 3]
    if key in ("level", "strength"):
        return [*NOT_NUMBERS, 0.5, -9, 99, 2, -1]
    if key in ("choice",):
        return ["a", "b", "tie", "c", None]
    if isinstance(key, int) and "keyframes" not in path and "points" not in path and "counts" not in path:
        return [None, True, "1", 0.5, {}]
    if "counts" in path:
        return [None, True, 0.5, {}]
    return NOT_NUMBERS


def _places(value: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, Any, tuple[Any, ...]]]:
    """Yield every place of a document: what holds it, its key there, its path."""
    entries = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in list(entries):
        yield value, key, (*path, key)
        if isinstance(inner, dict | list):
            yield from _places(inner, (*path, key))

"""Merging shapes and spans: how long it takes, and how right it is on answers of ANNOTARY_SAMPLE_DATA."""

from __future__ import annotations

import gzip
import json
import os
import random
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from annotary.formats.coco_outlines import simple_polygons
from annotary.modalities.answers import AnswerValidator, compile_ontology, merge_answers
from annotary.modalities.image.polygon.overlap import iou, outline_of
from annotary.modalities.matching import box_array, box_ious
from annotary.ontology.rules import content_hash, read_definition
from annotary.quality.spans.aggregation import aggregate
from annotary.quality.spans.answers_text import read_tasks
from annotary.quality.spans.measures import score
from bench.report import Report

RUNS = 5
ANNOTATORS = 3
BOXES = 50
TRACKS, KEYFRAMES = 20, 100
SLICE = {"asset": "00", "width": 512, "height": 512}
CLIP = {**SLICE, "frame_count": 300, "time_base": [1, 25], "first_pts": 0, "pts_runs": [[299, 1]]}
Mark = dict[str, Any]


def run(quick: bool) -> Report:
    """Merge made answers of all sizes, and the real ones."""
    report = Report(
        name="merges",
        command="python -m bench merges",
        sizes={"annotators": ANNOTATORS, "boxes": BOXES, "tracks": TRACKS, "keyframes_a_track": KEYFRAMES},
    )
    _made(report)
    folder = Path(os.environ.get("ANNOTARY_SAMPLE_DATA", ""))
    nodules = folder / "polygons_crowd" / "lidc_4readers.jsonl.gz"
    if nodules.exists():
        _readers(report, nodules, quick)
    tags = folder / "ner" / "conll_mturk_tags.jsonl.gz"
    if tags.exists():
        _tags(report, tags)
    return report


def _made(report: Report) -> None:
    chance = random.Random(0)
    boxes = [_box(10.0 * (n % 40), 10.0 * (n // 4), chance) for n in range(BOXES)]
    tracks = [
        {
            "id": str(n),
            "keyframes": [{"frame": 3 * k, **_box(3.0 * k, 20.0 * n, chance)} for k in range(KEYFRAMES)],
        }
        for n in range(TRACKS)
    ]
    for tool, modality, item, marks in (("box", "image", SLICE, boxes), ("tracks", "video", CLIP, tracks)):
        validator = _validator(modality, tool)
        people = [_answer(validator, tool, _moved(marks, chance), item) for _ in range(ANNOTATORS)]
        seconds = [_seconds(lambda: merge_answers(validator, people, item)) for _ in range(RUNS)]  # noqa: B023
        report.add(f"{len(marks)} {tool} of {ANNOTATORS} annotators: merge", 1000 * min(seconds), "ms")


def _box(x: float, y: float, chance: random.Random) -> Mark:
    return {"x": x, "y": y, "width": 20 + 20 * chance.random(), "height": 20 + 20 * chance.random()}


def _moved(marks: Iterable[Mark], chance: random.Random) -> list[Mark]:
    """The same marks by another hand."""
    return [
        {**mark, "keyframes": _moved(mark["keyframes"], chance)}
        if "keyframes" in mark
        else {**mark, "x": mark["x"] + 2 * chance.random(), "y": mark["y"] + 2 * chance.random()}
        for mark in marks
    ]


def _readers(report: Report, file: Path, quick: bool) -> None:
    readings: dict[Any, list[Any]] = defaultdict(list)
    with gzip.open(file, "rt") as lines:
        for row in map(json.loads, lines):
            readings[row["nodule"]].append(row)
    nodules = list(readings.values())[: 25 if quick else None]
    found, milliseconds = _left_out(nodules, "box", _bbox, _box_iou)
    report.add("nodules, merged box: IoU with the reader left out", found, "", goal=0.79)
    report.add("nodules, merged box: an image", milliseconds, "ms", goal=1.0, bound="at most")
    found, milliseconds = _left_out(nodules, "polygon", _outline, _polygon_iou)
    report.add("nodules, merged polygon: IoU with the reader left out", found, "")
    report.add("nodules, merged polygon: an image", milliseconds, "ms")


def _left_out(
    nodules: list[list[Any]],
    tool: str,
    mark_of: Callable[[Any], Mark],
    overlap: Callable[[Any, Any], float],
) -> tuple[float, float]:
    """Return the mean IoU of a reader's drawing and the others' merged one, and a merge's milliseconds."""
    validator = _validator("image", tool)
    found, seconds = [], []
    for rows in nodules:
        answers = [_answer(validator, tool, [mark_of(row)], SLICE) for row in rows]
        for at, answer in enumerate(answers):
            others = [*answers[:at], *answers[at + 1 :]]
            began = time.perf_counter()
            merged = getattr(merge_answers(validator, others, SLICE).value, tool)
            seconds.append(time.perf_counter() - began)
            (mark,) = getattr(answer, tool)
            found.append(sum(overlap(one, mark) for one in merged))
    return statistics.fmean(found), 1000 * statistics.fmean(seconds)


def _bbox(row: Any) -> Mark:
    return dict(zip(("x", "y", "width", "height"), row["bbox"], strict=True))


def _outline(row: Any) -> Mark:
    """Return a reader's outline; of one that touches itself the largest part, else the box."""
    parts = simple_polygons([(float(x), float(y)) for x, y in row["polygon"]])
    x, y, width, height = row["bbox"]
    box = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
    return {"points": max(parts or [box], key=lambda points: outline_of(points).area)}


def _box_iou(one: Any, other: Any) -> float:
    return float(box_ious(box_array([one]), box_array([other]))[0])


def _polygon_iou(one: Any, other: Any) -> float:
    return iou(outline_of(one.points), outline_of(other.points))


def _tags(report: Report, file: Path) -> None:
    with gzip.open(file, "rt") as lines:
        read = read_tasks(lines.read(), file.name)
    tasks = [one.task for one in read]
    outcome = aggregate(tasks)
    scores = score(outcome.spans, [one.truth for one in read])
    assert scores
    report.add("tags of 47 annotators: span F1", scores.f1, "", goal=0.74)
    report.add(
        "tags of 47 annotators: inference", min(_seconds(lambda: aggregate(tasks)) for _ in range(2)), "s"
    )


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _validator(modality: str, tool: str) -> AnswerValidator:
    definition = read_definition({"tools": {tool: {}}, "labels": [{"name": "thing"}]})
    return compile_ontology(modality, definition, content_hash(definition))


def _answer(validator: AnswerValidator, tool: str, marks: list[Mark], item: Mark) -> Any:
    document = {tool: [{"label": "thing", **mark} for mark in marks]}
    return validator.validate(json.dumps(document).encode(), item).answer

"""Large answers: 50 boxes on an image, 20 tracks of 100 keyframes on a clip."""

from __future__ import annotations

import io
import json
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

from PIL import Image

from annotary.modalities.answers import compile_ontology
from annotary.ontology.rules import content_hash, read_definition
from bench.clips import clip
from bench.label_loop import LabelLoop, percentile
from bench.report import Report
from bench.stand import Stand, installation

WIDTH, HEIGHT = 640, 480
FRAMES = 300
BOXES = 50
TRACKS, KEYFRAMES = 20, 100
PEOPLE = 8
TASKS = 6_000
SECONDS = 8.0
VALIDATIONS = 300


class Large(NamedTuple):
    """A kind of large answer: its modality, its tool, the item's file and the answer."""

    name: str
    modality: str
    tool: str
    content: bytes
    media_type: str
    answer: dict[str, Any]


def run(quick: bool) -> Report:
    """Measure what checking one answer costs, and how many a second are taken."""
    seconds, tasks = (2.0, 1_000) if quick else (SECONDS, TASKS)
    report = Report(
        name="answers",
        command="python -m bench answers",
        sizes={
            "boxes": BOXES,
            "tracks": TRACKS,
            "keyframes_a_track": KEYFRAMES,
            "annotators": PEOPLE,
            "seconds": seconds,
        },
    )
    with installation() as stand:
        for large in (_boxes(), _tracks()):
            _measure(report, stand, large, tasks, seconds)
    return report


def _measure(report: Report, stand: Stand, large: Large, tasks: int, seconds: float) -> None:
    definition = {"tools": {large.tool: {}}, "labels": [{"name": "thing"}]}
    project = stand.project(large.name, large.modality, definition)
    asset = stand.call("POST", "/v1/assets", large.content, media_type=large.media_type)["hash"]
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "rows.jsonl"
        rows = (json.dumps({"unique_id": f"{number}", "asset": asset}) for number in range(tasks))
        file.write_text("".join(f"{row}\n" for row in rows))
        stand.import_rows(project, file)
    answer = json.dumps(large.answer, separators=(",", ":")).encode()
    tokens = stand.annotators(project, PEOPLE)
    item = _item(stand, large.modality, project, tokens[0])
    loop = LabelLoop(stand.address, tokens, large.modality, project, (answer,), claim_next=False)
    loop.run(1.0, tasks // 5)
    measured = loop.run(seconds, tasks * 3 // 5)
    loop.close()
    report.add(f"{large.name}: size of the answer", len(answer), "bytes")
    report.add(
        f"{large.name}: checking it", _check_microseconds(large.modality, definition, item, answer), "µs"
    )
    report.add(f"{large.name}: taken", measured.labels_per_second, "labels/s")
    report.add(f"{large.name}: submit p50", 1000 * percentile(measured.submit_seconds, 0.5), "ms")
    report.add(f"{large.name}: submit p99", 1000 * percentile(measured.submit_seconds, 0.99), "ms")


def _item(stand: Stand, modality: str, project: str, token: str) -> dict[str, Any]:
    """Return what the service says of an item: what an answer is checked against."""
    claimed = stand.call("POST", f"/v1/{modality}/claims", {"project": project}, token=token)
    return dict(claimed["assignments"][0]["task"]["item"])


def _check_microseconds(
    modality: str, definition: dict[str, Any], item: dict[str, Any], answer: bytes
) -> float:
    read = read_definition(definition)
    validator = compile_ontology(modality, read, content_hash(read))
    validator.validate(answer, item)
    began = time.process_time()
    for _ in range(VALIDATIONS):
        validator.validate(answer, item)
    return 1e6 * (time.process_time() - began) / VALIDATIONS


def _boxes() -> Large:
    file = io.BytesIO()
    Image.new("RGB", (WIDTH, HEIGHT), "green").save(file, "jpeg")
    boxes = [
        {"label": "thing", "x": 1.5 + 10 * n, "y": 2.25 + 8 * n, "width": 40.5, "height": 30.75}
        for n in range(BOXES)
    ]
    return Large("50 boxes", "image", "box", file.getvalue(), "image/jpeg", {"box": boxes})


def _tracks() -> Large:
    tracks = [
        {
            "id": str(number),
            "label": "thing",
            "keyframes": [
                {"frame": 3 * k, "x": 1.5 + k, "y": 2.25 + number, "width": 40.5, "height": 30.75}
                for k in range(KEYFRAMES)
            ],
        }
        for number in range(TRACKS)
    ]
    content = clip(FRAMES, WIDTH, HEIGHT)
    return Large("20 tracks x 100 keyframes", "video", "tracks", content, "video/mp4", {"tracks": tracks})

"""The starter projects of a new installation: a text, an image and a video one, ready before anybody asks.

Everything in them was written or drawn for this. On every second item a small rule, or a draughtsman with a
shaky hand, suggests an answer, so that people see at once what suggestions are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from annotary.client import Client
from annotary.demo.bundled import COLOURS, coloured, messages
from annotary.demo.drawing import LABELS, boxes, ground, landscape, picture, save_clip, tracks
from annotary.demo.noise import Skill, disturbed
from annotary.demo.setting_up import import_items, ontology_of
from annotary.demo.values import SampleItem, Work

TEXTS, PICTURES, CLIPS = 30, 24, 20
PICTURE_PIXELS = (640, 420)
CLIP_PIXELS = (320, 180)
CLIP_FRAMES, CLIP_RATE, KEYFRAMES_APART = 36, 18, 12
MOVING = ("car", "balloon")
SHAKY = Skill(confusion=0.1, omission=0.15, jitter=0.04, stride=KEYFRAMES_APART)
# Few, so that requests of people who came to label are not held up.
UPLOADS_AT_ONCE = 2
TEXT_INSTRUCTIONS = """# Welcome

People wrote these to a shop. **What is each message about?** Choose one class.
Then mark every *thing* and every *time* that it names.

Some come with the suggestion of a simple rule, which is often wrong: accept it or put it right.
Press `?` for the keys.
"""
PICTURE_INSTRUCTIONS = """# Boxes

Draw a **tight box** around every house, tree, car and balloon.

Some boxes are suggested by a shaky hand, and a thing may be missing: drag a corner to put one right.
Press `?` for the keys.
"""
CLIP_INSTRUCTIONS = """# Tracks

**Follow every car and every balloon** from the first frame to the last: set its box, go a few frames on,
and set it again. What lies between is filled in.

Some tracks are suggested by a shaky hand. Press `?` for the keys.
"""
WHEN = re.compile(
    r"\b(?:(?:two|three|five|nine|ten|thirty|forty|six|four) (?:minutes|hours|days|weeks|years)(?: ago)?"
    r"|a (?:week|day early)|(?:Mon|Wednes|Satur|Sun)days?|March|last year|this week|the fourteenth"
    r"|(?:first|third) time|six in the morning)\b"
)
THING = re.compile(
    r"\b(?:parcel|pan|shirt|boots|box|screen|charger|spare part|glasses|book|card|curtain|app|table|kettle"
    r"|lid|lamp|speaker|battery|order|packet|invoice|receipt|discount code|fence|zip|handle)\b"
)
SIGNS = {
    "billing": r"charged|billed|pay\b|invoice|receipt|refund|fee|amount|card|currency|discount|plan",
    "delivery": r"parcel|courier|track|order(?:ed)?\b|address|driver|sen[dt]|arriv|lorry|collect|neighbour",
    "praise": r"thank|best|happy|lovely|love|easier|nicer|perfect|recommend|patient|care\b|kept your word",
    "quality": r"crack|stick|smell|flicker|blurred|bent|shorter|hum|came off|close|seam|wash|colours",
}


def works(folder: Path) -> Iterator[Work]:
    """Yield the work of each starter project, drawn into a folder when it is its turn."""
    yield texts()
    yield pictures(folder)
    yield clips(folder)


def texts() -> Work:
    """Return messages to a shop: what each is about, and where it names a thing or a time."""
    classes = [{**one, "tools": ["classification"]} for one in coloured(sorted(SIGNS))]
    marks = [
        {"name": name, "colour": colour, "tools": ["spans"]}
        for name, colour in zip(("thing", "time"), COLOURS[4:], strict=False)
    ]
    items = [
        SampleItem(one.unique_id, {**one.row, **(_suggested(guess(one.row["text"])) if at % 2 else {})})
        for at, one in enumerate(messages().items[:TEXTS])
    ]
    return Work(
        name="Starter: messages to a shop",
        modality="text",
        definition={"tools": {"classification": {}, "spans": {}}, "labels": [*classes, *marks]},
        instructions=TEXT_INSTRUCTIONS,
        items=items,
    )


def pictures(folder: Path) -> Work:
    """Return drawn landscapes to put boxes in."""
    items = []
    width, height = PICTURE_PIXELS
    for number in range(PICTURES):
        scene = landscape(f"picture {number}", width, height)
        file = folder / f"landscape-{number + 1:02}.png"
        picture(scene, ground(scene)).save(file)
        items.append(_drawn(file, number, {"box": boxes(scene)}, {"width": width, "height": height}))
    return Work(
        name="Starter: landscapes",
        modality="image",
        definition={"tools": {"box": {}}, "labels": coloured(LABELS)},
        instructions=PICTURE_INSTRUCTIONS,
        items=items,
    )


def clips(folder: Path) -> Work:
    """Return short clips in which cars drive and balloons rise."""
    items = []
    size = {"width": CLIP_PIXELS[0], "height": CLIP_PIXELS[1], "frame_count": CLIP_FRAMES}
    for number in range(CLIPS):
        scene = landscape(f"clip {number}", *CLIP_PIXELS, frames=CLIP_FRAMES)
        file = folder / f"clip-{number + 1:02}.mp4"
        save_clip(scene, file, CLIP_FRAMES, CLIP_RATE)
        truth = {"tracks": tracks(scene, CLIP_FRAMES, KEYFRAMES_APART)}
        items.append(_drawn(file, number, truth, size))
    return Work(
        name="Starter: things that move",
        modality="video",
        definition={"tools": {"tracks": {}}, "labels": coloured(MOVING)},
        instructions=CLIP_INSTRUCTIONS,
        items=items,
    )


def guess(text: str) -> dict[str, Any]:
    """Return what simple rules make of a message: the class with the most signs, and words they know."""
    found = {label: len(re.findall(signs, text, re.IGNORECASE)) for label, signs in SIGNS.items()}
    spans: list[dict[str, Any]] = [
        {"label": label, "start": one.start(), "end": one.end()}
        for label, pattern in (("thing", THING), ("time", WHEN))
        for one in pattern.finditer(text)
    ]
    spans.sort(key=lambda span: span["start"])
    return {"classification": [{"label": max(found, key=lambda label: found[label])}], "spans": spans}


def make(client: Client, folder: Path, say: Callable[[str], None], give_way: Callable[[], object]) -> None:
    """Make the starter projects that were never there; one that somebody deleted does not come back.

    Pictures are drawn into the folder. Cut off anywhere it goes on where it was. `give_way` is called after
    each of the projects.
    """
    known = {one.name: one for state in (None, "deleted") for one in client.projects.list(state=state)}
    imported = {one.project for one in client.imports.list()}
    for work in works(folder):
        project = known.get(work.name) or client.projects.create(
            work.name, work.modality, ontology=ontology_of(client, work), instructions=work.instructions
        )
        if project.state != "deleted" and project.id not in imported:
            import_items(client, project.id, work.items, UPLOADS_AT_ONCE)
            say(f"{work.name}: {len(work.items)} tasks")
        give_way()


def _drawn(file: Path, number: int, truth: Mapping[str, Any], size: Mapping[str, Any]) -> SampleItem:
    """Return the item of a file; every second one has a suggestion."""
    row: dict[str, Any] = {}
    if number % 2:
        tool = next(iter(truth))
        row = _suggested(
            disturbed(truth, SHAKY, sorted({one["label"] for one in truth[tool]}), size, file.name)
        )
    return SampleItem(file.stem, row, file)


def _suggested(answer: Mapping[str, Any]) -> dict[str, Any]:
    return {"predictions": [{"model": "starter", "version": "1", "score": 0.6, "answer": answer}]}

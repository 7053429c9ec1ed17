"""Judging an answer to a known one, for every label type there is, in the process that can be stopped."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest
import pytest_asyncio

from annotary.modalities.label_type import LabelType
from annotary.modalities.registry import label_types, modalities
from annotary.ontology.rules import content_hash, encode_definition, read_definition
from annotary.quality import merge_process
from annotary.quality.errors import MergeStopped
from annotary.quality.merge_process import MergeProcess
from annotary.quality.merging import answered
from annotary.quality.skill.judging import labels_of
from annotary.quality.skill.values import Pair

TYPES = [one for modality in modalities() for one in label_types(modality).values()]
NAMES = [f"{one.modality}-{one.name}" for one in TYPES]
encode = msgspec.json.Encoder().encode


def pair(of: LabelType, given: Any, *, known: Any = None, seconds_max: float = 30.0) -> Pair:
    definition = read_definition(of.example.definition)
    return Pair(
        modality=of.modality,
        definition=encode_definition(definition),
        definition_hash=content_hash(definition),
        item=encode(of.example.item),
        known=encode(known or {of.name: of.example.value}),
        given=encode(given),
        seconds_max=seconds_max,
    )


@pytest_asyncio.fixture
async def process() -> AsyncIterator[MergeProcess]:
    made = MergeProcess()
    yield made
    await made.stop()


async def test_every_label_type_is_judged(process: MergeProcess) -> None:
    """One process for all: starting one for each would take most of the time."""
    for of, name in zip(TYPES, NAMES, strict=True):
        same = await process.judge(pair(of, {of.name: of.example.value}))
        assert (same.blocked, same.score) == ("", 1.0), name
        assert set(same.labels.values()) <= {1.0}, name
        assert sorted(same.labels) == (labels_of({of.name: of.example.value}) if of.labelled else []), name
        none = await process.judge(pair(of, {"cannot_assess": True}))
        assert (none.blocked, none.score) == ("", 0.0), name
        assert set(none.labels.values()) <= {0.0} and sorted(none.labels) == sorted(same.labels), name


BOX = label_types("image")["box"]


def box(label: str, x: float) -> dict[str, Any]:
    return {"label": label, "x": x, "y": 10.0, "width": 100.0, "height": 50.0}


def test_labels_are_judged_apart() -> None:
    known = {"box": [box("car", 10.0), box("person", 300.0)]}
    given = {"box": [box("car", 10.0)]}
    missed = answered(pair(BOX, given, known=known))
    assert missed.labels == {"car": 1.0, "person": 0.0} and 0 < missed.score < 1
    alarm = answered(pair(BOX, known, known=given))
    assert alarm.labels == missed.labels, "what is not there is as wrong as what is missed"
    shifted = answered(pair(BOX, {"box": [box("car", 200.0), box("person", 300.0)]}, known=known))
    assert shifted.labels == {"car": 0.0, "person": 1.0} and 0 < shifted.score < 1


def test_an_answer_that_does_not_fit_cannot_be_judged() -> None:
    found = answered(pair(BOX, {"box": [box("lorry", 10.0)]}))
    assert "The given answer does not fit" in found.blocked and found.score == 0.0


async def test_a_comparison_that_hangs_is_stopped_and_the_next_one_done(
    process: MergeProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(MergeStopped, match="took longer than 0 s"):
        await process.judge(pair(BOX, {"box": [box("car", 30.0)]}, seconds_max=0.0))
    assert (await process.judge(pair(BOX, {"box": []}))).score == 0.0
    monkeypatch.setattr(merge_process, "MERGE_PROCESS_IDLE_SECONDS_MAX", 0.0)
    child = process._process
    await process.rest()
    assert child and child.returncode is not None

"""Samples of answers that people really gave, from the folder `ANNOTARY_SAMPLE_DATA`."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from annotary.demo.people import CLAIMED_AT_ONCE, recorded
from annotary.demo.values import Answer, Sample, SampleItem, Turn

ENTAILMENT = {"0": "does not follow", "1": "follows"}
CHOICES = {0: "tie", 1: "a", 2: "b"}
JUDGES = ("annotator1", "annotator2", "annotator3")


def entailment(folder: Path) -> Sample:
    """Return 800 pairs of sentences judged by ten of 164 workers each (Snow et al. 2008, EMNLP, RTE).

    The sentences were not published with the answers, so an item says which pair it stands for.
    """
    answers: dict[str, dict[str, Answer]] = defaultdict(dict)
    workers_of: dict[str, list[str]] = defaultdict(list)
    for row in _rows(folder / "crowd" / "rte.labels.csv"):
        task, worker = f"pair-{row['task']}", row["worker"]
        answers[worker][task] = {"classification": [{"label": ENTAILMENT[row["label"]]}]}
        workers_of[task].append(worker)
    truth = {
        f"pair-{row['task']}": {"classification": [{"label": ENTAILMENT[row["truth"]]}]}
        for row in _rows(folder / "crowd" / "rte.truth.csv")
    }
    blocks = blocks_of(workers_of)
    people = {worker: recorded(f"rte worker {worker}", given) for worker, given in answers.items()}
    return Sample(
        name="Textual entailment (164 real workers)",
        modality="text",
        definition={
            "tools": {"classification": {}},
            "labels": [{"name": name} for name in ENTAILMENT.values()],
        },
        instructions="Does the second sentence follow from the first?",
        items=[
            SampleItem(task, {"text": f"RTE {task}. The sentences were not published with the answers."})
            for tasks in blocks.values()
            for task in tasks
        ],
        truth=truth,
        truth_from="gold of the PASCAL RTE-1 challenge",
        overlap=max(map(len, workers_of.values())),
        shifts=[
            [Turn(people[worker], len(tasks), len(tasks)) for worker in workers]
            for workers, tasks in blocks.items()
        ],
    )


def blocks_of(workers_of: Mapping[str, list[str]]) -> dict[tuple[str, ...], list[str]]:
    """Return the tasks by who answered them: those who saw the same tasks work on them together."""
    blocks: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for task, workers in workers_of.items():
        blocks[tuple(sorted(workers))].append(task)
    return dict(blocks)


def comparisons(folder: Path) -> Sample:
    """Return pairs of replies with the votes of three annotators (PandaLM, Wang et al. 2023).

    No gold was published: the reference is the majority of the recorded votes, so that the accuracy of the
    consensus tells whether the platform counted right. Pairs without a majority are left out.
    """
    lines = (folder / "preference" / "pandalm_3annotators.jsonl").read_bytes().splitlines()
    rows = {f"pair-{row['idx']}-{row['cmp_key']}": row for row in map(msgspec.json.decode, lines)}
    majority = {key: _majority(row) for key, row in rows.items()}
    truth = {key: _choice(vote) for key, vote in majority.items() if vote is not None}
    kept = {key: row for key, row in rows.items() if key in truth}
    people = [
        recorded(f"PandaLM {judge}", {key: _choice(row[judge]) for key, row in kept.items()})
        for judge in JUDGES
    ]
    return Sample(
        name="Preferences (3 real annotators)",
        modality="text",
        definition={"tools": {"preference": {}}},
        instructions="Which reply answers the prompt better? A tie is allowed.",
        items=[SampleItem(key, _compared(row)) for key, row in kept.items()],
        truth=truth,
        truth_from="majority of the recorded votes (no gold was published)",
        overlap=len(JUDGES),
        shifts=[[Turn(person, len(kept), CLAIMED_AT_ONCE) for person in people]],
    )


def _majority(row: Mapping[str, Any]) -> int | None:
    [(vote, count), *_] = Counter(row[judge] for judge in JUDGES).most_common(1)
    return vote if count * 2 > len(JUDGES) else None


def _choice(vote: int) -> Answer:
    return {"preference": {"choice": CHOICES[vote]}}


def _compared(row: Mapping[str, Any]) -> dict[str, str]:
    prompt = f"{row['instruction']}\n\n{row['input']}" if row["input"] else row["instruction"]
    # Replies such as `True` lost their quotes on the way into the file.
    return {"prompt": prompt, "a": str(row["response1"]), "b": str(row["response2"])}


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))

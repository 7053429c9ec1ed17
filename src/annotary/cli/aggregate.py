"""`annotary aggregate`: what several people's answers say together, on files alone."""

from __future__ import annotations

import csv
import gc
import os
import time
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from annotary.cli.options import Json, print_json, say
from annotary.cli.text_files import read_content

if TYPE_CHECKING:
    from annotary.quality.aggregators import Aggregation, Answers
    from annotary.quality.aggregators.tables import AnswerTable

Truth = Annotated[
    Path | None,
    typer.Option(
        help="CSV: task, truth. Says how right the outcome is.",
        exists=True,
        dir_okay=False,
        show_default=False,
    ),
]
Gold = Annotated[
    Path | None,
    typer.Option(
        help="CSV: task, truth. Known to the aggregator.", exists=True, dir_okay=False, show_default=False
    ),
]


class Method(StrEnum):
    """How to combine answers."""

    AUTO = "auto"
    MAJORITY = "majority"
    DAWID_SKENE = "dawid-skene"
    ONE_COIN = "one-coin"
    HIERARCHICAL = "hierarchical"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("aggregate")(aggregate)


def aggregate(
    answers: Annotated[
        Path,
        typer.Argument(
            help="CSV: task, worker (or annotator), label, maybe weight.", exists=True, dir_okay=False
        ),
    ],
    truth: Truth = None,
    gold: Gold = None,
    method: Annotated[Method, typer.Option(help="auto weighs the others by evidence.")] = Method.AUTO,
    out: Annotated[
        Path | None,
        typer.Option(help="Write task, label, confidence here.", dir_okay=False, show_default=False),
    ] = None,
    json: Json = False,
) -> None:
    """Combine answers into one class a task, with a confidence; an empty label is an abstention."""
    # One core: the arrays are small for threads, whose waiting costs more than it saves. Before numpy starts.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # Looking for cycles among millions of fresh strings doubles the time of reading, and there are none.
    gc.disable()
    from annotary.quality.aggregators import aggregate as run
    from annotary.quality.aggregators.tables import read_answers, read_known

    table = read_answers(read_content(answers), answers.name)
    known = read_known(read_content(gold), gold.name) if gold else {}
    judged = read_known(read_content(truth), truth.name) if truth else {}
    given = table.answers(known)
    begun = time.perf_counter()
    outcome = run(given, method.value)
    seconds = time.perf_counter() - begun
    # What the aggregator was told says nothing about how right it is.
    judged = {task: label for task, label in judged.items() if task not in known}
    result = _result(table, given, outcome, judged) | {"seconds": round(seconds, 4)}
    if out:
        _write(out, table, outcome)
    if json:
        print_json(result)
    else:
        _show(result, table, outcome)


def _result(
    table: AnswerTable, given: Answers, outcome: Aggregation, judged: dict[str, str]
) -> dict[str, Any]:
    from annotary.quality.aggregators.measures import accuracy, calibration_error

    truth = table.numbers_of(judged)
    log_likelihood = outcome.log_likelihood
    return {
        "method": outcome.method,
        "method_used": outcome.method_used,
        "tasks": given.tasks,
        "annotators": given.annotators,
        "labels": len(given),
        "classes": given.classes,
        "seconds": 0.0,
        "accuracy": accuracy(outcome.label, truth),
        "ece": calibration_error(outcome.label, outcome.confidence, truth),
        "abstentions": len(table.label) - len(given),
        "judged": int(((truth >= 0) & (outcome.label >= 0)).sum()),
        "gold": len(given.gold),
        "tie_share": outcome.tie_share,
        "log_likelihood": log_likelihood if log_likelihood == log_likelihood else None,
        "weights": outcome.parameters.get("weights"),
    }


def _write(out: Path, table: AnswerTable, outcome: Aggregation) -> None:
    names = [*table.classes, ""]
    with out.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("task", "label", "confidence"))
        labels = (names[label] for label in outcome.label.tolist())
        confidences = (f"{confidence:.6g}" for confidence in outcome.confidence.tolist())
        writer.writerows(zip(table.tasks, labels, confidences, strict=True))


def _show(result: dict[str, Any], table: AnswerTable, outcome: Aggregation) -> None:
    import numpy as np

    from annotary.cli.shown import print_table

    counted = np.bincount(outcome.label[outcome.label >= 0], minlength=len(table.classes)).tolist()
    sure = outcome.confidence[outcome.label >= 0]
    say(
        f"{result['labels']:,} answers of {result['annotators']:,} annotators to {result['tasks']:,} tasks, "
        f"{result['method_used']} in {result['seconds']:.3f} s"
    )
    rows: list[tuple[str, object]] = [
        (f"tasks of class {name}", n) for name, n in zip(table.classes, counted, strict=True)
    ]
    rows += [("mean confidence", f"{float(sure.mean()):.3f}"), ("tied votes", f"{result['tie_share']:.1%}")]
    if result["accuracy"] is not None:
        rows += [("accuracy", f"{result['accuracy']:.4f}"), ("calibration error", f"{result['ece']:.4f}")]
    print_table(("what", "value"), rows, numbers=("value",))

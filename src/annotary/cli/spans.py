"""`annotary spans aggregate`: what several people's spans say together, from a file alone."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from annotary.cli.options import Json, print_json, say

if TYPE_CHECKING:
    from annotary.quality.spans.answers_text import ReadTask
    from annotary.quality.spans.values import Aggregated

app = typer.Typer(help="Spans: what several people marked in texts.", no_args_is_help=True)


def register(parent: typer.Typer) -> None:
    """Add the group."""
    parent.add_typer(app, name="spans")


@app.callback()
def spans() -> None:
    """Spans: what several people marked in texts."""


@app.command("aggregate")
def aggregate(
    answers: Annotated[
        Path,
        typer.Argument(
            metavar="ANSWERS.jsonl[.gz]",
            help="Lines {task, annotators: {name: BIO tags}}, or an export with its answers.",
            exists=True,
            dir_okay=False,
        ),
    ],
    truth: Annotated[
        bool, typer.Option("--truth/--no-truth", help="Judge the outcome by the lines' truth.")
    ] = True,
    out: Annotated[
        Path | None,
        typer.Option(help="Write {task, spans with confidence} here.", dir_okay=False, show_default=False),
    ] = None,
    json: Json = False,
) -> None:
    """Combine spans by a model of how each annotator marks; every span with its confidence."""
    from annotary.cli.text_files import read_text
    from annotary.quality.spans.aggregation import aggregate as run
    from annotary.quality.spans.answers_text import read_tasks
    from annotary.quality.spans.measures import score

    read = read_tasks(read_text(answers), answers.name)
    started = time.perf_counter()
    outcome = run([one.task for one in read])
    seconds = time.perf_counter() - started
    scores = score(outcome.spans, [one.truth if truth else None for one in read])
    result = {
        "method": "chain",
        **_counts(read, outcome),
        "seconds": round(seconds, 4),
        **(scores._asdict() if scores else dict.fromkeys(("precision", "recall", "f1", "ece"))),
        "f1_expected": outcome.f1_expected,
        "threshold": outcome.threshold,
    }
    if out:
        _write(out, read, outcome)
    if json:
        print_json({**result, "skill": {who: one._asdict() for who, one in outcome.annotators.items()}})
    else:
        _show(result, outcome)


def _counts(read: list[ReadTask], outcome: Aggregated) -> dict[str, Any]:
    given = [spans for one in read for spans in one.task.answers.values()]
    return {
        "tasks": len(read),
        "annotators": len(outcome.annotators),
        "answers": len(given),
        "marks": sum(map(len, given)),
        "overlapping": outcome.overlapping,
        "labels": len({span.label for spans in given for span in spans}),
        "spans": sum(map(len, outcome.spans)),
    }


def _write(out: Path, read: list[ReadTask], outcome: Aggregated) -> None:
    import msgspec

    with out.open("wb") as file:
        for one, found in zip(read, outcome.spans, strict=True):
            marks = [{**one.place(span)._asdict(), "confidence": round(sure, 6)} for span, sure in found]
            file.write(msgspec.json.encode({"task": one.name, "spans": marks}) + b"\n")


def _show(result: dict[str, Any], outcome: Aggregated) -> None:
    from annotary.cli.shown import print_table

    say(
        f"{result['answers']:,} answers of {result['annotators']:,} annotators to {result['tasks']:,} tasks: "
        f"{result['marks']:,} marks became {result['spans']:,} spans in {result['seconds']:.3f} s"
    )
    if result["f1"] is not None:
        say(f"F1 {result['f1']:.4f} (precision {result['precision']:.4f}, recall {result['recall']:.4f})")
    best = sorted(outcome.annotators.items(), key=lambda one: (-one[1].f1, one[0]))
    rows = [
        (who, one.answers, one.spans, f"{one.precision:.3f}", f"{one.recall:.3f}", f"{one.f1:.3f}")
        for who, one in best
    ]
    columns = ("annotator", "answers", "marks", "precision", "recall", "F1")
    print_table(columns, rows, numbers=columns[1:])

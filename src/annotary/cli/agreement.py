"""`annotary agreement`: how far annotators agree, from a file alone or in a running project."""

from __future__ import annotations

import time
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from annotary.cli.connection import Token, Url, connected
from annotary.cli.finding import find_project
from annotary.cli.options import DataDir, Json, print_json, say

if TYPE_CHECKING:
    from annotary.client.agreement import AgreementGroup, Measured, ProjectAgreement
    from annotary.quality.agreement.values import Agreement, Answers, Estimate


class ByName(StrEnum):
    """What a project's agreement is split by."""

    NONE = "none"
    LABEL = "label"
    PAIR = "pair"
    BATCH = "batch"
    WEEK = "week"


class LevelName(StrEnum):
    """What the labels are: names, ranks, or numbers on a scale."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("agreement")(agreement)


def agreement(
    answers: Annotated[
        Path | None,
        typer.Argument(
            metavar="ANSWERS.csv",
            help="Columns task, annotator (or worker), label; an empty label is a missing answer.",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    level: Annotated[LevelName, typer.Option("--level", help="What the labels are.")] = LevelName.NOMINAL,
    order: Annotated[
        str, typer.Option("--order", help="Ordinal labels from the lowest to the highest, with commas.")
    ] = "",
    pairs: Annotated[
        int, typer.Option("--pairs", min=0, help="At most so many pairs: those sharing the most tasks.")
    ] = 100,
    replicates: Annotated[
        int, typer.Option("--replicates", min=0, max=100_000, help="Bootstrap replicates.")
    ] = 1000,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Where the bootstrap starts from.")] = 0,
    project: Annotated[
        str | None, typer.Option("--project", "-p", help="A running project in place of a file: id or name.")
    ] = None,
    by: Annotated[ByName, typer.Option("--by", help="What a project's agreement is split by.")] = ByName.NONE,
    measure: Annotated[str | None, typer.Option("--measure", help="One kind only, such as alpha.")] = None,
    url: Url = None,
    token: Token = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Print Krippendorff's alpha, kappa and percent agreement with intervals, per label and per pair too."""
    if (answers is None) == (project is None):
        raise typer.BadParameter("Give either a file of answers or a --project.")
    if project is not None:
        with connected(url, token, data_dir) as client:
            found = find_project(client, project)
            asked = client.agreement.get(found.modality, found.id, by=by.value, measure=measure)
        print_json(asked) if json else _show_project(asked)
    elif answers is not None:
        _of_file(answers, level, order, pairs, replicates, seed, json)


def _of_file(
    answers: Path, level: LevelName, order: str, pairs: int, replicates: int, seed: int, json: bool
) -> None:
    from annotary.cli.text_files import read_text
    from annotary.quality.agreement.answers_text import by_number, label_numbers, read_answers
    from annotary.quality.agreement.report import agreement as agreement_of

    if order and level is not LevelName.ORDINAL:
        raise typer.BadParameter("--order goes with --level ordinal.")
    read = read_answers(read_text(answers), answers.name)
    ordered = [label.strip() for label in order.split(",")] if order else []
    read, numbers = by_number(read, label_numbers(read, level.value, ordered, answers.name))
    started = time.perf_counter()
    found = agreement_of(
        read, level=level.value, numbers=numbers, pairs=pairs, replicates=replicates, seed=seed
    )
    seconds = time.perf_counter() - started
    if json:
        print_json({"level": level.value, **_counts(read), **_report(found), "seconds": seconds})
    else:
        _show(found, level)


def _counts(answers: Answers) -> dict[str, object]:
    return {
        "answers": len(answers.labels),
        "missing": answers.missing,
        "units": len(answers.unit_names),
        "annotators": len(answers.annotator_names),
        "labels": len(answers.label_names),
    }


def _report(found: Agreement) -> dict[str, object]:
    return {
        "units_pairable": found.units_pairable,
        "alpha": found.alpha._asdict(),
        "fleiss_kappa": found.fleiss_kappa._asdict(),
        "percent_agreement": found.percent_agreement._asdict(),
        "per_label": [_shown(one) for one in found.labels],
        "pairs": [_shown(one) for one in found.pairs],
        "pairs_total": found.pairs_total,
    }


def _shown(one: tuple[object, ...]) -> dict[str, object]:
    """Return a named tuple with estimates in it as nested objects."""
    fields = one._asdict()  # type: ignore[attr-defined]
    return {name: value._asdict() if hasattr(value, "_asdict") else value for name, value in fields.items()}


def _show(found: Agreement, level: LevelName) -> None:
    from annotary.cli.shown import print_table

    overall = (
        (f"Krippendorff's alpha ({level.value})", *_cells(found.alpha)),
        ("Fleiss' kappa", *_cells(found.fleiss_kappa)),
        ("percent agreement", *_cells(found.percent_agreement)),
    )
    print_table(("measure", "value", "95 % interval"), overall, numbers=("value",))
    if found.labels:
        rows = [
            (one.label, one.answers, *_cells(one.alpha), *_cells(one.specific_agreement))
            for one in found.labels
        ]
        of_labels = ("label", "answers", "alpha", "95 % interval", "specific", "95 % interval")
        print_table(of_labels, rows, numbers=("answers", "alpha", "specific"))
    if found.pairs:
        pairs = [
            (*one.annotators, one.shared, *_cells(one.percent_agreement), *_cells(one.cohen_kappa))
            for one in found.pairs
        ]
        of_pairs = ("one", "other", "shared", "percent", "95 % interval", "kappa", "95 % interval")
        print_table(of_pairs, pairs, numbers=("shared", "percent", "kappa"))
    if found.pairs_total and found.pairs_total > len(found.pairs):
        say(f"{len(found.pairs)} of {found.pairs_total} pairs; --pairs shows more.")


def _show_project(found: ProjectAgreement) -> None:
    from annotary.cli.shown import print_table

    rows = [
        (one.tool, _group_name(one), one.tasks, name, *_cells(measured))
        for one in found.groups
        for name, measured in one.measures.items()
    ]
    columns = ("tool", found.by, "tasks", "measure", "value", "95 % interval")
    kept = [column for column in columns if column != "none"]
    shown = [
        tuple(cell for column, cell in zip(columns, row, strict=True) if column != "none") for row in rows
    ]
    print_table(kept, shown, numbers=("tasks", "value"))
    for number, what in (
        (found.waiting, "still to be compared"),
        (found.failed, "that could not be compared"),
    ):
        if number:
            say(f"Not in the numbers: {number} tasks {what}.")


def _group_name(one: AgreementGroup) -> str:
    if one.annotators:
        return " and ".join(annotator.name or annotator.member for annotator in one.annotators)
    return str(one.label or one.batch or one.week or "")


def _cells(estimate: Estimate | Measured) -> tuple[str, str]:
    value = "-" if estimate.value is None else f"{estimate.value:.3f}"
    if estimate.low is None or estimate.high is None:
        return value, "-"
    return value, f"{estimate.low:.3f} to {estimate.high:.3f}"

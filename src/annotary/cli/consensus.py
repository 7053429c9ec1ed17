"""`annotary consensus`: outcomes found anew from all answers, and put back as they were."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from annotary.cli.connection import on_platform
from annotary.cli.finding import find_project
from annotary.cli.options import Json, ProjectOption, print_json

if TYPE_CHECKING:
    from annotary.client import Client
    from annotary.client.consensus import ConsensusRun
    from annotary.client.values import Modality

app = typer.Typer(help="Consensus: outcomes found anew, and put back.", no_args_is_help=True)
SUMMARY = ("looked_at", "answers", "confidences", "reviewed", "moved", "stuck")


def register(parent: typer.Typer) -> None:
    """Add the group."""
    parent.add_typer(app, name="consensus")


@app.command()
@on_platform
def run(
    client: Client,
    project: ProjectOption,
    aggregator: Annotated[
        str | None,
        typer.Option(
            "--aggregator",
            help="auto, majority, dawid-skene, one-coin, hierarchical or spans (default: the project's).",
            show_default=False,
        ),
    ] = None,
    gold: Annotated[bool, typer.Option("--gold/--no-gold", help="Known answers are evidence.")] = True,
    json: Json = False,
) -> None:
    """Find all outcomes of a project anew; those that change get a new version beside the old."""
    found = find_project(client, project)
    started = client.consensus_runs.start(found.modality, found.id, aggregator=aggregator, gold=gold)
    _follow(client, found.modality, started, json)


@app.command()
@on_platform
def revert(
    client: Client,
    project: ProjectOption,
    run: Annotated[str, typer.Argument(metavar="RUN", help="The id of the run to take back.")],
    json: Json = False,
) -> None:
    """Put back what a run replaced; outcomes that changed since stay as they are."""
    modality = find_project(client, project).modality
    _follow(client, modality, client.consensus_runs.revert(modality, run), json)


@app.command("list")
@on_platform
def list_runs(client: Client, project: ProjectOption, json: Json = False) -> None:
    """List the runs over a project's outcomes, oldest first."""
    found = find_project(client, project)
    _show(list(client.consensus_runs.list(found.modality, found.id)), json)


def _follow(client: Client, modality: Modality, started: ConsensusRun, json: bool) -> None:
    from annotary.cli.shown import follow_job, progress_bar

    with progress_bar("Finding outcomes" if started.reverts is None else "Putting outcomes back") as update:
        client.jobs.wait(started.job, progress=follow_job(update))
    ended = client.consensus_runs.get(modality, started.id)
    if json:
        print_json(ended)
    else:
        _show([ended], json)


def _show(runs: list[ConsensusRun], json: bool) -> None:
    if json:
        print_json({"runs": runs})
        return
    from annotary.cli.shown import print_table

    columns = ("run", "aggregator", "state", "method", *(name.replace("_", " ") for name in SUMMARY))
    print_table(columns, [_row(one) for one in runs], numbers=columns[4:])


def _row(run: ConsensusRun) -> tuple[object, ...]:
    summary: dict[str, Any] = run.summary or {}
    what = run.aggregator if run.reverts is None else f"reverts {run.reverts}"
    counts = (summary.get(name, "") for name in SUMMARY)
    return (run.id, what, run.state, summary.get("method_used", ""), *counts)

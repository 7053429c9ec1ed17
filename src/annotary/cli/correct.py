"""`annotary correct preview|apply|approve|revert`: many answers put right at once, and put back."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from annotary.cli.connection import on_platform, read_json
from annotary.cli.finding import find_member, find_project
from annotary.cli.ontology_changes import Wait, await_changes, show_changes, show_looked
from annotary.cli.options import Json, ProjectOption, Reason, print_json, say

if TYPE_CHECKING:
    from annotary.client import Client
    from annotary.client.changes import Change
    from annotary.client.values import Modality

app = typer.Typer(help="Corrections: previewed, audited, reversible.", no_args_is_help=True)
StepsFile = Annotated[
    Path | None,
    typer.Option("--steps", help="A JSON file: the list of steps.", exists=True, dir_okay=False),
]
Function = Annotated[
    str | None,
    typer.Option(
        "--function", help="FILE.py:NAME, a function of an answer that returns the right one (or None)."
    ),
]
Label = Annotated[str | None, typer.Option("--label", help="Only marks of this label.")]
Where = Annotated[
    Path | None,
    typer.Option("--where", help="A JSON file: conditions on marks.", exists=True, dir_okay=False),
]
Annotators = Annotated[
    list[str] | None, typer.Option("--annotator", help="Only answers of theirs: id or name (repeatable).")
]
Since = Annotated[datetime.datetime | None, typer.Option("--since", help="Only answers since then (UTC).")]
Until = Annotated[datetime.datetime | None, typer.Option("--until", help="Only answers before then (UTC).")]
Batches = Annotated[list[str] | None, typer.Option("--batch", help="Only of these batches (repeatable).")]
Model = Annotated[
    str | None, typer.Option("--model", help="Only answers that this model suggested: NAME or NAME@VERSION.")
]
ChangeArgument = Annotated[str, typer.Argument(metavar="CHANGE", help="Its id.")]


def register(parent: typer.Typer) -> None:
    """Add the group."""
    parent.add_typer(app, name="correct")


def _correcting(applies: bool) -> Callable[..., None]:
    """Return the command that previews corrections, or the one that applies them: they are told the same."""

    def command(
        client: Client,
        project: ProjectOption,
        steps: StepsFile = None,
        function: Function = None,
        label: Label = None,
        where: Where = None,
        annotator: Annotators = None,
        since: Since = None,
        until: Until = None,
        batch: Batches = None,
        model: Model = None,
        reason: Reason = "",
        wait: Wait = True,
        json: Json = False,
    ) -> None:
        found = find_project(client, project)
        chosen = _filter(client, label, where, annotator, since, until, batch, model)
        told = _told(client, found.modality, found.id, chosen, steps, function)
        if applies:
            change = client.changes.correct(found.modality, found.id, reason=reason, **told)
            _tell(client, found.modality, change, wait, json)
            return
        looked = client.changes.preview(found.modality, found.id, **told)
        if json:
            print_json(looked)
        else:
            show_looked(looked)

    return on_platform(command)


app.command("preview", help="Say what a correction would do: counts, and answers before and after.")(
    _correcting(applies=False)
)
app.command("apply", help="Correct answers; a large correction waits for another manager, who approves it.")(
    _correcting(applies=True)
)


@app.command()
@on_platform
def approve(
    client: Client, project: ProjectOption, change: ChangeArgument, wait: Wait = True, json: Json = False
) -> None:
    """Approve what another manager proposed; it is done then."""
    modality = find_project(client, project).modality
    _tell(client, modality, client.changes.act(modality, change, "approve"), wait, json)


@app.command()
@on_platform
def revert(
    client: Client, project: ProjectOption, change: ChangeArgument, wait: Wait = True, json: Json = False
) -> None:
    """Put back what a correction changed, to the byte; answers that changed since stay."""
    modality = find_project(client, project).modality
    _tell(client, modality, client.changes.act(modality, change, "rollback"), wait, json)


def _tell(client: Client, modality: Modality, change: Change, wait: bool, json: bool) -> None:
    if wait and change.state != "proposed":
        (change,) = await_changes(client, modality, [change])
    if json:
        print_json(change)
        return
    if change.state == "proposed":
        say(f"It is large, so another manager has to approve it: annotary correct approve {change.id}")
    show_changes([change])


def _filter(
    client: Client,
    label: str | None,
    where: Path | None,
    annotators: list[str] | None,
    since: datetime.datetime | None,
    until: datetime.datetime | None,
    batches: list[str] | None,
    model: str | None,
) -> dict[str, Any]:
    name, _, version = (model or "").partition("@")
    told = {
        "label": label,
        "where": read_json(where) if where else None,
        "members": [find_member(client, one).id for one in annotators] if annotators else None,
        "since": since and since.replace(tzinfo=datetime.UTC),
        "until": until and until.replace(tzinfo=datetime.UTC),
        "batches": batches,
        "model": name or None,
        "model_version": version or None,
    }
    return {key: value for key, value in told.items() if value is not None}


def _told(
    client: Client,
    modality: Modality,
    project: str,
    chosen: dict[str, Any],
    steps: Path | None,
    function: str | None,
) -> dict[str, Any]:
    """Return a correction's action: steps, or what the owner's function makes of each answer."""
    if function is None:
        return {"filter": chosen, "steps": read_json(steps) if steps else []}
    from annotary.cli.owner_function import corrected

    return {"answers": corrected(client, modality, project, function, chosen)}

"""`annotary gold`: tasks with known answers, which are mixed in unseen."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from annotary.cli.connection import on_platform
from annotary.cli.finding import find_project
from annotary.cli.options import Json, Limit, ProjectOption, Reason, print_json, tell
from annotary.cli.parts import act, parts
from annotary.kernel.errors import Malformed

if TYPE_CHECKING:
    from annotary.client import Client

app = typer.Typer(help="Gold: tasks with known answers, mixed in unseen.", no_args_is_help=True)
TaskIds = Annotated[list[str], typer.Argument(metavar="TASK...", help="Ids of gold tasks.")]
ACTIONS = {
    "retire": "Give gold tasks to nobody any more.",
    "reinstate": "Give retired or suspect gold tasks out again.",
    "return": "Make gold tasks what they were before.",
}


def register(parent: typer.Typer) -> None:
    """Add the group."""
    parent.add_typer(app, name="gold")


@app.command("list")
@on_platform
def list_gold(
    client: Client,
    project: ProjectOption,
    state: Annotated[
        str | None, typer.Option("--state", help="All in this state: active, retired, suspect, returned.")
    ] = None,
    limit: Limit = 50,
    json: Json = False,
) -> None:
    """List the gold tasks of a project, with how often they were given out and how they were answered."""
    found = find_project(client, project)
    gold = list(islice(client.gold.list(found.modality, found.id, state=state), limit))  # type: ignore[arg-type]
    if json:
        print_json({"gold": gold})
        return
    from annotary.cli.shown import print_table

    rows = [
        (
            one.task,
            one.unique_id,
            one.state,
            "qualification" if one.qualification else "mixed in",
            one.exposures,
            one.answers,
            "" if one.score is None else f"{one.score:.2f}",
            one.reason or "",
        )
        for one in gold
    ]
    columns = ("task", "unique_id", "state", "kind", "exposures", "answers", "score", "reason")
    print_table(columns, rows, numbers=("exposures", "answers", "score"))


@app.command()
@on_platform
def add(
    client: Client,
    project: ProjectOption,
    file: Annotated[
        Path | None,
        typer.Argument(
            help='Lines of {"unique_id" | "task", "answer", "qualification"?}.', exists=True, dir_okay=False
        ),
    ] = None,
    from_outcomes: Annotated[
        list[str] | None,
        typer.Option("--from-outcome", metavar="TASK", help="A done task whose outcome is the known answer."),
    ] = None,
    qualification: Annotated[
        bool, typer.Option("--qualification", help="Part of the gate for newcomers, not mixed in.")
    ] = False,
    json: Json = False,
) -> None:
    """Make gold of tasks, with the answers of a file or of their accepted outcomes."""
    if (file is None) == (not from_outcomes):
        raise typer.BadParameter("Name a file of answers, or tasks with --from-outcome.")
    found = find_project(client, project)
    if file is not None:
        made = [
            client.gold.add(found.modality, found.id, part) for part in parts(_answers(file, qualification))
        ]
    else:
        made = [
            client.gold.add_outcomes(found.modality, found.id, part, qualification=qualification)
            for part in parts(from_outcomes or [])
        ]
    counts = {name: sum(getattr(one, name) for one in made) for name in ("made", "corrected", "unchanged")}
    words = ", ".join(f"{count} {name}" for name, count in counts.items())
    tell(json, {"ok": True, **counts}, f"{words}.")


@app.command()
@on_platform
def rotate(
    client: Client,
    project: ProjectOption,
    tasks: Annotated[int, typer.Option("--tasks", help="At most so many.")] = 10,
    json: Json = False,
) -> None:
    """Exchange the most exposed gold tasks for retired ones that rested longest."""
    found = find_project(client, project)
    done = client.gold.rotate(found.modality, found.id, tasks)
    tell(json, done, f"{len(done.retired)} retired, {len(done.reinstated)} reinstated.")


def _acting(action: str) -> Callable[..., None]:
    """Return the command that does one thing to gold tasks."""

    @on_platform
    def command(
        client: Client, project: ProjectOption, tasks: TaskIds, reason: Reason = "", json: Json = False
    ) -> None:
        modality = find_project(client, project).modality
        act(action, tasks, lambda part: client.gold.act(modality, action, part, reason=reason), json)  # type: ignore[arg-type]

    return command


def _answers(file: Path, qualification: bool) -> list[dict[str, Any]]:
    """Return the lines of a file of known answers; raises Malformed with the line that is none."""
    import msgspec

    found: list[dict[str, Any]] = []
    for number, line in enumerate(file.read_bytes().splitlines(), 1):
        if line.strip():
            try:
                entry = msgspec.json.decode(line, type=dict[str, Any])
            except (msgspec.MsgspecError, UnicodeError) as error:
                raise Malformed(
                    f"{file}, line {number}: found what is no JSON object ({error}),"
                    ' expected {"unique_id" | "task", "answer", "qualification"?}.'
                ) from None
            found.append({"qualification": qualification} | entry)
    return found


for _action, _words in ACTIONS.items():
    app.command(_action, help=_words)(_acting(_action))

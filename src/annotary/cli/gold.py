"""`annotary gold`: tasks with known answers, which are mixed in unseen."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer

from annotary.cli.connection import Token, Url, connected
from annotary.cli.finding import find_project
from annotary.cli.options import DataDir, Json, print_json, say
from annotary.kernel.errors import Malformed

app = typer.Typer(help="Gold: tasks with known answers, mixed in unseen.", no_args_is_help=True)
Named = Annotated[str, typer.Option("--project", "-p", help="The project: id or name.")]
TaskIds = Annotated[list[str], typer.Argument(metavar="TASK...", help="Ids of gold tasks.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; it is kept in the record.")]
AT_ONCE = 1000


def register(parent: typer.Typer) -> None:
    """Add the group."""
    parent.add_typer(app, name="gold")


@app.command("list")
def list_gold(
    project: Named,
    state: Annotated[
        str | None, typer.Option("--state", help="All in this state: active, retired, suspect, returned.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", help="At most so many.")] = 50,
    url: Url = None,
    token: Token = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """List the gold tasks of a project, with how often they were given out and how they were answered."""
    with connected(url, token, data_dir) as client:
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
def add(
    project: Named,
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
    url: Url = None,
    token: Token = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Make gold of tasks, with the answers of a file or of their accepted outcomes."""
    if (file is None) == (not from_outcomes):
        raise typer.BadParameter("Name a file of answers, or tasks with --from-outcome.")
    counts = {"made": 0, "corrected": 0, "unchanged": 0}
    wanted: list[Any] = from_outcomes or _answers(file, qualification)
    with connected(url, token, data_dir) as client:
        found = find_project(client, project)
        for at in range(0, len(wanted), AT_ONCE):
            chunk = wanted[at : at + AT_ONCE]
            if from_outcomes:
                done = client.gold.add_outcomes(found.modality, found.id, chunk, qualification=qualification)
            else:
                done = client.gold.add(found.modality, found.id, chunk)
            counts = {name: count + getattr(done, name) for name, count in counts.items()}
    if json:
        print_json({"ok": True, **counts})
    else:
        say(", ".join(f"{count} {name}" for name, count in counts.items()) + ".")


@app.command()
def retire(
    project: Named,
    tasks: TaskIds,
    reason: Reason = "",
    url: Url = None,
    token: Token = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Give gold tasks to nobody any more."""
    _act("retire", project, tasks, reason, (url, token, data_dir), json)


@app.command()
def reinstate(
    project: Named,
    tasks: TaskIds,
    url: Url = None,
    token: Token = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Give retired or suspect gold tasks out again."""
    _act("reinstate", project, tasks, "", (url, token, data_dir), json)


@app.command("return")
def turn_back(
    project: Named,
    tasks: TaskIds,
    reason: Reason = "",
    url: Url = None,
    token: Token = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Make gold tasks what they were before."""
    _act("return", project, tasks, reason, (url, token, data_dir), json)


@app.command()
def rotate(
    project: Named,
    tasks: Annotated[int, typer.Option("--tasks", help="At most so many.")] = 10,
    url: Url = None,
    token: Token = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Exchange the most exposed gold tasks for retired ones that rested longest."""
    with connected(url, token, data_dir) as client:
        found = find_project(client, project)
        done = client.gold.rotate(found.modality, found.id, tasks)
    if json:
        print_json(done)
    else:
        say(f"{len(done.retired)} retired, {len(done.reinstated)} reinstated.")


def _answers(file: Path | None, qualification: bool) -> list[dict[str, Any]]:
    """Return the lines of a file of known answers; raises Malformed with the line that is none."""
    import msgspec

    assert file is not None
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


def _act(
    action: str,
    project: str,
    tasks: list[str],
    reason: str,
    where: tuple[str | None, str | None, Path | None],
    json: bool,
) -> None:
    changed = 0
    with connected(*where) as client:
        found = find_project(client, project)
        for at in range(0, len(tasks), AT_ONCE):
            chunk = tasks[at : at + AT_ONCE]
            changed += client.gold.act(found.modality, action, chunk, reason=reason)  # type: ignore[arg-type]
    if json:
        print_json({"ok": True, "changed": changed, "unchanged": len(tasks) - changed})
    else:
        say(f"{action}: {changed} of {len(tasks)} gold tasks.")

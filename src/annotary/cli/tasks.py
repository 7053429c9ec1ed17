"""`annotary tasks`: what there is to do, and what a manager does about it."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from annotary.cli.connection import Token, Url, connected
from annotary.cli.finding import find_member, find_project
from annotary.cli.options import DataDir, Json, print_json, say

app = typer.Typer(help="Tasks: what there is to do.", no_args_is_help=True)
Named = Annotated[str, typer.Option("--project", "-p", help="The project: id or name.")]
TaskIds = Annotated[list[str] | None, typer.Argument(metavar="[TASK]...", help="Ids of tasks.")]
OfState = Annotated[
    str | None, typer.Option("--state", help="All in this state: open, paused, done, cancelled.")
]
Reason = Annotated[str, typer.Option("--reason", help="Why; it is kept in the record.")]
AT_ONCE = 1000


def register(parent: typer.Typer) -> None:
    """Add the group."""
    parent.add_typer(app, name="tasks")


@app.command("list")
def list_tasks(
    project: Named,
    state: OfState = None,
    limit: Annotated[int, typer.Option("--limit", help="At most so many.")] = 50,
    url: Url = None,
    token: Token = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """List the tasks of a project."""
    with connected(url, token, data_dir) as client:
        found = find_project(client, project)
        tasks = list(islice(client.tasks.list(found.modality, found.id, state=state), limit))  # type: ignore[arg-type]
    if json:
        print_json({"tasks": tasks})
        return
    from annotary.cli.shown import print_table

    rows = [(one.id, one.unique_id, one.state, f"{one.answered}/{one.overlap}", one.leased) for one in tasks]
    print_table(("task", "unique_id", "state", "answers", "leased"), rows, numbers=("answers", "leased"))


@app.command()
def show(
    project: Named,
    task: Annotated[str, typer.Argument(help="The id of the task.")],
    url: Url = None,
    token: Token = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Show a task, its answers and its outcome."""
    with connected(url, token, data_dir) as client:
        modality = find_project(client, project).modality
        found = client.tasks.get(modality, task)
        answers = list(client.submissions.list(modality, task=task))
        outcome = client.outcomes.get(modality, task)
    if json:
        print_json({"task": found, "submissions": answers, "outcome": outcome})
        return
    import msgspec

    from annotary.cli.shown import print_table

    current = outcome.current
    rows: list[tuple[object, ...]] = [
        (one.member, one.received_at.isoformat(timespec="seconds"), msgspec.json.encode(one.answer).decode())
        for one in answers
    ]
    if current is not None:
        agreed = msgspec.json.encode(current.answer).decode()
        rows.append((f"{current.aggregator} ({current.confidence:.2f})", outcome.state, agreed))
    say(f"{found.id}  {found.unique_id}  {found.state}, {found.answered} of {found.overlap} answers")
    print_table(("by", "when", "answer"), rows)


@app.command()
def pause(
    project: Named,
    tasks: TaskIds = None,
    state: OfState = None,
    reason: Reason = "",
    url: Url = None,
    token: Token = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Hold tasks back; those who have them may finish."""
    _act("pause", project, tasks, state, reason, (url, token, data_dir), json)


@app.command()
def resume(
    project: Named,
    tasks: TaskIds = None,
    state: OfState = None,
    reason: Reason = "",
    url: Url = None,
    token: Token = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Offer paused tasks again."""
    _act("resume", project, tasks, state, reason, (url, token, data_dir), json)


@app.command()
def requeue(
    project: Named,
    tasks: TaskIds = None,
    state: OfState = None,
    reason: Reason = "",
    url: Url = None,
    token: Token = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Ask for all answers anew; earlier ones stay in the record and no longer count."""
    _act("requeue", project, tasks, state, reason, (url, token, data_dir), json)


@app.command()
def cancel(
    project: Named,
    tasks: TaskIds = None,
    state: OfState = None,
    reason: Reason = "",
    url: Url = None,
    token: Token = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """End tasks without an outcome; answers stay in the record."""
    _act("cancel", project, tasks, state, reason, (url, token, data_dir), json)


@app.command()
def reassign(
    project: Named,
    task: Annotated[str, typer.Argument(help="The id of the task.")],
    to: Annotated[str, typer.Option("--to", help="The member: id, name or address.")],
    url: Url = None,
    token: Token = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Take a task back from whoever has it, and keep it for one member."""
    with connected(url, token, data_dir) as client:
        member = find_member(client, to)
        client.tasks.reassign(find_project(client, project).modality, task, member.id)
    if json:
        print_json({"ok": True, "task": task, "member": member.id})
    else:
        say(f"{task} is kept for {member.name}.")


def _act(
    action: str,
    project: str,
    tasks: list[str] | None,
    state: str | None,
    reason: str,
    where: tuple[str | None, str | None, Path | None],
    json: bool,
) -> None:
    """Act on the tasks named, or on all in a state, by the thousand."""
    if bool(tasks) == (state is not None):
        raise typer.BadParameter("Name tasks by id, or say --state.")
    changed = 0
    with connected(*where) as client:
        found = find_project(client, project)
        named = tasks or [one.id for one in client.tasks.list(found.modality, found.id, state=state)]  # type: ignore[arg-type]
        for at in range(0, len(named), AT_ONCE):
            chunk = named[at : at + AT_ONCE]
            changed += client.tasks.act(found.modality, action, chunk, reason=reason)  # type: ignore[arg-type]
    if json:
        print_json({"ok": True, "changed": changed, "unchanged": len(named) - changed})
    else:
        say(f"{action}: {changed} of {len(named)} tasks.")

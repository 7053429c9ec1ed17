"""`annotary tasks`: what there is to do, and what a manager does about it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import TYPE_CHECKING, Annotated

import typer

from annotary.cli.connection import on_platform
from annotary.cli.finding import find_member, find_project
from annotary.cli.options import Json, Limit, ProjectOption, Reason, print_json, say, tell
from annotary.cli.parts import act

if TYPE_CHECKING:
    from annotary.client import Client

app = typer.Typer(help="Tasks: what there is to do.", no_args_is_help=True)
TaskId = Annotated[str, typer.Argument(help="The id of the task.")]
OfState = Annotated[
    str | None, typer.Option("--state", help="All in this state: open, paused, done, cancelled.")
]
ACTIONS = {
    "pause": "Hold tasks back; those who have them may finish.",
    "resume": "Offer paused tasks again.",
    "requeue": "Ask for all answers anew; earlier ones stay in the record and no longer count.",
    "cancel": "End tasks without an outcome; answers stay in the record.",
}


def register(parent: typer.Typer) -> None:
    """Add the group."""
    parent.add_typer(app, name="tasks")


@app.command("list")
@on_platform
def list_tasks(
    client: Client, project: ProjectOption, state: OfState = None, limit: Limit = 50, json: Json = False
) -> None:
    """List the tasks of a project."""
    found = find_project(client, project)
    tasks = list(islice(client.tasks.list(found.modality, found.id, state=state), limit))  # type: ignore[arg-type]
    if json:
        print_json({"tasks": tasks})
        return
    from annotary.cli.shown import print_table

    rows = [(one.id, one.unique_id, one.state, f"{one.answered}/{one.overlap}", one.leased) for one in tasks]
    print_table(("task", "unique_id", "state", "answers", "leased"), rows, numbers=("answers", "leased"))


@app.command()
@on_platform
def show(client: Client, project: ProjectOption, task: TaskId, json: Json = False) -> None:
    """Show a task, its answers and its outcome."""
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
@on_platform
def reassign(
    client: Client,
    project: ProjectOption,
    task: TaskId,
    to: Annotated[str, typer.Option("--to", help="The member: id, name or address.")],
    json: Json = False,
) -> None:
    """Take a task back from whoever has it, and keep it for one member."""
    member = find_member(client, to)
    client.tasks.reassign(find_project(client, project).modality, task, member.id)
    tell(json, {"ok": True, "task": task, "member": member.id}, f"{task} is kept for {member.name}.")


def _acting(action: str) -> Callable[..., None]:
    """Return the command that does one thing to tasks."""

    @on_platform
    def command(
        client: Client,
        project: ProjectOption,
        tasks: Annotated[list[str] | None, typer.Argument(metavar="[TASK]...", help="Ids of tasks.")] = None,
        state: OfState = None,
        reason: Reason = "",
        json: Json = False,
    ) -> None:
        if bool(tasks) == (state is not None):
            raise typer.BadParameter("Name tasks by id, or say --state.")
        found = find_project(client, project)
        named = tasks or [one.id for one in client.tasks.list(found.modality, found.id, state=state)]  # type: ignore[arg-type]
        act(action, named, lambda part: client.tasks.act(found.modality, action, part, reason=reason), json)  # type: ignore[arg-type]

    return command


for _action, _words in ACTIONS.items():
    app.command(_action, help=_words)(_acting(_action))

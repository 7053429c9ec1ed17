"""`annotary outcomes`: the history of an outcome, and going back in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from annotary.cli.connection import on_platform
from annotary.cli.events import stream
from annotary.cli.options import Json, Reason, print_json, tell

if TYPE_CHECKING:
    from annotary.client import Client

CHANGES_SHOWN = 5
app = typer.Typer(help="Outcomes: what was agreed, and what was before.", no_args_is_help=True)


def register(parent: typer.Typer) -> None:
    """Add the group."""
    app.command("stream")(on_platform(stream))
    parent.add_typer(app, name="outcomes")


@app.command()
@on_platform
def history(
    client: Client,
    task: Annotated[str, typer.Argument(metavar="TASK", help="task_…")],
    json: Json = False,
) -> None:
    """Show the versions of a task's outcome, newest first, with what each changed."""
    found = client.lineage.history(client.lineage.modality_of(task), task)
    if json:
        print_json(found)
        return
    from annotary.cli.shown import print_table

    columns = ("version", "outcome", "state", "by", "confidence", "when", "what changed")
    print_table(columns, [_row(one, found["people"]) for one in found["versions"]])


def _row(version: dict[str, Any], names: dict[str, str]) -> tuple[object, ...]:
    changes = (version["diff"] or {}).get("changes", [])
    words = [change["text"] for change in changes[:CHANGES_SHOWN]]
    words += [f"and {len(changes) - CHANGES_SHOWN} more"] if len(changes) > CHANGES_SHOWN else []
    by = version["made_by"]
    if version["member"]:
        by += f", {names.get(version['member'], version['member'])}"
    state = f"{version['state']}{', current' if version['is_current'] else ''}"
    named = (version["version"], version["id"], state, by, f"{version['confidence']:.3f}")
    return (*named, version["created_at"], "; ".join(words))


@app.command()
@on_platform
def revert(
    client: Client,
    outcome: Annotated[str, typer.Argument(metavar="OUTCOME", help="The earlier version: out_…")],
    reason: Reason = "",
    json: Json = False,
) -> None:
    """Go back to an earlier version: what it said becomes the next one. For managers."""
    made = client.lineage.revert(client.lineage.modality_of(outcome), outcome, reason=reason)
    tell(json, made, f"{made.id}: version {made.version} says again what {outcome} said.")

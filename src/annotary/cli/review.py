"""`annotary review`: second looks at outcomes, and audits of what was accepted."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any

import typer

from annotary.cli.connection import on_platform
from annotary.cli.finding import find_member, find_project
from annotary.cli.options import Json, Limit, ProjectOption, print_json

if TYPE_CHECKING:
    from annotary.client import Client

app = typer.Typer(help="Reviews: second looks at outcomes, and audits.", no_args_is_help=True)


def register(parent: typer.Typer) -> None:
    """Add the group."""
    parent.add_typer(app, name="review")


@app.command("list")
@on_platform
def list_reviews(
    client: Client,
    project: ProjectOption,
    task: Annotated[str | None, typer.Option("--task", help="The history of one task.")] = None,
    state: Annotated[
        str | None, typer.Option("--state", help="All in this state: open, leased, decided, withdrawn.")
    ] = None,
    limit: Limit = 50,
    json: Json = False,
) -> None:
    """List reviews: all to a manager, one's own to a reviewer."""
    found = find_project(client, project)
    named = {"task": task} if task else {"project": found.id}
    reviews = list(islice(client.reviews.list(found.modality, state=state, **named), limit))
    if json:
        print_json({"reviews": reviews})
        return
    from annotary.cli.shown import print_table

    columns = ("review", "unique_id", "level", "state", "verdict", "by", "what")
    print_table(columns, [_row(one) for one in reviews])


def _row(review: dict[str, Any]) -> tuple[object, ...]:
    changes = (review["diff"] or {}).get("changes", [])
    what = "; ".join(change["text"] for change in changes[:3]) or review["comment"]
    level = f"{review['level']} of {review['levels']}"
    named = (review["id"], review["unique_id"], level, review["state"])
    return (*named, review["verdict"] or "", review["member"] or "", what)


@app.command()
@on_platform
def audit(
    client: Client,
    project: ProjectOption,
    shown: Annotated[
        str | None, typer.Argument(metavar="[AUDIT]", help="An audit to show; without one, a new one.")
    ] = None,
    size: Annotated[int | None, typer.Option("--size", help="Draw so many outcomes.")] = None,
    margin: Annotated[
        float | None, typer.Option("--margin", help="Draw as many as this margin needs, such as 0.03.")
    ] = None,
    confidence: Annotated[float, typer.Option("--confidence", help="Of the interval.")] = 0.95,
    batch: Annotated[str | None, typer.Option("--batch", help="Only outcomes of this batch.")] = None,
    member: Annotated[
        str | None, typer.Option("--member", help="Only what this member answered: id, name or address.")
    ] = None,
    json: Json = False,
) -> None:
    """Draw a random sample for reviewers to judge, or show what an audit says of the error rate."""
    about = find_project(client, project)
    if shown is not None:
        found = client.audits.get(about.modality, shown, margin=margin)
    else:
        found = client.audits.start(
            about.modality,
            about.id,
            size=size,
            margin=margin,
            confidence=confidence,
            batch=batch,
            member=find_member(client, member).id if member else None,
        )
    if json:
        print_json(found)
        return
    from annotary.cli.shown import print_table

    rate = "-" if found["rate"] is None else f"{found['rate']:.4f}"
    bounds = f"{found['low']:.4f} to {found['high']:.4f} at {found['confidence']:.0%}"
    rows = [
        ("audit", found["id"]),
        ("drawn", f"{found['size']} of {found['population']}"),
        ("judged", f"{found['decided']}, {found['errors']} of them errors"),
        ("error rate", f"{rate} ({bounds})"),
    ]
    if found["more"] is not None:
        rows.append((f"for ±{found['margin']:g}", f"{found['more']} more verdicts"))
    print_table(("", ""), rows)

"""`annotary skill`: how good annotators are, whole, by label and over time; and who may work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from annotary.cli.connection import on_platform
from annotary.cli.finding import find_member, find_project
from annotary.cli.options import Json, ProjectOption, Reason, print_json, tell

if TYPE_CHECKING:
    from annotary.client import Client
    from annotary.client.quality import Skill

annotators = typer.Typer(help="Annotators: who works on a project.", no_args_is_help=True)
Member = Annotated[str, typer.Argument(help="The annotator: id, name or address.")]


def register(parent: typer.Typer) -> None:
    """Add the command and the group."""
    parent.command()(skill)
    parent.add_typer(annotators, name="annotators")


@on_platform
def skill(
    client: Client,
    project: ProjectOption,
    member: Annotated[
        str | None, typer.Option("--member", help="One annotator, by label and day: id, name or address.")
    ] = None,
    json: Json = False,
) -> None:
    """Show how good annotators are, with 95 % intervals."""
    found = find_project(client, project)
    of = find_member(client, member).id if member else None
    skills = list(client.annotators.skill(found.modality, found.id, member=of))
    if json:
        print_json({"skills": skills})
        return
    from annotary.cli.shown import print_table

    columns = ("annotator", "state", "skill", "from", "to", "gold", "correct", "others", "agreed")
    print_table(columns, [_row(one) for one in skills], numbers=columns[2:])
    for one in skills if of else ():
        labels = [
            (label, *_numbers(found.skill, found.low, found.high), found.answers)
            for label, found in one.labels.items()
        ]
        print_table(("label", "skill", "from", "to", "answers"), labels, numbers=("answers",))
        days = [
            (day.day, *_numbers(day.skill, day.low, day.high), day.gold_answers) for day in one.days or ()
        ]
        print_table(("day", "skill", "from", "to", "gold"), days, numbers=("gold",))


def _row(one: Skill) -> tuple[object, ...]:
    return (
        one.name or one.member,
        one.state,
        *_numbers(one.skill, one.low, one.high),
        one.gold_answers,
        *_numbers(one.gold_score),
        one.agreed_answers,
        *_numbers(one.agreed_score),
    )


def _numbers(*shares: float | None) -> tuple[str, ...]:
    return tuple("" if share is None else f"{share:.2f}" for share in shares)


@annotators.command("list")
@on_platform
def list_annotators(client: Client, project: ProjectOption, json: Json = False) -> None:
    """List who works on a project, and who is paused and why."""
    found = find_project(client, project)
    people = list(client.annotators.list(found.modality, found.id))
    if json:
        print_json({"annotators": people})
        return
    from annotary.cli.shown import print_table

    rows = [
        (one.name or one.member, one.state, *_numbers(one.skill), one.answers, one.requeued, one.reason or "")
        for one in people
    ]
    columns = ("annotator", "state", "skill", "answers", "asked again", "reason")
    print_table(columns, rows, numbers=("skill", "answers", "asked again"))


@annotators.command()
@on_platform
def pause(
    client: Client,
    project: ProjectOption,
    member: Member,
    reason: Reason = "",
    requeue_days: Annotated[
        float | None,
        typer.Option("--requeue-days", help="Ask for their answers of so many days again (0: none)."),
    ] = None,
    json: Json = False,
) -> None:
    """Give an annotator nothing more, and ask for their recent work again."""
    found, of = find_project(client, project), find_member(client, member)
    done = client.annotators.pause(found.modality, found.id, of.id, reason=reason, requeue_days=requeue_days)
    tell(json, done, f"{of.name} is paused: {done.reason}.")


@annotators.command()
@on_platform
def resume(client: Client, project: ProjectOption, member: Member, json: Json = False) -> None:
    """Let an annotator work again; their skill is learned anew."""
    found, of = find_project(client, project), find_member(client, member)
    done = client.annotators.resume(found.modality, found.id, of.id)
    tell(json, done, f"{of.name} works again.")

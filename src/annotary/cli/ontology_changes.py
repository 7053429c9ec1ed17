"""`annotary ontology diff|check|publish|complete|migrate|rollback`: a definition changes, and goes back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from annotary.cli.connection import EXIT_COULD_NOT_RUN, EXIT_FOUND, on_platform, read_json
from annotary.cli.finding import find_ontology, find_project
from annotary.cli.options import Json, OntologyArgument, ProjectArgument, Reason, print_json, say

if TYPE_CHECKING:
    from annotary.client import Client
    from annotary.client.changes import Change, Publication
    from annotary.client.values import Modality

Steps = Annotated[
    Path | None,
    typer.Option("--steps", help="A JSON file: the list of steps.", exists=True, dir_okay=False),
]
DefinitionFile = Annotated[
    Path | None,
    typer.Option("--definition", help="A JSON file: {tools, labels}.", exists=True, dir_okay=False),
]
Projects = Annotated[
    list[str] | None, typer.Option("--project", "-p", help="Try it here first: id or name (repeatable).")
]
Requeue = Annotated[
    bool, typer.Option("--requeue", help="Ask people about answers that the steps cannot decide.")
]
Wait = Annotated[bool, typer.Option("--wait/--no-wait", help="Wait until answers have been migrated.")]
COUNTS = ("looked_at", "changed", "pinned", "lossy", "ambiguous", "invalid", "moved", "requeued")


def add(app: typer.Typer) -> None:
    """Add the commands to the group."""
    for command in (diff, check, publish, complete, migrate, rollback):
        app.command()(on_platform(command))


def diff(
    client: Client,
    ontology: OntologyArgument,
    before: Annotated[str, typer.Argument(help="A version's number or id.")],
    after: Annotated[str, typer.Argument(help="Another one.")],
    json: Json = False,
) -> None:
    """Say in words how two versions differ; exits with 1 where they do."""
    import msgspec

    from annotary.ontology.diff import describe
    from annotary.ontology.rules import read_definition

    found = find_ontology(client, ontology)
    old, new = (client.ontologies.version(found.id, one) for one in (before, after))
    changes = describe(read_definition(old.definition), read_definition(new.definition))
    if json:
        shown = msgspec.to_builtins(changes)
        print_json({"ontology": found.id, "before": old.number, "after": new.number, "changes": shown})
    else:
        for change in changes:
            print(f"{change.path}: {change.words}")
    if changes:
        raise typer.Exit(EXIT_FOUND)


def check(
    client: Client,
    ontology: OntologyArgument,
    steps: Steps = None,
    definition: DefinitionFile = None,
    project: Projects = None,
    migrate: Annotated[bool, typer.Option("--migrate/--no-migrate", help="Bring answers along.")] = True,
    json: Json = False,
) -> None:
    """Say what publishing would do; exits with 1 where it would be refused."""
    new = _new(client, steps, definition, project)
    found = client.publications.check(find_ontology(client, ontology).id, migrate=migrate, **new)
    if json:
        print_json(found)
    else:
        show_checked(found)
    if found["refused"]:
        raise typer.Exit(EXIT_FOUND)


def publish(
    client: Client,
    ontology: OntologyArgument,
    steps: Steps = None,
    definition: DefinitionFile = None,
    project: Projects = None,
    share: Annotated[float, typer.Option("--share", help="Try it on this share of tasks first.")] = 1.0,
    migrate: Annotated[bool, typer.Option("--migrate/--no-migrate", help="Bring answers along.")] = True,
    requeue: Requeue = False,
    reason: Reason = "",
    wait: Wait = True,
    json: Json = False,
) -> None:
    """Publish a version: to named projects or a share of tasks first, or to all at once."""
    new = _new(client, steps, definition, project)
    found = find_ontology(client, ontology)
    told = {"share": share, "migrate": migrate, "ambiguous": "requeue" if requeue else "keep"}
    published = client.publications.publish(found.id, reason=reason, **told, **new)
    _tell(client, published, wait, json)


def complete(client: Client, ontology: OntologyArgument, wait: Wait = True, json: Json = False) -> None:
    """Give the version that is on trial to all projects."""
    published = _last(client, ontology, "watching")
    _tell(client, client.publications.complete(published.id), wait, json)


def rollback(
    client: Client, ontology: OntologyArgument, reason: Reason = "", wait: Wait = True, json: Json = False
) -> None:
    """Take the last publication back: projects and answers are what they were before, to the byte."""
    published = _last(client, ontology, "watching", "full")
    _tell(client, client.publications.withdraw(published.id, reason=reason), wait, json)


def migrate(
    client: Client, project: ProjectArgument, requeue: Requeue = False, wait: Wait = True, json: Json = False
) -> None:
    """Bring a project's answers to the version it works with."""
    found = find_project(client, project)
    started = client.changes.migrate(found.modality, found.id, ambiguous="requeue" if requeue else "keep")
    ended = await_changes(client, found.modality, [started]) if wait else [started]
    if json:
        print_json(ended[0])
    else:
        show_changes(ended)


def await_changes(client: Client, modality: Modality, changes: Iterable[Change]) -> list[Change]:
    """Wait for changes, showing how far they are."""
    from annotary.cli.shown import progress_bar

    ended = []
    for change in changes:
        with progress_bar(f"{change.kind.capitalize()} of answers") as update:
            ended.append(client.changes.wait(modality, change.id, progress=update))
    return ended


def show_changes(changes: Iterable[Change]) -> None:
    """Print what became of answers."""
    from annotary.cli.shown import print_table

    rows = [(one.id, one.kind, one.state, *(one.counts.get(name, 0) for name in COUNTS)) for one in changes]
    print_table(("id", "kind", "state", *(name.replace("_", " ") for name in COUNTS)), rows)


def show_checked(found: Mapping[str, Any]) -> None:
    """Print what a publication would do."""
    agreed = found["compatibility"]
    print(f"compatibility: {agreed['kind']}")
    for reason in agreed["reasons"]:
        print(f"  {reason['direction']}, {reason['path']}: {reason['words']}")
    for path, what in agreed.get("losses", ()):
        print(f"  not brought back by the steps back, {path}: {what}")
    for change in found["differences"]:
        print(f"{change['path']}: {change['words']}")
    show_looked(found["answers"])
    if found["refused"]:
        say(f"It would be refused: {found['refused']}")


def show_looked(looked: Mapping[str, Any]) -> None:
    """Print the counts and samples of a look."""
    from annotary.cli.shown import print_table

    names = ("looked_at", "changed", "pinned", "lossy", "ambiguous", "invalid")
    rows = [(kind, *(counts.get(name, 0) for name in names)) for kind, counts in looked["counts"].items()]
    print_table(("answers", *(name.replace("_", " ") for name in names)), rows)
    for label, marks in sorted(looked["labels"].items()):
        print(f"  {label}: {marks:,} marks in answers that it touches")
    if not looked["complete"]:
        print(f"Of {looked['total']:,} answers the oldest were looked at.")
    for sample in looked["samples"][:3]:
        _show_sample(sample)


def _show_sample(sample: Mapping[str, Any]) -> None:
    import msgspec

    print(f"{sample['kind']} {sample['id']}")
    print(f"  - {msgspec.json.encode(sample['before']).decode()}")
    if sample["after"] is not None:
        print(f"  + {msgspec.json.encode(sample['after']).decode()}")
    if sample["reason"]:
        print(f"  left as it is: {sample['reason']} {' '.join(sample['paths'])}")


def _new(
    client: Client, steps: Path | None, definition: Path | None, project: list[str] | None
) -> dict[str, Any]:
    new: dict[str, Any] = {}
    if steps is not None:
        new["steps"] = read_json(steps)
    if definition is not None:
        new["definition"] = read_json(definition)
    if project:
        new["projects"] = [find_project(client, one).id for one in project]
    return new


def _last(client: Client, ontology: str, *states: str) -> Publication:
    found = find_ontology(client, ontology)
    standing = [one for one in client.publications.list(found.id) if one.state in states]
    if not standing:
        say(f"annotary: {found.name} has no publication that is {' or '.join(states)}.")
        raise typer.Exit(EXIT_COULD_NOT_RUN)
    return standing[-1]


def _tell(client: Client, published: Publication, wait: bool, json: bool) -> None:
    modality = published.version.modality
    kind = "rollback" if published.state == "withdrawn" else "migration"
    changes = _changes(client, published, kind) if wait else []
    ended = await_changes(client, modality, changes)
    if json:
        print_json({"publication": published, "changes": ended})
        return
    say(f"version {published.version.number} is {published.state}: {published.id}")
    if ended:
        show_changes(ended)


def _changes(client: Client, published: Publication, kind: str) -> list[Change]:
    """Return the changes of a publication, waiting for the worker to begin each."""
    import time

    modality, deadline = published.version.modality, time.monotonic() + 30.0
    wanted = dict(published.changes)
    found: list[Change] = []
    while wanted and time.monotonic() < deadline:
        for project, change in list(wanted.items()):
            mine = [
                one
                for one in client.changes.list(modality, project)
                if one.kind == kind and change in (one.id, one.reverts)
            ]
            if mine:
                found.append(mine[-1])
                del wanted[project]
        if wanted:
            time.sleep(0.1)
    return found

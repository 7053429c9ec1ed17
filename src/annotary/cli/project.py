"""`annotary project`: make, list, show, pause and resume projects, and say who is on them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from annotary.cli.connection import on_platform, read_json
from annotary.cli.finding import find_member, find_ontology, find_project
from annotary.cli.options import Json, ProjectArgument, print_json, tell

if TYPE_CHECKING:
    from annotary.client import Client
    from annotary.client.values import Project

app = typer.Typer(help="Projects: the work done on items.", no_args_is_help=True)


def register(parent: typer.Typer) -> None:
    """Add the group."""
    parent.add_typer(app, name="project")


@app.command()
@on_platform
def create(
    client: Client,
    name: Annotated[str, typer.Argument(help="What to call it.")],
    modality: Annotated[str, typer.Option("--modality", "-m", help="text, image or video.")],
    ontology: Annotated[
        str | None, typer.Option("--ontology", help="An ontology there is: id or name.")
    ] = None,
    definition: Annotated[
        Path | None,
        typer.Option("--definition", help="A JSON file with the tools and labels of a new ontology."),
    ] = None,
    overlap: Annotated[int, typer.Option("--overlap", help="How many answers a task wants.")] = 1,
    instructions: Annotated[
        Path | None, typer.Option("--instructions", help="A text file for the annotators.")
    ] = None,
    json: Json = False,
) -> None:
    """Make a project on an ontology, or with a definition of its own."""
    if (ontology is None) == (definition is None):
        raise typer.BadParameter("Say either --ontology or --definition.")
    made = client.projects.create(
        name,
        modality,  # type: ignore[arg-type]
        ontology=find_ontology(client, ontology).id if ontology else None,
        definition=read_json(definition) if definition else None,
        overlap=overlap,
        instructions=instructions.read_text(encoding="utf-8") if instructions else None,
    )
    tell(json, {"project": made}, f"Made {made.name}: {made.id}")


@app.command("list")
@on_platform
def list_projects(client: Client, json: Json = False) -> None:
    """List projects with how far they are."""
    found = [(one, _progress(client, one)) for one in client.projects.list()]
    if json:
        print_json({"projects": [{"project": one, "progress": progress} for one, progress in found]})
        return
    from annotary.cli.shown import print_table

    counts = ("tasks", "done", "submissions")
    print_table(
        ("id", "name", "modality", "state", *counts),
        [
            (one.id, one.name, one.modality, one.state, *(progress.get(key, "?") for key in counts))
            for one, progress in found
        ],
        numbers=counts,
    )


@app.command()
@on_platform
def show(client: Client, project: ProjectArgument, json: Json = False) -> None:
    """Show a project: its numbers, its people, its labels."""
    found = find_project(client, project)
    progress = _progress(client, found)
    version = client.ontologies.version(found.ontology, found.ontology_version)
    people = list(client.projects.members(found.id))
    if json:
        print_json({"project": found, "progress": progress, "ontology": version, "members": people})
        return
    from annotary.cli.shown import print_table

    labels = ", ".join(one["name"] for one in version.definition.get("labels", []))
    lines = {
        "id": found.id,
        "name": found.name,
        "modality": found.modality,
        "state": found.state,
        "overlap": found.overlap,
        "lease": f"{found.lease_seconds} s",
        "tools": ", ".join(version.definition["tools"]),
        "labels": labels or "none",
        "members": ", ".join(f"{one.name} ({one.role})" for one in people) or "none",
        **progress,
    }
    print_table(("", ""), list(lines.items()))


@app.command()
@on_platform
def pause(client: Client, project: ProjectArgument, json: Json = False) -> None:
    """Give out nothing more; who has a task may finish it."""
    _set_state(client, project, "paused", json)


@app.command()
@on_platform
def resume(client: Client, project: ProjectArgument, json: Json = False) -> None:
    """Give out tasks again."""
    _set_state(client, project, "active", json)


@app.command()
@on_platform
def members(
    client: Client,
    project: ProjectArgument,
    add: Annotated[
        list[str] | None, typer.Option("--add", help="Put a member on it: id, name or address.")
    ] = None,
    remove: Annotated[list[str] | None, typer.Option("--remove", help="Take a member off it.")] = None,
    role: Annotated[str, typer.Option("--role", help="annotator, reviewer or manager.")] = "annotator",
    json: Json = False,
) -> None:
    """List who is on a project, after putting people on it or taking them off."""
    found = find_project(client, project)
    for named in add or ():
        client.projects.put_member(found.id, find_member(client, named).id, role)  # type: ignore[arg-type]
    for named in remove or ():
        client.projects.remove_member(found.id, find_member(client, named).id)
    people = list(client.projects.members(found.id))
    if json:
        print_json({"members": people})
        return
    from annotary.cli.shown import print_table

    print_table(("member", "name", "role"), [(one.member, one.name, one.role) for one in people])


def _set_state(client: Client, named: str, state: str, json: bool) -> None:
    found = find_project(client, named)
    changed = client.projects.change(found.id, version=found.version, state=state)
    tell(json, {"project": changed}, f"{changed.name} is {changed.state}.")


def _progress(client: Client, project: Project) -> dict[str, Any]:
    """Return a project's counts; nothing where its service does not answer, as the list is the platform's."""
    import msgspec

    from annotary.client.errors import AnnotaryClientError

    try:
        counts: dict[str, Any] = msgspec.to_builtins(client.progress(project.modality, project.id))
    except AnnotaryClientError:
        return {}
    return counts

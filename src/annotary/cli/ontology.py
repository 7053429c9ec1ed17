"""`annotary ontology`: label definitions and their versions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from annotary.cli import ontology_changes, ontology_files
from annotary.cli.connection import on_platform, read_json
from annotary.cli.finding import find_version
from annotary.cli.options import Json, OntologyArgument, VersionOption, print_json, say, tell

if TYPE_CHECKING:
    from annotary.client import Client

app = typer.Typer(help="Ontologies: what can be said about an item.", no_args_is_help=True)


def register(parent: typer.Typer) -> None:
    """Add the group."""
    ontology_changes.add(app)
    ontology_files.add(app)
    parent.add_typer(app, name="ontology")


@app.command()
@on_platform
def create(
    client: Client,
    name: Annotated[str, typer.Argument(help="What to call it.")],
    definition: Annotated[
        Path, typer.Argument(help="A JSON file: {tools, labels}.", exists=True, dir_okay=False)
    ],
    modality: Annotated[str, typer.Option("--modality", "-m", help="text, image or video.")],
    json: Json = False,
) -> None:
    """Make an ontology from a file; where one of that name is there, publish a version of it."""
    content = read_json(definition)
    there = [one for one in client.ontologies.list() if one.name == name and one.modality == modality]
    if there:
        version = client.ontologies.publish(there[-1].id, content)
        made = client.ontologies.get(version.ontology)
    else:
        made = client.ontologies.create(name, modality, content)  # type: ignore[arg-type]
    words = f"{made.name} has version {made.version.number}: {made.id}, {made.version.id}"
    tell(json, {"ontology": made}, words)


@app.command("list")
@on_platform
def list_ontologies(client: Client, json: Json = False) -> None:
    """List ontologies with their latest versions."""
    found = list(client.ontologies.list())
    if json:
        print_json({"ontologies": found})
        return
    from annotary.cli.shown import print_table

    rows = [
        (one.id, one.name, one.modality, one.version.number, len(one.version.definition.get("labels", [])))
        for one in found
    ]
    print_table(("id", "name", "modality", "version", "labels"), rows, numbers=("version", "labels"))


@app.command()
@on_platform
def show(
    client: Client,
    ontology: OntologyArgument,
    version: VersionOption = None,
    json: Json = False,
) -> None:
    """Show a version of an ontology: its definition, as a file that `create` reads."""
    found, shown = find_version(client, ontology, version)
    if json:
        print_json({"ontology": found, "version": shown})
        return
    import msgspec

    say(f"{found.name}, {found.modality}, version {shown.number}, {shown.id}")
    print(msgspec.json.format(msgspec.json.encode(shown.definition), indent=2).decode())

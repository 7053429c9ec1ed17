"""`annotary ontology`: label definitions and their versions."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from annotary.cli.connection import Token, Url, connected, read_json
from annotary.cli.finding import find_ontology
from annotary.cli.options import DataDir, Json, print_json, say

app = typer.Typer(help="Ontologies: what can be said about an item.", no_args_is_help=True)


def register(parent: typer.Typer) -> None:
    """Add the group."""
    parent.add_typer(app, name="ontology")


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="What to call it.")],
    definition: Annotated[
        Path, typer.Argument(help="A JSON file: {tools, labels}.", exists=True, dir_okay=False)
    ],
    modality: Annotated[str, typer.Option("--modality", "-m", help="text, image or video.")],
    url: Url = None,
    token: Token = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Make an ontology from a file; where one of that name is there, publish a version of it."""
    content = read_json(definition)
    with connected(url, token, data_dir) as client:
        there = [one for one in client.ontologies.list() if one.name == name and one.modality == modality]
        if there:
            version = client.ontologies.publish(there[-1].id, content)
            made = client.ontologies.get(version.ontology)
        else:
            made = client.ontologies.create(name, modality, content)  # type: ignore[arg-type]
    if json:
        print_json({"ontology": made})
    else:
        say(f"{made.name} has version {made.version.number}: {made.id}, {made.version.id}")


@app.command("list")
def list_ontologies(
    url: Url = None, token: Token = None, data_dir: DataDir = None, json: Json = False
) -> None:
    """List ontologies with their latest versions."""
    with connected(url, token, data_dir) as client:
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
def show(
    ontology: Annotated[str, typer.Argument(metavar="ONTOLOGY", help="Its id or its name.")],
    version: Annotated[
        str | None, typer.Option("--version", help="A number or id (default: the latest).")
    ] = None,
    url: Url = None,
    token: Token = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Show a version of an ontology: its definition, as a file that `create` reads."""
    with connected(url, token, data_dir) as client:
        found = find_ontology(client, ontology)
        shown = client.ontologies.version(found.id, version) if version else found.version
    if json:
        print_json({"ontology": found, "version": shown})
        return
    import msgspec

    say(f"{found.name}, {found.modality}, version {shown.number}, {shown.id}")
    print(msgspec.json.format(msgspec.json.encode(shown.definition), indent=2).decode())

"""`annotary ontology import|schema`: definitions of other programs as ours, and ours as JSON Schema."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from annotary.cli.connection import EXIT_COULD_NOT_RUN, on_platform
from annotary.cli.finding import find_version
from annotary.cli.options import Json, OntologyArgument, VersionOption, print_json, say

if TYPE_CHECKING:
    from annotary.client import Client


class Peer(StrEnum):
    """Whose definition it is."""

    LABEL_STUDIO = "label_studio"
    CVAT = "cvat"
    COCO = "coco"
    LABELBOX = "labelbox"


class Medium(StrEnum):
    """What is labelled."""

    TEXT = "text"
    IMAGE = "image"
    VIDEO = "video"


def add(app: typer.Typer) -> None:
    """Add the commands to the group."""
    app.command("import")(import_definition)
    app.command()(on_platform(schema))


def import_definition(
    file: Annotated[
        Path,
        typer.Argument(
            help="XML of Label Studio; JSON of CVAT, COCO, Labelbox.", exists=True, dir_okay=False
        ),
    ],
    peer: Annotated[Peer | None, typer.Option("--from", help="Whose it is (default: by its form).")] = None,
    modality: Annotated[
        Medium | None,
        typer.Option("--modality", "-m", help="Where the file does not say it (default: image)."),
    ] = None,
    json: Json = False,
) -> None:
    """Turn another program's definition into one that `create` reads, and say what is lost."""
    import msgspec

    from annotary.modalities.definitions import check_definition
    from annotary.ontology.errors import InvalidOntology
    from annotary.ontology.peers.reading import read

    try:
        found = read(file.read_bytes(), peer, modality)  # type: ignore[arg-type]
        check_definition(found.modality, found.definition)
    except InvalidOntology as error:
        say(f"{file}: {error.detail}")
        raise typer.Exit(EXIT_COULD_NOT_RUN) from None
    if json:
        print_json(found)
        return
    for loss in found.losses:
        say(f"lost: {loss.path}: {loss.what}")
    say(f"{found.modality}: {len(found.definition.labels)} labels for {', '.join(found.definition.tools)}")
    print(msgspec.json.format(msgspec.json.encode(found.definition), indent=2).decode())


def schema(
    client: Client,
    ontology: OntologyArgument,
    version: VersionOption = None,
    json: Json = False,
) -> None:
    """Show a version as the JSON Schema of its answers."""
    import msgspec

    from annotary.modalities.json_schema import answer_schema
    from annotary.ontology.rules import read_definition

    found, shown = find_version(client, ontology, version)
    document = answer_schema(found.modality, read_definition(shown.definition))
    if json:
        print_json({"ontology": found.id, "version": shown.number, "schema": document})
    else:
        print(msgspec.json.format(msgspec.json.encode(document), indent=2).decode())

"""Options that many commands have, and how they speak: results on stdout, everything else on stderr."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

DataDir = Annotated[
    Path | None,
    typer.Option(
        "--data-dir",
        help="The data folder (default: $ANNOTARY_DATA_DIR or ./annotary-data).",
        show_default=False,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print the result as one JSON object on one line.")]
OntologyArgument = Annotated[str, typer.Argument(metavar="ONTOLOGY", help="Its id or its name.")]
VersionOption = Annotated[str | None, typer.Option("--version", help="A number or id (default: the latest).")]
ProjectArgument = Annotated[str, typer.Argument(metavar="PROJECT", help="Its id or its name.")]
ProjectOption = Annotated[str, typer.Option("--project", "-p", help="The project: id or name.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; it is kept in the record.")]
Limit = Annotated[int, typer.Option("--limit", help="At most so many.")]


def say(words: str) -> None:
    """Tell the person at the terminal; never part of the result."""
    print(words, file=sys.stderr, flush=True)


def tell(json: bool, result: Any, words: str) -> None:
    """Print a result for programs, or tell the person of it in words."""
    if json:
        print_json(result)
    else:
        say(words)


def print_json(value: Any) -> None:
    """Print a result as one JSON object on one line."""
    import msgspec

    sys.stdout.write(msgspec.json.encode(value).decode() + "\n")
    sys.stdout.flush()

"""The command line: finds the module of a command and imports no other."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence

import typer

from annotary.kernel.errors import AnnotaryError

# Each is registered by the module of its name in annotary.cli, which imports what is slow inside functions.
COMMANDS = (
    "up",
    "down",
    "status",
    "demo",
    "project",
    "ontology",
    "import",
    "tasks",
    "label",
    "export",
    "gold",
    "skill",
    "annotators",
    "agreement",
    "hops",
    "tracks",
    "preferences",
    "spans",
    "token",
    "invite",
    "backup",
    "restore",
    "aggregate",
    "bench",
    "review",
    "consistency",
    "consensus",
    "correct",
    "openapi",
    "webhook",
    "audit",
    "trace",
    "outcomes",
    "events",
)
# But for these.
MODULES = {"import": "import_", "annotators": "skill", "tracks": "tracks_evaluate"}
EXIT_COULD_NOT_RUN = 2


def application(arguments: Sequence[str]) -> typer.Typer:
    """Return the command line with the one command that the arguments name, or with all of them."""
    app = typer.Typer(
        name="annotary",
        help="Annotary: raw text, images and video in, checked and provable labels out.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        # Drawing boxes around the help takes longer than all the rest of it.
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_version)
    named = next((word for word in arguments if not word.startswith("-")), "")
    chosen = (named,) if named in COMMANDS else COMMANDS
    for name in dict.fromkeys(MODULES.get(command, command) for command in chosen):
        importlib.import_module(f"annotary.cli.{name}").register(app)
    return app


def main() -> None:
    """Run the command line; an error of ours is one line on stderr and exit 2."""
    arguments = sys.argv[1:]
    try:
        application(arguments)(arguments)
    except AnnotaryError as error:
        print(f"annotary: {error.detail}", file=sys.stderr)
        sys.exit(EXIT_COULD_NOT_RUN)
    except PermissionError as error:
        print(f"annotary: {error.filename} is not yours to use: {error.strerror}.", file=sys.stderr)
        sys.exit(EXIT_COULD_NOT_RUN)


def _print_version(wanted: bool) -> None:
    if wanted:
        from annotary import __version__

        print(__version__)
        raise typer.Exit


def _version(
    version: bool = typer.Option(
        False, "--version", callback=_print_version, is_eager=True, help="Print the version."
    ),
) -> None:
    """Annotary: raw text, images and video in, checked and provable labels out."""

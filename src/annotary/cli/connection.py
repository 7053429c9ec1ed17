"""How commands reach a platform: by what was said, by the environment, or by the data folder."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import os
from collections.abc import Callable, Iterator
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

from annotary.cli.options import DataDir, say
from annotary.kernel.errors import Malformed, Unavailable

if TYPE_CHECKING:
    from annotary.client import Client
    from annotary.infra.settings import Settings

EXIT_FOUND, EXIT_COULD_NOT_RUN = 1, 2
TOKEN_FILE = "owner.token"

Url = Annotated[
    str | None,
    typer.Option(
        "--url", help="The platform (default: $ANNOTARY_URL, else the data folder's).", show_default=False
    ),
]
Token = Annotated[
    str | None,
    typer.Option(
        "--token",
        help="Your token (default: $ANNOTARY_TOKEN, else the data folder's owner).",
        show_default=False,
    ),
]


class NotRunning(Unavailable):
    """No platform runs on this data folder."""

    code = "not_running"


@contextlib.contextmanager
def connected(url: str | None, token: str | None, data_dir: Path | None) -> Iterator[Client]:
    """Yield a client; what the platform refuses is said in one line, and the command exits with 2."""
    from annotary.client import AnnotaryClientError, Client
    from annotary.infra.settings import Settings

    settings = Settings.from_environment(data_dir=data_dir)
    address = url or os.environ.get("ANNOTARY_URL") or local_url(settings)
    with Client(address, token or os.environ.get("ANNOTARY_TOKEN") or owner_token(settings)) as client:
        try:
            yield client
        except AnnotaryClientError as error:
            where = f" ({error.path})" if error.path and error.path not in error.detail else ""
            say(f"annotary: {error.detail}{where}")
            raise typer.Exit(EXIT_COULD_NOT_RUN) from None


def on_platform(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the client it takes first, and in its place --url, --token and --data-dir."""

    @functools.wraps(command)
    def run(url: str | None, token: str | None, data_dir: Path | None, **given: Any) -> None:
        with connected(url, token, data_dir) as client:
            command(client, **given)

    # The client's class is slow to import, so a command's module has it for the type checker alone.
    hints = get_type_hints(command, localns={"Client": Any}, include_extras=True)
    _, *own = signature(command).parameters.values()
    reached = (("url", Url), ("token", Token), ("data_dir", DataDir))
    options = [
        Parameter(name, Parameter.KEYWORD_ONLY, default=None, annotation=kind) for name, kind in reached
    ]
    shown = [*(one.replace(annotation=hints[one.name]) for one in own), *options]
    # Typer reads the options here.
    run.__signature__, run.__annotations__ = Signature(shown), {}  # type: ignore[attr-defined]
    return run


def read_json(file: Path) -> Any:
    """Return what a JSON file holds; raises Malformed, which names the file."""
    import msgspec

    try:
        return msgspec.json.decode(file.read_bytes())
    except (OSError, msgspec.MsgspecError, UnicodeError) as error:
        raise Malformed(f"{file}: found what is no JSON ({error}), expected a JSON object.") from None


def local_url(settings: Settings) -> str:
    """Return the address of what runs on the data folder; raises NotRunning."""
    from annotary.services.supervisor_folder import Folder

    folder = Folder(settings.data_dir)
    record = folder.read_record() if folder.is_running() else None
    if record is None or not record.ready:
        raise NotRunning(
            f"Nothing runs on {settings.data_dir}. Start it with `annotary up`, or give a --url."
        )
    return record.url


def owner_token(settings: Settings) -> str:
    """Return the owner's token that is kept in the data folder, made at its first use.

    Whoever can read the folder has its database and keys already, so this gives nothing away.
    """
    from annotary.services.first_owner import recover_owner_token
    from annotary.services.supervisor_access import reach

    file = settings.data_dir / "keys" / TOKEN_FILE
    with contextlib.suppress(FileNotFoundError):
        return file.read_text(encoding="ascii").strip()
    with reach(settings) as reached:
        token = asyncio.run(recover_owner_token(reached))
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as stream:
        stream.write(token)
    return token

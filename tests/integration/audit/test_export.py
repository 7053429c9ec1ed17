"""The log in a file: it verifies without a database, and not when anything in it was changed."""

from __future__ import annotations

import gzip
import random
from pathlib import Path

import pytest

from annotary.audit.service import verify
from annotary.audit.service_export import read_export, write_export
from annotary.audit.store import records
from annotary.audit.values import Report
from annotary.infra.settings import SERVICES
from integration.audit.conftest import Log

TRIALS, TRIALS_SOAK = 100, 1_000


async def exported(log: Log, file: Path) -> bytes:
    """Write an export of a log with several segments; returns its lines."""
    for _ in range(2):
        await log.write(20)
        await log.write(3, log.platform)
        await log.chain()
    await write_export(records(log.settings, log.objects, SERVICES), file, log.key)
    return gzip.decompress(file.read_bytes())


async def verified(file: Path, *trusted: bytes) -> Report:
    return await verify(read_export(file, trusted), trusted)


async def test_an_export_verifies_alone(log: Log, tmp_path: Path) -> None:
    await exported(log, file := tmp_path / "log.gz")
    report, there = await verified(file, log.key.public), await log.verify()
    assert report.first_bad is None and report.events == report.sealed_through == 46
    assert (report.heads, report.streams) == (there.heads, there.streams)


async def trials(log: Log, file: Path, count: int, seed: int) -> None:
    lines, chance = await exported(log, file), random.Random(seed)
    for _ in range(count):
        at = chance.randrange(len(lines))
        changed = lines[:at] + bytes([lines[at] ^ 1 << chance.randrange(8)]) + lines[at + 1 :]
        file.write_bytes(gzip.compress(changed, 1))
        assert not (await verified(file)).ok, (at, lines[max(0, at - 40) : at + 40])


async def test_one_bit_of_an_export_is_found(log: Log, tmp_path: Path) -> None:
    await trials(log, tmp_path / "log.gz", TRIALS, random.randrange(1 << 30))


@pytest.mark.soak
async def test_of_a_thousand_bits_of_an_export_all_are_found(log: Log, tmp_path: Path) -> None:
    await trials(log, tmp_path / "log.gz", TRIALS_SOAK, 20261123)


async def test_every_capital_in_its_end_is_found(log: Log, tmp_path: Path) -> None:
    lines = await exported(log, file := tmp_path / "log.gz")
    end = lines.rindex(b"\n", 0, -1)
    letters = [at for at in range(end, len(lines)) if lines[at : at + 1].islower()]
    for at in letters:
        file.write_bytes(gzip.compress(lines[:at] + lines[at : at + 1].upper() + lines[at + 1 :], 1))
        assert not (await verified(file)).ok, lines[at:]


async def test_an_export_without_its_end_is_found(log: Log, tmp_path: Path) -> None:
    lines = await exported(log, file := tmp_path / "log.gz")
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    assert not (await verified(file)).ok
    for end in (b"\n".join(lines.splitlines()[:-1]) + b"\n", lines + lines, b""):
        file.write_bytes(gzip.compress(end))
        assert not (await verified(file)).ok


async def test_a_file_that_was_signed_anew_names_its_key(log: Log, tmp_path: Path) -> None:
    from annotary.eventlog.chain.service_keys import signing_key

    await exported(log, file := tmp_path / "log.gz")
    other = signing_key(tmp_path / "other.key")
    await write_export(read_export(file), tmp_path / "forged.gz", other)
    assert (await verified(tmp_path / "forged.gz")).ok
    assert not (await verified(tmp_path / "forged.gz", log.key.public)).ok

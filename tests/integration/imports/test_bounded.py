"""Whatever a bounded function does, it ends within its limits and its caller goes on."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from annotary.infra.bounded import Bounds, OutOfBounds, Unreadable, call

from .conftest import until

TIGHT = Bounds(wall_seconds=20, cpu_seconds=10, memory_bytes=512 << 20)


@pytest.fixture(autouse=True)
def _importable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))


async def _call(name: str, argument: Any = None, bounds: Bounds = TIGHT, **more: Any) -> Any:
    return await call(f"bounded_programs:{name}", argument, bounds=bounds, **more)


async def test_it_returns_what_the_function_returns(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("held open")
    with (tmp_path / "file").open("rb") as file:
        assert await _call("echo", {"n": [1]}, file=file) == {"file": "held open", "argument": {"n": [1]}}
    assert await _call("echo") == {"file": "", "argument": None}


async def test_secrets_do_not_reach_the_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANNOTARY_SIGNING_KEY", "secret")
    assert not [name for name in await _call("environment") if name.startswith("ANNOTARY")]


@pytest.mark.parametrize(
    ("name", "bounds"),
    [
        ("burn", Bounds(cpu_seconds=1, wall_seconds=30)),
        ("eat", TIGHT),
        ("talk", TIGHT),
        ("die", TIGHT),
    ],
)
async def test_passing_a_limit_is_told_as_such(name: str, bounds: Bounds) -> None:
    started = time.monotonic()
    with pytest.raises(OutOfBounds):
        await _call(name, bounds=bounds)
    assert time.monotonic() - started < 15


async def test_it_writes_no_file_unless_it_may(tmp_path: Path) -> None:
    target = str(tmp_path / "out")
    with pytest.raises((OutOfBounds, Unreadable)):
        await _call("fill", target)
    assert await _call("fill", target, Bounds(file_bytes=2 << 20)) == 1 << 20


async def test_what_it_refuses_comes_back_with_its_path() -> None:
    with pytest.raises(Unreadable, match="found 5, expected something else") as caught:
        await _call("refuse", 5)
    assert caught.value.path == "/here"
    with pytest.raises(Unreadable, match="AttributeError"):
        await _call("no_such_function")


@pytest.mark.parametrize("how", ["timeout", "cancel"])
async def test_its_whole_group_is_killed(how: str, tmp_path: Path) -> None:
    place = tmp_path / "grandchild"
    bounds = Bounds(wall_seconds=4 if how == "timeout" else 60, file_bytes=1000)
    calling = asyncio.create_task(_call("sleep", str(place), bounds))

    async def begun() -> bool:
        return place.exists() and bool(place.read_text())

    with contextlib.suppress(OutOfBounds):
        await until(lambda: _either(begun, calling))
        if how == "cancel":
            calling.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await calling
    grandchild = int(place.read_text())

    async def gone() -> bool:
        with contextlib.suppress(psutil.NoSuchProcess):
            return psutil.Process(grandchild).status() == psutil.STATUS_ZOMBIE
        return True

    await until(gone, 10)


async def _either(begun: Any, calling: asyncio.Task[Any]) -> bool:
    return calling.done() or await begun()


async def test_the_caller_never_imports_what_reads_media() -> None:
    imports = "import sys, annotary.catalog.probe, annotary.formats.imports"
    script = f"{imports}; print('av' in sys.modules or 'PIL' in sys.modules)"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, stdout=asyncio.subprocess.PIPE
    )
    assert (await process.communicate())[0].strip() == b"False"

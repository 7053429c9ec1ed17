"""An owner's Python function on stored answers, run in a bounded child process: no service ever runs it."""

from __future__ import annotations

import asyncio
import importlib.util
import tempfile
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import msgspec

from annotary.infra import bounded
from annotary.kernel.errors import Invalid
from annotary.kernel.limits import CORRECTION_ANSWERS_MAX, MEBIBYTE

if TYPE_CHECKING:
    from annotary.client import Client
    from annotary.client.values import Modality

BOUNDS = bounded.Bounds(wall_seconds=120.0, cpu_seconds=120, reply_bytes=64 * MEBIBYTE)
TARGET = "annotary.cli.owner_function:run"


def corrected(
    client: Client, modality: Modality, project: str, function: str, chosen: dict[str, Any]
) -> list[dict[str, Any]]:
    """Return the answers that FILE.py:NAME changes, each with the hash of what it read.

    It is given every counted answer of the project, of chosen annotators where some are, and returns the
    right one, or None to leave it. Raises Unreadable with what it raised.
    """
    file, _, name = function.rpartition(":")
    if not Path(file).is_file() or not name.isidentifier():
        raise Invalid(path="--function", found=function, expected="FILE.py:NAME")
    if set(chosen) - {"members"}:
        raise Invalid(path="--function", found=sorted(chosen), expected="no filter but --annotator")
    members = set(chosen.get("members", ()))
    stored = [
        {"id": one.id, "content_hash": one.content_hash, "answer": one.answer}
        for one in client.submissions.list(modality, project=project)
        if one.counts and (not members or one.member in members)
    ]
    if len(stored) > CORRECTION_ANSWERS_MAX:
        expected = f"at most {CORRECTION_ANSWERS_MAX}"
        raise Invalid(path="--function", found=f"{len(stored)} answers", expected=expected)
    with tempfile.TemporaryFile() as source:
        source.write(msgspec.json.encode([one["answer"] for one in stored]))
        source.seek(0)
        argument = {"file": str(Path(file).absolute()), "name": name}
        made = asyncio.run(bounded.call(TARGET, argument, bounds=BOUNDS, file=source))
    return [
        {**one, "answer": answer}
        for one, answer in zip(stored, made, strict=True)
        if answer is not None and answer != one["answer"]
    ]


def run(source: IO[bytes], argument: dict[str, str]) -> list[Any]:
    """Be the child: return what the function makes of each answer on `source`."""
    spec = importlib.util.spec_from_file_location("owner", argument["file"])
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    function = getattr(module, argument["name"])
    return [function(answer) for answer in msgspec.json.decode(source.read())]

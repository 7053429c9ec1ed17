"""Commands that ask a platform: the options that lead to it, and requests that are sent in parts."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import httpx
import msgspec
import pytest
from typer.testing import CliRunner

from annotary.cli import connection
from annotary.cli.main import application
from unit.client.platform import PROJECT, Replies


@pytest.mark.parametrize("group", ["gold", "tasks"])
def test_many_tasks_are_acted_on_in_parts_and_told_of_together(
    monkeypatch: pytest.MonkeyPatch, group: str
) -> None:
    tasks = [f"task_{number}" for number in range(2_500)]
    counts = [{"changed": changed} for changed in (1_000, 990, 500)]
    replies = Replies(*(httpx.Response(200, json=body) for body in (PROJECT, *counts)))
    reached: list[Any] = []

    @contextlib.contextmanager
    def connected(*options: Any) -> Iterator[Any]:
        reached.extend(options)
        yield replies.client

    monkeypatch.setattr(connection, "connected", connected)
    action = {"gold": "retire", "tasks": "pause"}[group]
    options = ["-p", "prj_1", "--reason", "old", "--url", "http://here", "--token", "ann_y", "--json"]
    command = [group, action, *tasks, *options]
    result = CliRunner().invoke(application(command), command)
    assert result.exit_code == 0, result.output
    assert reached == ["http://here", "ann_y", None]
    assert msgspec.json.decode(result.stdout) == {"ok": True, "changed": 2_490, "unchanged": 10}
    assert [request.url.path for request in replies.requests[1:]] == [f"/v1/text/{group}/{action}"] * 3
    sent = [replies.body(at) for at in (1, 2, 3)]
    assert [task for body in sent for task in body["tasks"]] == tasks
    assert {body["reason"] for body in sent} == {"old"}

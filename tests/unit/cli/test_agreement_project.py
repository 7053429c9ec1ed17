"""`annotary agreement --project`: what is asked of the platform, and what is shown of its reply."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import httpx
import msgspec
import pytest
from typer.testing import CliRunner

from annotary.cli import agreement
from annotary.cli.main import application
from unit.client.platform import PROJECT, Replies

GROUP = {
    "tool": "classification",
    "label": None,
    "annotators": [{"member": "mem_1", "name": "Ada"}, {"member": "mem_2", "name": None}],
    "batch": None,
    "week": None,
    "tasks": 7,
    "measures": {"cohen_kappa": {"value": 0.5, "low": 0.25, "high": 0.75}, "x": {"value": None}},
}
REPLY = {"project": "prj_1", "by": "pair", "groups": [GROUP], "groups_total": 1, "waiting": 3, "failed": 0}


def asked(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> tuple[Any, Replies]:
    replies = Replies(*(httpx.Response(200, json=body) for body in (PROJECT, REPLY)))

    @contextlib.contextmanager
    def connected(*_: Any) -> Iterator[Any]:
        yield replies.client

    monkeypatch.setattr(agreement, "connected", connected)
    command = ["agreement", "--project", "prj_1", *arguments]
    return CliRunner().invoke(application(command), command), replies


def test_a_project_is_asked_for_as_it_was_said(monkeypatch: pytest.MonkeyPatch) -> None:
    result, replies = asked(monkeypatch, "--by", "pair", "--measure", "cohen_kappa", "--json")
    assert result.exit_code == 0, result.output
    url = replies.requests[1].url
    assert url.path == f"/v1/{PROJECT['modality']}/agreement"
    assert dict(url.params) == {"project": "prj_1", "by": "pair", "measure": "cohen_kappa"}
    (line,) = result.stdout.splitlines()
    assert msgspec.json.decode(line)["groups"][0]["measures"]["cohen_kappa"]["low"] == 0.25


def test_people_and_what_is_not_in_the_numbers_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    result, _ = asked(monkeypatch, "--by", "pair")
    assert result.exit_code == 0, result.output
    assert "Ada and mem_2" in result.stdout and "0.250 to 0.750" in result.stdout
    assert "3 tasks still to be compared" in result.output and "could not" not in result.output


@pytest.mark.parametrize("arguments", [[], ["answers.csv", "--project", "p"]])
def test_it_is_either_a_file_or_a_project(arguments: list[str], tmp_path: Any) -> None:
    file = tmp_path / "answers.csv"
    file.write_text("task,worker,label\n")
    command = ["agreement", *(str(file) if one == "answers.csv" else one for one in arguments)]
    result = CliRunner().invoke(application(command), command)
    assert result.exit_code == 2 and "either" in result.output

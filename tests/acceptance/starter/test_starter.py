"""A new installation has projects to try: at once, made once, and gone when somebody deletes them."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any

import msgspec
import pytest
from bench import stand as stands
from bench.stand import Stand

from annotary.cli.up import starter_projects
from annotary.client import Client
from annotary.demo import starter
from annotary.infra.settings import Settings

NAMES = {
    "text": "Starter: messages to a shop",
    "image": "Starter: landscapes",
    "video": "Starter: things that move",
}


def projects(stand: Stand, state: str = "active") -> dict[str, dict[str, Any]]:
    """Return the projects by modality."""
    found = stand.call("GET", f"/v1/projects?state={state}")["items"]
    assert len({one["name"] for one in found}) == len(found)
    return {one["modality"]: one for one in found}


def claim(stand: Stand, modality: str, project: str, count: int) -> list[dict[str, Any]]:
    body = {"project": project, "count": count}
    return list(stand.call("POST", f"/v1/{modality}/claims", body)["assignments"])


@pytest.mark.timeout(900)
def test_a_new_installation_has_projects_to_try(tmp_path: Path) -> None:
    stand = stands.start(tmp_path / "data", starter=True)
    try:
        deadline = time.monotonic() + 240
        while not (text := projects(stand).get("text")) or not claim(stand, "text", text["id"], 1):
            assert time.monotonic() < deadline, "the first label is not under a minute away"
            time.sleep(0.1)
        # Cut off in the middle, and by the hardest means: the next start goes on.
        token = stand.owner_token
        os.kill(stand.process.pid, signal.SIGKILL)
        stand.process.wait()
        stand = stands.start(tmp_path / "data", starter=True)
        stand.owner_token = token
        stands.await_starter(stand)
        found = projects(stand)
        assert {key: one["name"] for key, one in found.items()} == NAMES
        for modality, project in found.items():
            leases = claim(stand, modality, project["id"], 100)
            assert 20 <= len(leases) + (modality == "text") <= 40
            suggested = [one for one in leases if one["task"]["suggestions"]]
            assert len(leases) / 3 < len(suggested) < len(leases)
            instructions = stand.call("GET", f"/v1/projects/{project['id']}/instructions")["items"]
            assert len(instructions) == 1 and "`?`" in instructions[0]["body"]
            assert not any(
                one["progress"].get("refused") for one in stand.call("GET", "/v1/imports")["items"]
            )
        stand.call("DELETE", f"/v1/projects/{found['image']['id']}")
        with Client(stand.url, token) as client:
            starter.make(client, tmp_path, lambda _: None, lambda: None)
        assert set(projects(stand)) == {"text", "video"} and set(projects(stand, "deleted")) == {"image"}
    finally:
        stands.stop(stand)


def test_only_a_first_start_begins_them(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    settings = Settings(data_dir=tmp_path)
    assert starter_projects(settings, None) is None
    assert starter_projects(msgspec.structs.replace(settings, starter=False), "ann_first") is None
    assert starter_projects(settings, "ann_first") is not None
    # What was cut off goes on at the next start, also with the option that would not have begun it.
    assert starter_projects(msgspec.structs.replace(settings, starter=False), None) is not None


def test_the_environment_says_no_too() -> None:
    said = {"": True, "yes": True, "no": False, "0": False, "Off": False}
    found = {word: Settings.from_environment({"ANNOTARY_STARTER": word}).starter for word in said}
    assert found == said

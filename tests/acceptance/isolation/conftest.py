"""An installation whose video service can be made to hang."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from bench import stand as stands

from acceptance.isolation import trouble

UP = (sys.executable, Path(__file__).with_name("up_with_endless.py"), "up", "--json")
PEOPLE = 8


class Ward(NamedTuple):
    """The installation, a project of texts with its members' tokens, one of clips, and one to be flooded."""

    stand: stands.Stand
    texts: str
    people: list[str]
    clips: str
    clip_token: str
    flood: str
    flood_token: str


@pytest.fixture(scope="module")
def ward(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Ward]:
    """A running installation with work in text and in video; `TASKS` texts when the module asks for them."""
    place = tmp_path_factory.mktemp("isolation")
    stand = stands.start(place / "data", UP)
    try:
        tasks = request.module.TEXTS
        yield Ward(
            stand,
            *trouble.text_project(stand, place, tasks, PEOPLE),
            *trouble.video_project(stand, place),
            *trouble.video_project(stand, place),
        )
    finally:
        stands.stop(stand)

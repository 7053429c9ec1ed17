"""`annotary trace` and `annotary outcomes`, as a person and as a program reads them."""

from __future__ import annotations

import json
import subprocess
from typing import Any

from bench.stand import ANNOTARY

from integration.lineage.story import Story


def run(story: Story, *words: str, status: int = 0) -> str:
    where = ("--url", story.stand.url, "--token", story.stand.owner_token)
    done = subprocess.run(
        [ANNOTARY, *words, *where], capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode == status, done.stderr
    return done.stdout if status == 0 else done.stderr


def object_of(text: str) -> Any:
    (line,) = text.splitlines()
    return json.loads(line)


def test_trace_as_a_tree_and_as_one_object(story: Story) -> None:
    tree = run(story, "trace", story.ids["amended"])
    found = object_of(run(story, "trace", story.ids["amended"], "--json"))
    assert found["outcome"] == story.ids["amended"]
    for id in ("item", "prediction", "Ann", "Bob again", "consensus", "review", "change", "export"):
        assert story.ids[id] in tree, id
    for words in ("accepted in", "by Ann", "Look again.", "row-1", found["versions"][-1]["events"][0]):
        assert words in tree, words


def test_history_and_revert(story: Story) -> None:
    found = object_of(run(story, "outcomes", "history", story.task, "--json"))
    shown = run(story, "outcomes", "history", story.task)
    assert all(one["id"] in shown for one in found["versions"])

    reverted = object_of(run(story, "outcomes", "revert", story.ids["consensus"], "--json"))
    assert reverted["id"] == story.ids["reverted"]


def test_what_is_not_there_is_said_in_one_line(story: Story) -> None:
    said = run(story, "trace", "task_" + "0" * 32, status=2)
    assert said.startswith("annotary: ") and len(said.splitlines()) == 1
    assert "expected" in run(story, "trace", "nonsense", status=2)

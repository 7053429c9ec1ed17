"""The command line publishes, migrates, corrects, and takes all of it back."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from bench.stand import ANNOTARY, Stand

from acceptance.ontology.people import MERGE, People, until

FUNCTION = """
def only_cars(answer):
    (mark,) = answer["classification"]
    return {"classification": [{"label": "car"}]} if mark["label"] == "van" else None
"""


def command(stand: Stand, *arguments: str, code: int = 0) -> Any:
    where = ("--url", stand.url, "--token", stand.owner_token, "--json")
    done = subprocess.run([ANNOTARY, *arguments, *where], capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    return json.loads(done.stdout)


def test_commands_change_and_go_back(stand: Stand, tmp_path: Path) -> None:
    people = People(stand, tmp_path, 9)
    for number, lease in enumerate(people.claim(9)):
        assert people.answer(lease, ["car", "van", "person"][number % 3]) == 200
    until(lambda: len(people.pages("outcomes")) == 9)
    before = people.hash()
    steps = tmp_path / "steps.json"
    steps.write_text(json.dumps(MERGE))
    on = (people.ontology, "--steps", str(steps))
    checked = command(stand, "ontology", "check", *on)
    assert checked["compatibility"]["kind"] == "breaking"
    assert command(stand, "ontology", "check", *on, "--no-migrate", code=1)["refused"]
    published = command(stand, "ontology", "publish", *on, "--reason", "vans are cars")
    (change,) = published["changes"]
    assert change["state"] == "succeeded" and people.labels() == {"car": 6, "human": 3}
    differing = command(stand, "ontology", "diff", people.ontology, "1", "2", code=1)
    assert "the label human is new" in [one["words"] for one in differing["changes"]]
    back = command(stand, "ontology", "rollback", people.ontology, "--reason", "they are not")
    assert back["publication"]["state"] == "withdrawn" and back["changes"][0]["kind"] == "rollback"
    assert people.hash() == before
    assert command(stand, "ontology", "migrate", people.project)["counts"]["looked_at"] == 0


def test_corrections_by_steps_and_by_function(stand: Stand, tmp_path: Path) -> None:
    people = People(stand, tmp_path, 6)
    for number, lease in enumerate(people.claim(6)):
        assert people.answer(lease, ["car", "van"][number % 2]) == 200
    until(lambda: len(people.pages("outcomes")) == 6)
    before = people.hash()
    steps, code = tmp_path / "steps.json", tmp_path / "owner.py"
    steps.write_text(json.dumps([{"step": "merge_labels", "labels": ["van"], "into": "person"}]))
    code.write_text(FUNCTION)
    of = ("--project", people.project)
    seen = command(stand, "correct", "preview", *of, "--steps", str(steps), "--label", "van")
    assert seen["counts"]["submission"]["changed"] == 3 and people.hash() == before
    done = command(
        stand, "correct", "apply", *of, "--steps", str(steps), "--label", "van", "--reason", "people"
    )
    assert done["state"] == "succeeded" and people.labels() == {"car": 3, "person": 3}
    command(stand, "correct", "revert", *of, done["id"])
    assert people.labels() == {"car": 3, "van": 3}
    made = ("--function", f"{code}:only_cars", "--reason", "cars")
    done = command(stand, "correct", "apply", *of, *made)
    assert done["counts"]["changed"] == 3 and people.labels() == {"car": 6}
    command(stand, "correct", "revert", *of, done["id"])
    assert people.labels() == {"car": 3, "van": 3}

"""A task from its import to a file: predicted, answered, revised, reviewed, corrected, put back, exported."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from bench.stand import Stand

from annotary.client import Client

DEFINITION = {
    "tools": {"classification": {}},
    "labels": [{"name": "car"}, {"name": "van"}, {"name": "bus"}],
}
RENAMED = [{"step": "rename_label", "label": "car", "to": "automobile"}]
SECONDS_MAX = 240.0
# A text so long that it is kept as an asset.
LONG_TEXT = "A car, a van and a bus. " * 4000
T = TypeVar("T")


def label(name: str) -> dict[str, Any]:
    """Return an answer."""
    return {"classification": [{"label": name}]}


def until(ask: Callable[[], T | None]) -> T:
    """Ask again until there is an answer; the test fails when there never is."""
    deadline = time.monotonic() + SECONDS_MAX
    while not (found := ask()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)
    return found


class Story:
    """People around one task; `ids` has what they made, by what it is."""

    def __init__(self, stand: Stand, folder: Path) -> None:
        self.stand, self.folder = stand, folder
        self.owner = Client(stand.url, stand.owner_token)
        self.people: dict[str, Client] = {}
        self.members: dict[str, str] = {}
        self.ids: dict[str, str] = {}
        self.project = self.task = ""

    def hire(self, name: str, role: str) -> None:
        """Put somebody on the project."""
        member = self.owner.members.add(name, "annotator").id
        self.owner.projects.put_member(self.project, member, role)  # type: ignore[arg-type]
        token = self.owner.tokens.create("t", member=member).token
        assert token
        self.members[name], self.people[name] = member, Client(self.stand.url, token)

    def tell(self) -> None:
        """Let it all happen."""
        self._begin()
        self._predict()
        self._answer()
        self._review()
        self._correct()
        self.ids["export"] = self.owner.exports.wait(self.owner.exports.start(self.project).id).id
        self._export_after_revert()

    def outcome(self, version: int) -> str:
        """Wait for a version of the outcome to be current; returns its id."""

        def current() -> str | None:
            found = self.owner.outcomes.get("text", self.task).current
            return found.id if found and found.version == version else None

        return until(current)

    def _begin(self) -> None:
        quality = {"review": {"policy": "all", "levels": 1}}
        made = self.owner.projects.create(
            *("Vehicles", "text"),
            definition=DEFINITION,
            overlap=2,
            quality=quality,
            instructions="Look twice.",
        )
        self.project = made.id
        for name, role in (("Ann", "annotator"), ("Bob", "annotator"), ("Rhea", "reviewer")):
            self.hire(name, role)
        file = self.folder / "rows.jsonl"
        file.write_text(json.dumps({"unique_id": "row-1", "text": LONG_TEXT}))
        self.ids["import"] = self.stand.import_rows(self.project, file)["id"]
        (task,) = until(lambda: list(self.owner.tasks.list("text", self.project)))
        self.task, self.ids["item"], self.ids["batch"] = task.id, task.item, task.batch

    def _predict(self) -> None:
        said = {"model": "guesser", "version": "7", "score": 0.6, "task": self.task, "answer": label("car")}
        (self.ids["prediction"],) = self.owner.predictions.add("text", [said])

    def _answer(self) -> None:
        """Ann takes the suggestion; Bob says something else, and thinks again."""
        for name, said in (("Ann", "car"), ("Bob", "bus")):
            (lease,) = until(lambda who=name: self.people[who].claim("text", project=self.project))
            self.ids[name] = self.people[name].submit(lease, label(said), seconds=4.5).submission_id
        self.outcome(1)
        revised = self.people["Bob"].submissions.revise("text", self.ids["Bob"], label("van"), seconds=2.0)
        self.ids["Bob again"] = revised
        self.ids["consensus"] = self.outcome(2)

    def _review(self) -> None:
        """Rhea amends what consensus proposed."""

        def claimed() -> dict[str, Any] | None:
            given = self.people["Rhea"].reviews.claim("text", project=self.project)
            return given[0] if given and given[0]["outcome"]["version"] == 2 else None

        review = until(claimed)
        answer = review["outcome"]["answer"]["classification"][0]["label"]
        other = label("car" if answer == "van" else "van")
        self.people["Rhea"].reviews.decide("text", review, "amended", answer=other, comment="Look again.")
        self.ids["review"], self.ids["amended"] = review["id"], self.outcome(3)

    def _correct(self) -> None:
        """A label gets another name: every answer of the chain is migrated."""
        ontology = self.owner.projects.get(self.project).ontology
        made = self.owner.publications.publish(ontology, steps=RENAMED)
        self.ids["change"] = until(
            lambda: next((one.id for one in self.owner.changes.list("text", self.project)), None)
        )
        self.owner.changes.wait("text", self.ids["change"])
        self.ids["ontology_version"] = made.version.id

    def _export_after_revert(self) -> None:
        """The owner goes back to what consensus said, and exports that too."""
        made = self.owner.lineage.revert("text", self.ids["consensus"], reason="The review was wrong.")
        self.ids["reverted"] = made.id
        started = self.owner.exports.start(self.project).id
        self.ids["export after"] = self.owner.exports.wait(started).id

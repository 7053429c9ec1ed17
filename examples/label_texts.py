"""From texts to agreed labels in one file: make a project, import, label as two people, export.

Start a platform with `annotary up`, set ANNOTARY_URL and ANNOTARY_TOKEN, and run this file.
Programs label here by a rule; people do it with `annotary label`, or in a client built on the same calls.
"""

from __future__ import annotations

import json
import os
import time

from annotary import Client

DEFINITION = {
    "tools": {"classification": {}},
    "labels": [{"name": "positive", "colour": "#2f855a"}, {"name": "negative", "colour": "#9b2c2c"}],
}
TEXTS = [
    "The delivery came a day early, and the box was intact.",
    "It broke on the first day.",
    "I would buy it again.",
]
WORDS_OF_PRAISE = ("early", "again", "thank")


def main() -> None:
    """Do all of it, and print the labels."""
    with Client(os.environ["ANNOTARY_URL"], os.environ["ANNOTARY_TOKEN"]) as client:
        project = client.projects.create("Reviews", "text", definition=DEFINITION, overlap=2)
        rows = "".join(
            json.dumps({"unique_id": f"review-{number}", "text": text}) + "\n"
            for number, text in enumerate(TEXTS)
        )
        file = client.assets.upload_bytes(rows.encode(), "application/jsonl")
        client.imports.wait(client.imports.start(file.hash, project=project.id).id)
        for name in ("Ada", "Ben"):
            label_everything(client, project.id, name)
        while client.progress("text", project.id).outcomes < len(TEXTS):
            time.sleep(0.2)
        for outcome in client.outcomes.list("text", project.id):
            print(outcome.unique_id, outcome.answer, f"agreement {outcome.agreement}")  # noqa: T201
        job = client.exports.wait(client.exports.start(project.id).id)
        client.exports.download(job.id, "labels.jsonl")


def label_everything(owner: Client, project: str, name: str) -> None:
    """Label all that is left for a new member, who has a token of their own."""
    member = owner.members.add(name, "annotator")
    owner.projects.put_member(project, member.id)
    token = owner.tokens.create("example", member=member.id).token or ""
    with Client(owner.url, token) as client:
        given = client.claim("text", project=project, wait_ms=1000)
        while given:
            text = given[0].task.item["text"]
            label = "positive" if any(word in text for word in WORDS_OF_PRAISE) else "negative"
            answer = {"classification": [{"label": label}]}
            given = client.submit(given[0], answer, seconds=1.5, claim_next=1).next


if __name__ == "__main__":
    main()

"""Every step of a chain is found, with ids that lead to it and events that are in the log."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import asyncpg
import msgspec
import pytest
from bench.stand import Refused

from annotary.client import AnnotaryClientError
from annotary.eventlog import registry
from integration.lineage.story import Story, until

Json = dict[str, Any]


@pytest.fixture(scope="module")
def lineage(story: Story) -> Json:
    return story.owner.lineage.trace(story.ids["amended"])


def steps(lineage: Json) -> Iterator[tuple[str, Json]]:
    """Yield the steps of a lineage by kind."""
    for kind in ("item", "task", "batch"):
        yield kind, lineage[kind]
    yield from (("asset", one) for one in lineage["item"]["assets"])
    for kind in ("ontology_versions", "instructions", "predictions", "submissions", "versions"):
        yield from ((kind, one) for one in lineage[kind])
    for kind in ("reviews", "changes", "exports"):
        yield from ((kind, one) for one in lineage[kind])


def test_every_kind_of_step_is_there(story: Story, lineage: Json) -> None:
    ids = story.ids
    assert lineage["outcome"] == ids["amended"] and lineage["version"] == 3
    assert lineage["item"]["id"] == ids["item"] and lineage["item"]["dataset_name"]
    assert [one["media_type"] for one in lineage["item"]["assets"]] == ["text/plain"]
    assert lineage["task"]["id"] == story.task
    assert lineage["batch"]["id"] == ids["batch"] and lineage["batch"]["job"] == ids["import"]
    assert [one["number"] for one in lineage["ontology_versions"]] == [1, 2]
    assert [one["version"] for one in lineage["instructions"]] == [1]
    assert [one["id"] for one in lineage["predictions"]] == [ids["prediction"]]
    assert [one["id"] for one in lineage["submissions"]] == [ids["Ann"], ids["Bob"], ids["Bob again"]]
    assert [one["version"] for one in lineage["versions"]] == [1, 2, 3]
    assert ids["review"] in [one["id"] for one in lineage["reviews"]]
    assert {one["change"] for one in lineage["changes"]} == {ids["change"]}
    assert lineage["missing"] == []


def test_predictions_say_what_became_of_them(story: Story, lineage: Json) -> None:
    (prediction,) = lineage["predictions"]
    assert (prediction["model"], prediction["model_version"]) == ("guesser", "7")
    uses = {use["submission"]: use for use in prediction["uses"]}
    assert uses[story.ids["Ann"]]["use"] == "accepted" and prediction["use"] == "accepted"
    assert uses[story.ids["Bob again"]]["use"] == "edited"
    assert any("van" in words for words in uses[story.ids["Bob again"]]["changes"])


def test_answers_tell_who_when_and_which_counts(story: Story, lineage: Json) -> None:
    ann, bob, again = lineage["submissions"]
    assert lineage["people"][ann["member"]] == "Ann" and ann["seconds"] == pytest.approx(4.5)
    assert (bob["counts"], again["counts"], again["supersedes"]) == (False, True, bob["id"])
    assert not bob["in_outcome"] and ann["in_outcome"] and again["in_outcome"]
    assert ann["instructions_version"] == 1
    stored = story.owner.submissions.get("text", ann["id"])
    assert ann["content_hash"] == stored.content_hash


def test_the_amendment_leads_from_consensus_to_the_outcome(story: Story, lineage: Json) -> None:
    _, consensus, amended = lineage["versions"]
    assert consensus["id"] == story.ids["consensus"] and consensus["aggregator"] != "review"
    assert set(consensus["submissions"]) == {story.ids["Ann"], story.ids["Bob again"]}
    (review,) = [one for one in lineage["reviews"] if one["id"] == story.ids["review"]]
    assert (review["outcome"], review["amended_to"]) == (consensus["id"], amended["id"])
    assert review["verdict"] == "amended" and review["comment"] == "Look again." and review["changes"]
    assert lineage["people"][amended["decided_by"]] == "Rhea"


def test_changes_name_hashes_on_both_sides(story: Story, lineage: Json) -> None:
    by_subject = {one["subject"]: one for one in lineage["changes"]}
    ann = by_subject[story.ids["Ann"]]
    assert ann["kind"] == "migration" and ann["hash_before"] != ann["hash_after"]
    stored = {one["id"]: one["content_hash"] for one in lineage["submissions"]}
    assert ann["hash_after"] == stored[story.ids["Ann"]]
    assert {ann["ontology_version_before"], ann["ontology_version_after"]} == {
        one["id"] for one in lineage["ontology_versions"]
    }


def test_files_that_carry_it_and_only_those(story: Story, lineage: Json) -> None:
    assert [(one["job"], one["carrying"]) for one in lineage["exports"]] == [(story.ids["export"], "whole")]
    after = story.owner.lineage.trace(story.task)
    assert [one["job"] for one in after["exports"]] == [story.ids["export after"]]


def test_each_step_is_proved_by_events_of_the_log(story: Story) -> None:
    lineage = story.owner.lineage.trace(story.ids["reverted"])
    told = {event["id"]: event for event in lineage["events"]}
    unproved = [kind for kind, step in steps(lineage) if not step["events"]]
    assert not unproved
    assert {id for _, step in steps(lineage) for id in step["events"]} <= set(told)

    async def stored() -> None:
        connection = await asyncpg.connect(story.stand.database_url)
        try:
            for id, event in told.items():
                service, _, sequence = id.partition(".")
                row = await connection.fetchrow(
                    f"SELECT type, schema_version, data FROM {service}.events WHERE sequence = $1",
                    int(sequence),
                )
                assert row and row["type"] == event["type"], id
                assert json.loads(row["data"]) == event["data"], id
                kind = registry.event_type(row["type"], row["schema_version"])
                msgspec.convert(event["data"], kind.data)
        finally:
            await connection.close()

    asyncio.run(stored())


def test_the_platform_leads_to_the_modality(story: Story) -> None:
    assert story.owner.lineage.modality_of(story.ids["consensus"]) == "text"
    assert story.owner.lineage.modality_of(story.task) == "text"
    with pytest.raises(AnnotaryClientError, match="no such task") as refused:
        story.owner.lineage.trace("out_" + "0" * 32)
    assert refused.value.code == "unknown_task"


def test_a_reviewer_sees_no_identity_but_their_own(story: Story) -> None:
    seen = story.people["Rhea"].lineage.trace(story.ids["amended"])
    rhea = story.members["Rhea"]
    assert set(seen["people"]) <= {rhea}
    assert [one["member"] for one in seen["submissions"]] == [None] * 3
    assert {one["judged"] for one in seen["submissions"]} == {None} and seen["gold"] is None
    assert {one["member"] for one in seen["reviews"]} == {rhea}
    assert {one["data"] for one in seen["events"]} == {None}
    assert {one["actor"] for one in seen["events"]} <= {None, rhea}


@pytest.mark.parametrize("path", ["lineage", "history"])
def test_annotators_may_not_ask(story: Story, path: str) -> None:
    with pytest.raises(AnnotaryClientError) as refused:
        ann = story.people["Ann"].lineage
        ann.trace(story.task) if path == "lineage" else ann.history("text", story.task)
    assert refused.value.code == "role_too_low"


def test_history_says_in_words_what_changed(story: Story) -> None:
    found = story.owner.lineage.history("text", story.task)
    newest, amended, consensus, _ = found["versions"]
    assert [one["version"] for one in found["versions"]] == [4, 3, 2, 1]
    assert (newest["made_by"], newest["reverts"]) == ("revert", consensus["id"])
    assert newest["content_hash"] == consensus["content_hash"] and newest["answer"] == consensus["answer"]
    words = [change["text"] for change in amended["diff"]["changes"]]
    names = {
        one["label"] for one in (*amended["answer"]["classification"], *consensus["answer"]["classification"])
    }
    assert all(any(name in text for text in words) for name in names)


def test_a_revert_is_recorded_once(story: Story) -> None:
    again = story.owner.lineage.revert("text", story.ids["consensus"], reason="Twice.")
    assert again.id == story.ids["reverted"] and again.version == 4
    lineage = story.owner.lineage.trace(again.id)
    (told,) = [
        one for one in lineage["events"] if one["type"] == "outcome.revised" and "reverts" in one["data"]
    ]
    assert told["id"] in lineage["versions"][-1]["events"]
    assert told["data"]["reason"] == "The review was wrong."
    for name in ("Rhea", "Ann"):
        with pytest.raises(AnnotaryClientError) as refused:
            story.people[name].lineage.revert("text", story.ids["amended"])
        assert refused.value.code == "role_too_low"


def test_a_task_without_an_outcome_has_nothing_to_go_back_from(story: Story) -> None:
    story.owner.tasks.act("text", "requeue", [story.task], reason="Anew.")

    until(lambda: story.owner.outcomes.get("text", story.task).current is None)
    with pytest.raises(AnnotaryClientError) as refused:
        story.owner.lineage.revert("text", story.ids["amended"])
    assert refused.value.code == "nothing_to_revert"
    lineage = story.owner.lineage.trace(story.task)
    assert not lineage["is_current"] and lineage["versions"][-1]["state"] == "withdrawn"


def test_how_well_events_are_proved(story: Story) -> None:
    lineage = story.owner.lineage.trace(story.ids["amended"])
    sequences = [
        event["id"].partition(".")[2] for event in lineage["events"] if event["id"].startswith("text.")
    ]

    def proofs() -> dict[str, str]:
        query = f"/v1/text/events/proofs?sequences={','.join(sequences)}"
        found: dict[str, str] = story.stand.call("GET", query)["proofs"]
        return found

    assert set(proofs()) == set(sequences)
    until(lambda: set(proofs().values()) <= {"chained", "sealed"})
    for wrong in ("x", "1;2", "9" * 30):
        with pytest.raises(Refused, match="400"):
            story.stand.call("GET", f"/v1/text/events/proofs?sequences={wrong}")

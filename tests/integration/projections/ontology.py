"""Ontologies, what projects work with, publications, and changes of answers from their events."""

from __future__ import annotations

from uuid import UUID

from annotary.eventlog import Event
from integration.projections.state import Apply, State, id_of, real

ENDED = ("succeeded", "failed")
CHANGES = ("proposed", "waiting", "running", "paused", "following", "succeeded", "failed", "cancelled")


def published(state: State, event: Event) -> None:
    data, ontology = event.data, id_of(event.data["ontology"])
    facts = {name: data[name] for name in ("number", "modality", "content_hash")}
    state.put(
        "ontology_versions",
        event.subject_id,
        event.sequence,
        ontology_id=ontology,
        follows=id_of(data["follows"]),
        **facts,
    )
    assert ontology
    if data["number"] == 1:
        made = {"name": data["name"], "modality": data["modality"], "version": 1}
        state.put("ontologies", ontology, event.sequence, **made)


def renamed(state: State, event: Event) -> None:
    ontology = id_of(event.data["ontology"])
    assert ontology
    told = {"name": event.data["name"], "version": event.data["edition"]}
    state.put("ontologies", ontology, event.sequence, **told)


def project(state: State, event: Event) -> None:
    data = event.data
    facts = {name: data[name] for name in ("name", "modality", "state", "instructions_version", "version")}
    facts |= {f"{name}_id": id_of(data[name]) for name in ("ontology", "ontology_version", "canary_version")}
    state.put("projects", event.subject_id, event.sequence, canary_share=real(data["canary_share"]), **facts)


def publication(state: State, event: Event) -> None:
    data = event.data
    facts = {f"{name}_id": UUID(data[name]) for name in ("ontology", "version", "previous")}
    before = {UUID(one): UUID(was) for one, was in data["projects"].items()}
    told = {"state": event.type.partition(".")[2], "share": real(data["share"]), "projects_before": before}
    if data["reason"] is not None:
        told["reason"] = data["reason"]
    state.put("publications", event.subject_id, event.sequence, -1, reason=None)
    state.put("publications", event.subject_id, event.sequence, **facts, **told)


def change(state: State, event: Event) -> None:
    data, told = event.data, event.type.partition(".")[2]
    facts = {"project_id": UUID(data["project"]), "ontology_version_id": UUID(data["ontology_version"])}
    facts |= {"reverts": id_of(data["reverts"]), "kind": data["kind"], "state": told}
    counts = data["counts"] if told in ENDED else None
    state.put("answer_changes", event.subject_id, event.sequence, counts=counts, **facts)


FOLDS: dict[str, Apply] = {
    "ontology.published": published,
    "ontology.renamed": renamed,
    **dict.fromkeys(("project.created", "project.changed", "project.deleted"), project),
    **dict.fromkeys(("publication.watching", "publication.full", "publication.withdrawn"), publication),
    **{f"change.{word}": change for word in CHANGES},
}

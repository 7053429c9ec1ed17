"""Events of ontologies, publications of their versions, and changes of stored answers."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from annotary.eventlog.schemas.declaring import (
    MODALITIES,
    PLATFORM,
    Count,
    Data,
    Hash,
    Number,
    Ontology,
    Share,
    event,
)


@event("ontology.published", "ontology_version", PLATFORM)
class OntologyPublished(Data):
    """An ontology has a new version, made from the one it `follows`; number 1 makes the ontology itself."""

    ontology: Ontology
    name: str
    modality: str
    number: Number
    content_hash: Hash
    follows: UUID | None


@event("ontology.renamed", "ontology_version", PLATFORM)
class OntologyRenamed(Data):
    """An ontology has another name; the subject is its latest version, and versions stay as they are."""

    ontology: Ontology
    name: str
    edition: Number


class Publication(Data):
    """The version, the projects that got it with what each had before, and for which share of their tasks."""

    ontology: UUID
    version: UUID
    previous: UUID
    share: Share
    projects: dict[UUID, UUID]
    reason: str | None


@event("publication.watching", "publication", PLATFORM)
class PublicationWatching(Publication):
    """A version is on trial: in some projects, or for a share of tasks."""


@event("publication.full", "publication", PLATFORM)
class PublicationFull(Publication):
    """A version is what all projects of its ontology work with."""


@event("publication.withdrawn", "publication", PLATFORM)
class PublicationWithdrawn(Publication):
    """A version was taken back: projects work with what they had before."""


class ChangeCounts(Data):
    """How many answers were looked at, and what became of them."""

    looked_at: Count = 0
    changed: Count = 0
    pinned: Count = 0
    lossy: Count = 0
    ambiguous: Count = 0
    invalid: Count = 0
    moved: Count = 0
    requeued: Count = 0


class Change(Data):
    """Which answers are changed: `reverts` is what a rollback takes back, `counts` how far it has come."""

    project: UUID
    kind: Literal["migration", "correction", "rollback"]
    ontology_version: UUID
    reverts: UUID | None
    job: UUID | None
    counts: ChangeCounts


@event("change.proposed", "change", MODALITIES)
class ChangeProposed(Change):
    """A correction was previewed and waits for somebody to approve it."""


@event("change.waiting", "change", MODALITIES)
class ChangeWaiting(Change):
    """A change waits for its job."""


@event("change.running", "change", MODALITIES)
class ChangeRunning(Change):
    """A run of a change's job began."""


@event("change.paused", "change", MODALITIES)
class ChangePaused(Change):
    """A change was stopped where it stands, to be taken up again."""


@event("change.following", "change", MODALITIES)
class ChangeFollowing(Change):
    """A change has been through everything, and takes what leases of older versions still bring."""


@event("change.succeeded", "change", MODALITIES)
class ChangeSucceeded(Change):
    """A change is done."""


@event("change.failed", "change", MODALITIES)
class ChangeFailed(Change):
    """A change ended with an error; what it did until then can be taken back."""


@event("change.cancelled", "change", MODALITIES)
class ChangeCancelled(Change):
    """A change was ended where it stood; what it did until then can be taken back."""


@event("answers.changed", "project", MODALITIES)
class AnswersChanged(Data):
    """A batch of stored answers was changed: `pinned` has the content hash of each, by the ontology version
    that it is pinned to now; `hash` covers ids and content hashes, in the order of ids.
    """

    change: UUID
    kind: Literal["migration", "correction", "rollback"]
    of: Literal["submission", "outcome", "gold", "prediction", "draft"]
    answers: Number
    first: UUID
    last: UUID
    hash: Hash
    pinned: dict[UUID, dict[UUID, Hash]]

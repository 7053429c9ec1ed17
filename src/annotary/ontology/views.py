"""How ontologies and their versions look outside."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import msgspec

from annotary.infra.replies import Found
from annotary.ontology.values import Definition

Modality = Literal["text", "image", "video"]


class OntologyVersionView(msgspec.Struct, frozen=True):
    """One immutable version of an ontology. `content_hash`: BLAKE3 over its canonical JSON, hexadecimal."""

    id: str
    ontology: str
    number: int
    modality: Modality
    content_hash: str
    definition: Definition
    created_by: str | None
    created_at: datetime


class SameVersion(OntologyVersionView, Found, frozen=True):
    """The latest version, which already had the content that was to be published."""


class OntologyView(msgspec.Struct, frozen=True):
    """An ontology with its latest version. `edition` counts changes of the name; the ETag carries it."""

    id: str
    name: str
    modality: Modality
    edition: int
    version: OntologyVersionView
    created_at: datetime


class NewOntology(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An ontology to be made, with the definition of its first version."""

    name: str
    modality: Modality
    definition: dict[str, Any]


class OntologyChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What can be changed about an ontology; its versions are immutable."""

    name: str


class NewOntologyVersion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The definition of a version to be published."""

    definition: dict[str, Any]

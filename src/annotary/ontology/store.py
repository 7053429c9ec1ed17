"""The tables of ontologies: their queries, and rows as the API shows them."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from annotary.infra import queries
from annotary.infra.postgres import Row
from annotary.kernel.ids import format_id
from annotary.ontology.values import Definition
from annotary.ontology.views import OntologyVersionView, OntologyView

QUERIES = queries.load(__package__)
_definition = msgspec.json.Decoder(Definition)
V = TypeVar("V", bound=OntologyVersionView)


def version_view(row: Row, kind: type[V] = OntologyVersionView) -> V:  # type: ignore[assignment]
    """Return a row of `ontology_versions` as the API shows it."""
    return kind(
        id=format_id("ontology_version", row["id"]),
        ontology=format_id("ontology", row["ontology_id"]),
        number=row["number"],
        modality=row["modality"],
        content_hash=row["content_hash"].hex(),
        definition=_definition.decode(row["definition"]),
        created_by=row["created_by"] and format_id("member", row["created_by"]),
        created_at=row["created_at"],
    )


def ontology_view(row: Row) -> OntologyView:
    """Return an ontology's row, joined with its latest version, as the API shows it."""
    version = OntologyVersionView(
        id=format_id("ontology_version", row["version_id"]),
        ontology=format_id("ontology", row["id"]),
        number=row["number"],
        modality=row["modality"],
        content_hash=row["content_hash"].hex(),
        definition=_definition.decode(row["definition"]),
        created_by=row["version_created_by"] and format_id("member", row["version_created_by"]),
        created_at=row["version_created_at"],
    )
    return OntologyView(
        id=version.ontology,
        name=row["name"],
        modality=row["modality"],
        edition=row["version"],
        version=version,
        created_at=row["created_at"],
    )

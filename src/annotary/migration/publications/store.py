"""The table of publications."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import msgspec

from annotary.infra import queries
from annotary.infra.postgres import Database, Row
from annotary.kernel.ids import format_id
from annotary.migration.publications.values import Before, NewPublication, PublicationView, Rates
from annotary.ontology.store import version_view

QUERIES = queries.load(__package__)
RATES = queries.load(__package__, "rates.sql")
_before = msgspec.json.Decoder(dict[UUID, Before]).decode
_request = msgspec.json.Decoder(NewPublication).decode
encode = msgspec.json.Encoder().encode


def before_of(row: Row) -> dict[UUID, Before]:
    """Return what each project had before a publication."""
    return _before(row["projects_before"])


def request_of(row: Row) -> NewPublication:
    """Return what a publication was asked with."""
    return _request(row["request"])


def publication_view(row: Row) -> PublicationView:
    """Return a publication, joined with its version, as the API shows it."""
    before = before_of(row)
    version = {"id": row["shown_id"], "created_at": row["version_created_at"]}
    same = ("ontology_id", "number", "modality", "content_hash", "definition", "created_by")
    shown = {name: row[name] for name in same}
    return PublicationView(
        id=format_id("publication", row["id"]),
        ontology=format_id("ontology", row["ontology_id"]),
        version=version_view({**shown, **version}),  # type: ignore[arg-type]
        previous=format_id("ontology_version", row["previous_id"]),
        state=row["state"],
        projects=[format_id("project", one) for one in row["project_ids"]],
        share=row["share"],
        checked=msgspec.Raw(row["checked"].encode()),
        watched=msgspec.Raw(row["watched"].encode()) if row["watched"] else None,
        changes={
            format_id("project", project): format_id("change", one.change)
            for project, one in before.items()
            if one.change is not None
        },
        reason=row["reason"],
        created_by=row["created_by"] and format_id("member", row["created_by"]),
        created_at=row["created_at"],
        changed_at=row["changed_at"],
    )


async def rates(database: Database, project_ids: list[UUID], since: datetime) -> Mapping[UUID, Rates]:
    """Return what was seen in projects since a moment, by the version that answers were given under."""
    floor = UUID(int=int(since.timestamp() * 1000) << 80)
    answers = await database.fetch(RATES.answers_since, project_ids, floor)
    refusals = await database.fetch(RATES.refusals_since, project_ids, since)
    differing = await database.fetch(RATES.disagreement_since, project_ids, floor)
    found: dict[UUID, dict[str, float]] = {}
    for row in (*answers, *refusals, *differing):
        mine = found.setdefault(row["version_id"], {})
        mine.update({name: value for name, value in row.items() if name != "version_id"})
    return {version: msgspec.convert(values, Rates) for version, values in found.items()}

"""The tables of projects: their queries, and rows as the API shows them."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from annotary.eventlog import Event, fact
from annotary.infra import queries
from annotary.infra.postgres import Row
from annotary.kernel.ids import format_id
from annotary.projects.quality import QualityColumns, read_quality
from annotary.projects.values import InstructionsView, ProjectMemberView, ProjectView

QUERIES = queries.load(__package__)
V = TypeVar("V", bound=ProjectMemberView)


def project_view(row: Row) -> ProjectView:
    """Return a project's row as the API shows it."""
    return ProjectView(
        id=format_id("project", row["id"]),
        name=row["name"],
        modality=row["modality"],
        ontology=format_id("ontology", row["ontology_id"]),
        ontology_version=format_id("ontology_version", row["ontology_version_id"]),
        instructions_version=row["instructions_version"],
        overlap=row["overlap"],
        lease_seconds=row["lease_seconds"],
        weight=row["weight"],
        quality=read_quality(row["quality"]),
        state=row["state"],
        version=row["version"],
        created_at=row["created_at"],
    )


def project_fact(kind: str, row: Row, by: UUID | None) -> Event:
    """Return the fact that a project, whose row is given, was made or changed."""
    names = ("name", "modality", "state", "canary_share", "instructions_version", "version")
    pins = {name: row[f"{name}_id"] for name in ("ontology", "ontology_version", "canary_version")}
    return fact(kind, row, by, {name: row[name] for name in names} | pins)


def kept_quality(row: Row) -> QualityColumns:
    """Return a project's quality settings as they are stored, for a change that leaves them be."""
    return QualityColumns(row["quality"], row["gold_first"], row["entry"])


def project_member_view(row: Row, kind: type[V] = ProjectMemberView) -> V:  # type: ignore[assignment]
    """Return a member on a project as the API shows it."""
    return kind(
        project=format_id("project", row["project_id"]),
        member=format_id("member", row["member_id"]),
        name=row["name"],
        role=row["role"],
    )


def instructions_view(row: Row) -> InstructionsView:
    """Return a version of instructions as the API shows it."""
    return InstructionsView(
        project=format_id("project", row["project_id"]),
        version=row["version"],
        body=row["body"],
        created_at=row["created_at"],
    )

"""Projects, their members and instructions, as the API shows them and is told of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import msgspec
from msgspec import UNSET, UnsetType

from annotary.identity.values import ProjectRoleName
from annotary.infra.replies import Made
from annotary.kernel.limits import LEASE_SECONDS_DEFAULT
from annotary.projects.quality import QualitySettings

Modality = Literal["text", "image", "video"]
ProjectState = Literal["active", "paused", "deleted"]


class ProjectView(msgspec.Struct, frozen=True):
    """A project. `ontology_version` is what is pinned by whoever claims a task now."""

    id: str
    name: str
    modality: Modality
    ontology: str
    ontology_version: str
    instructions_version: int
    overlap: int
    lease_seconds: int
    weight: float
    quality: QualitySettings
    state: ProjectState
    version: int
    created_at: datetime


class NewProject(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A project to be made, on an ontology there is (`ontology`) or one made for it (`definition`)."""

    name: str
    modality: Modality
    ontology: str | None = None
    definition: dict[str, Any] | None = None
    overlap: int = 1
    lease_seconds: int = LEASE_SECONDS_DEFAULT
    weight: float = 1.0
    quality: QualitySettings = QualitySettings()
    instructions: str | None = None


class ProjectChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What can be changed about a project. `ontology_version`: another version of the project's ontology."""

    name: str | UnsetType = UNSET
    state: Literal["active", "paused"] | UnsetType = UNSET
    overlap: int | UnsetType = UNSET
    lease_seconds: int | UnsetType = UNSET
    weight: float | UnsetType = UNSET
    quality: QualitySettings | UnsetType = UNSET
    ontology_version: str | UnsetType = UNSET


class ProjectMemberView(msgspec.Struct, frozen=True):
    """A member on a project, with the role there."""

    project: str
    member: str
    name: str
    role: ProjectRoleName


class JoinedMember(ProjectMemberView, Made, frozen=True):
    """A member who was not on the project before."""


class ProjectMemberChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The role a member is to have on a project."""

    role: ProjectRoleName


class InstructionsView(msgspec.Struct, frozen=True):
    """One version of a project's instructions."""

    project: str
    version: int
    body: str
    created_at: datetime


class NewInstructions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The text of a new version of the instructions."""

    body: str

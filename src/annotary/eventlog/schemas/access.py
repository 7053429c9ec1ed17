"""Events of organisations, members, tokens, invitations and projects; the platform writes all of them."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from annotary.eventlog.schemas.declaring import PLATFORM, Count, Data, Hash, Member, Number, Share, event


class Named(Data):
    """A name after the change."""

    name: str


class WithRole(Data):
    """A member's name and role in the organisation."""

    name: str
    role: str


class OfMember(Data):
    """Whose it is."""

    member: Member


@event("organisation.created", "organisation", PLATFORM)
class OrganisationCreated(Named):
    """An organisation was made."""


@event("organisation.changed", "organisation", PLATFORM)
class OrganisationChanged(Named):
    """An organisation was renamed."""


@event("member.created", "member", PLATFORM)
class MemberCreated(WithRole):
    """Somebody became a member of the organisation."""


@event("member.changed", "member", PLATFORM)
class MemberChanged(WithRole):
    """A member has another name, e-mail or role."""


@event("member.removed", "member", PLATFORM)
class MemberRemoved(WithRole):
    """A member left the organisation; what they submitted stays attributed to them."""


@event("token.created", "token", PLATFORM)
class TokenCreated(OfMember):
    """A token was made, or a member signed in (a session)."""


@event("token.changed", "token", PLATFORM)
class TokenChanged(OfMember):
    """A session that is used goes on for longer."""


@event("token.revoked", "token", PLATFORM)
class TokenRevoked(OfMember):
    """A token or session is not accepted any more."""


@event("invitation.created", "invitation", PLATFORM)
class InvitationCreated(Data):
    """A link was made by which somebody joins, or sets a new password."""

    kind: Literal["invitation", "reset"]


@event("invitation.accepted", "invitation", PLATFORM)
class InvitationAccepted(Data):
    """Somebody used an invitation's link."""


@event("invitation.withdrawn", "invitation", PLATFORM)
class InvitationWithdrawn(Data):
    """An invitation's link does nothing any more."""


class ProjectFacts(Data):
    """What a project is after the change."""

    name: str
    modality: str
    state: Literal["active", "paused", "deleted"]
    ontology: UUID
    ontology_version: UUID
    canary_version: UUID | None
    canary_share: Share
    instructions_version: Count
    version: Number


@event("project.created", "project", PLATFORM)
class ProjectCreated(ProjectFacts):
    """A project was made."""


@event("project.changed", "project", PLATFORM)
class ProjectChanged(ProjectFacts):
    """A project has other settings, instructions, or another ontology version or one on trial."""


@event("project.deleted", "project", PLATFORM)
class ProjectDeleted(ProjectFacts):
    """A project gives out nothing any more; what was submitted stays."""


@event("instructions.published", "project", PLATFORM)
class InstructionsPublished(Data):
    """A project's instructions have a new version."""

    instructions_version: Number
    content_hash: Hash


@event("project_member.added", "project", PLATFORM)
class ProjectMemberAdded(OfMember):
    """A member works on a project."""

    role: str


@event("project_member.changed", "project", PLATFORM)
class ProjectMemberChanged(OfMember):
    """A member has another role on a project."""

    role: str


@event("project_member.removed", "project", PLATFORM)
class ProjectMemberRemoved(OfMember):
    """A member works on a project no more."""

    role: str

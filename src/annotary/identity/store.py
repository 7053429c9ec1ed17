"""The tables of identity: its queries, and rows as the API shows them."""

from __future__ import annotations

from uuid import UUID

import msgspec

from annotary.identity.values import (
    Caller,
    InvitationView,
    InvitedProject,
    MemberView,
    OrganisationView,
    Role,
    SessionView,
    TokenView,
)
from annotary.infra import queries
from annotary.infra.postgres import Row
from annotary.kernel.ids import format_id, outside_id

QUERIES = queries.load(__package__)
PASSWORDS = queries.load(__package__, "passwords.sql")
INVITATIONS = queries.load(__package__, "invitations.sql")
SESSIONS = queries.load(__package__, "sessions.sql")


def caller_of(row: Row) -> Caller:
    """Return the caller that a row of `caller_of_token` describes."""
    return Caller(
        member_id=row["member_id"],
        organisation_id=row["organisation_id"],
        role=Role.of(row["role"]),
        name=row["name"],
        projects=dict(zip(row["projects"], map(Role.of, row["roles"]), strict=True)),
    )


def organisation_view(row: Row) -> OrganisationView:
    """Return an organisation's row as the API shows it."""
    return OrganisationView(
        id=format_id("organisation", row["id"]),
        name=row["name"],
        version=row["version"],
        created_at=row["created_at"],
    )


def member_view(row: Row) -> MemberView:
    """Return a member's row as the API shows it."""
    return MemberView(
        id=format_id("member", row["id"]),
        name=row["name"],
        email=row["email"],
        role=row["role"],
        state=row["state"],
        version=row["version"],
        created_at=row["created_at"],
        removed_at=row["removed_at"],
    )


def token_view(row: Row) -> TokenView:
    """Return a token's row as the API shows it."""
    return TokenView(
        id=format_id("token", row["id"]),
        member=format_id("member", row["member_id"]),
        name=row["name"],
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        revoked_at=row["revoked_at"],
    )


def session_view(row: Row, present_id: UUID | None) -> SessionView:
    """Return a session's row as the API shows it; `present_id` is the session that asks."""
    return SessionView(
        id=format_id("session", row["id"]),
        name=row["name"],
        present=row["id"] == present_id,
        created_at=row["created_at"],
        expires_at=row["expires_at"],
    )


def invitation_view(row: Row) -> InvitationView:
    """Return an invitation's row as the API shows it."""
    same = ("kind", "role", "name", "email", "created_at", "expires_at")
    return InvitationView(
        id=format_id("invitation", row["id"]),
        projects=invited_projects(row),
        state="expired" if row["state"] == "open" and row["over"] else row["state"],
        member=outside_id("member", row["member_id"]),
        created_by=format_id("member", row["created_by"]),
        **{name: row[name] for name in same},
    )


def invited_projects(row: Row) -> list[InvitedProject]:
    """Return the projects that an invitation's row names."""
    return msgspec.json.decode(row["projects"], type=list[InvitedProject])

"""The tables of identity: its queries, and rows as the API shows them."""

from __future__ import annotations

from annotary.identity.values import Caller, MemberView, OrganisationView, Role, TokenView
from annotary.infra import queries
from annotary.infra.postgres import Row
from annotary.kernel.ids import format_id

QUERIES = queries.load(__package__)


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

"""Members of the organisation and their tokens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from annotary.client.transport import Transport
from annotary.client.values import Invitation, Member, ProjectRole, Role, Token


class Members:
    """`client.members`: who belongs to the organisation."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def add(self, name: str, role: Role, *, email: str | None = None) -> Member:
        """Make a member. Managers make reviewers and annotators, owners all."""
        body = {"name": name, "role": role, "email": email}
        return self._transport.write("POST", "/v1/members", Member, body)

    def list(self) -> Iterator[Member]:
        """Yield all members, removed ones too."""
        return self._transport.pages("/v1/members", Member)

    def get(self, member: str) -> Member:
        """Return one member by id."""
        return self._transport.read(f"/v1/members/{member}", Member)

    def change(
        self, member: str, *, name: str | None = None, role: Role | None = None, version: int | None = None
    ) -> Member:
        """Change a name or a role; with `version` only if nobody else did since it was read."""
        body = {key: value for key, value in (("name", name), ("role", role)) if value is not None}
        return self._transport.write("PATCH", f"/v1/members/{member}", Member, body, version=version)

    def invite(
        self,
        role: Role,
        *,
        name: str | None = None,
        email: str | None = None,
        projects: Mapping[str, ProjectRole] | None = None,
    ) -> Invitation:
        """Make a link by which somebody becomes a member, with these roles on `projects`; shown this once."""
        roles = [{"project": project, "role": there} for project, there in (projects or {}).items()]
        body = {"role": role, "name": name, "email": email, "projects": roles}
        return self._transport.write("POST", "/v1/invitations", Invitation, body)

    def reset_password(self, member: str) -> Invitation:
        """Make a link by which a member sets a new password; shown this once."""
        body = {"kind": "reset", "member": member}
        return self._transport.write("POST", "/v1/invitations", Invitation, body)

    def remove(self, member: str) -> Member:
        """Remove a member: tokens are revoked, what was submitted stays attributed to the name."""
        return self._transport.write("DELETE", f"/v1/members/{member}", Member)


class Tokens:
    """`client.tokens`: what members sign in with."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create(self, name: str, *, member: str | None = None, expires_at: datetime | None = None) -> Token:
        """Make a token, for oneself or for a member; `.token` is the secret, shown this once."""
        body = {"name": name, "member": member, "expires_at": expires_at}
        return self._transport.write("POST", "/v1/tokens", Token, body)

    def list(self, *, member: str | None = None) -> Iterator[Token]:
        """Yield tokens without their secrets: one's own, and those of members one decides about."""
        return self._transport.pages("/v1/tokens", Token, {"member": member})

    def revoke(self, token: str) -> Token:
        """Revoke a token by its id."""
        return self._transport.write("DELETE", f"/v1/tokens/{token}", Token)

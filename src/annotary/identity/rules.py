"""Who may do what: decisions over a caller and what is asked for. Pure."""

from __future__ import annotations

import hmac
import re
import secrets
from base64 import urlsafe_b64encode
from hashlib import sha256
from uuid import UUID

from annotary.identity.errors import RoleTooLow, UnknownProject
from annotary.identity.values import Caller, Role
from annotary.kernel import limits
from annotary.kernel.errors import Invalid

TOKEN_PREFIX = "ann_"
CODE_PREFIX = "ani_"
TOKEN_RANDOM_BYTES = 32
_TOKEN = re.compile(rb"ann_[A-Za-z0-9_-]{43}")
_EMAIL = re.compile(r"[^@\s\x00-\x1f\ud800-\udfff]+@[^@\s\x00-\x1f\ud800-\udfff]+")


def require_role(caller: Caller, at_least: Role) -> None:
    """Raise RoleTooLow when the caller's role in the organisation is below `at_least`."""
    if caller.role < at_least:
        raise RoleTooLow(
            f"This needs the role {at_least.word} in the organisation; yours is {caller.role.word}."
        )


def project_role(caller: Caller, project_id: UUID, organisation_id: UUID) -> Role | None:
    """Return the caller's role on a project, or None when the caller may not even see it.

    Owners and managers of the organisation reach every project of it; others only those they are on, with
    the role they have there.
    """
    if caller.organisation_id != organisation_id:
        return None
    if caller.role >= Role.MANAGER:
        return caller.role
    return caller.projects.get(project_id)


def access_project(caller: Caller, project_id: UUID, organisation_id: UUID, at_least: Role) -> Role:
    """Return the caller's role on the project; NotFound when it may not be seen, Forbidden when too low."""
    role = project_role(caller, project_id, organisation_id)
    if role is None:
        raise UnknownProject
    if role < at_least:
        raise RoleTooLow(
            f"This needs the role {at_least.word} on the project; {caller.name!r} is {role.word} there."
        )
    return role


def may_govern(caller: Caller, role: Role) -> bool:
    """Say whether the caller decides about members of this role: managers about lower ones, owners all."""
    return governs(caller.role, role)


def governs(role: Role, other: Role) -> bool:
    """Say whether members of a role decide about those of another."""
    return role == Role.OWNER or (role == Role.MANAGER and other < Role.MANAGER)


def require_governing(caller: Caller, role: Role) -> None:
    """Raise RoleTooLow unless the caller may make, change and remove members of this role."""
    if not may_govern(caller, role):
        raise RoleTooLow(f"A member who is {caller.role.word} may not decide about one who is {role.word}.")


def may_hold_tokens_of(caller: Caller, member_id: UUID, role: Role) -> bool:
    """Say whether the caller may make, see and revoke this member's tokens: own ones, those it governs."""
    return caller.member_id == member_id or may_govern(caller, role)


def new_token() -> str:
    """Return a new secret token: `ann_` and 43 base64url characters, 256 bits from the system."""
    return TOKEN_PREFIX + secrets.token_urlsafe(TOKEN_RANDOM_BYTES)


def new_code() -> str:
    """Return a new secret of an invitation's link: `ani_` and 43 base64url characters."""
    return CODE_PREFIX + secrets.token_urlsafe(TOKEN_RANDOM_BYTES)


def derived_token(signing_key: bytes, token_id: UUID, idempotency_key: str) -> str:
    """Return the secret of a token made under an idempotency key, so that a repeated request shows the same.

    The secret is stored nowhere: the signing key is not in the database, and the idempotency key is
    forgotten there after a day, so neither alone, nor both later, give the secret away.
    """
    return TOKEN_PREFIX + _derived("token", signing_key, token_id, idempotency_key)


def derived_code(signing_key: bytes, invitation_id: UUID, idempotency_key: str) -> str:
    """Return the secret of an invitation made under an idempotency key: see `derived_token`."""
    return CODE_PREFIX + _derived("invitation", signing_key, invitation_id, idempotency_key)


def _derived(purpose: str, signing_key: bytes, made_id: UUID, idempotency_key: str) -> str:
    assert signing_key, "deriving needs a key"
    text = f"{purpose}\0{made_id.hex}\0{idempotency_key}".encode()
    digest = hmac.digest(signing_key, text, "sha256")
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def is_token(token: bytes) -> bool:
    """Say whether this has the form of a token."""
    return _TOKEN.fullmatch(token) is not None


def token_hash(token: bytes) -> bytes:
    """Return the 32 bytes that are stored instead of a token.

    One round of SHA-256 is enough, since a token is 256 random bits and nobody can guess through them.
    """
    return sha256(token).digest()


def check_email(email: str | None) -> str | None:
    """Return the email address; raises Invalid when it cannot be one."""
    if email is None:
        return None
    if len(email) > limits.EMAIL_CHARACTERS_MAX or not _EMAIL.fullmatch(email):
        raise Invalid(path="/email", found=email, expected="an email address such as name@example.org")
    return email

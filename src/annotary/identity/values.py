"""Who may do what, as values: roles, the caller of a request, and how members and tokens look outside."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from annotary.kernel.limits import EMAIL_CHARACTERS_MAX, PASSWORD_CHARACTERS_MAX

Email = Annotated[str, msgspec.Meta(max_length=EMAIL_CHARACTERS_MAX)]
Password = Annotated[str, msgspec.Meta(max_length=PASSWORD_CHARACTERS_MAX)]
RoleName = Literal["owner", "manager", "reviewer", "annotator"]
ProjectRoleName = Literal["manager", "reviewer", "annotator"]
InvitationKind = Literal["invitation", "reset"]


class Role(enum.IntEnum):
    """What a member may do, in order: whoever may do more may do all that is below."""

    ANNOTATOR = 1
    REVIEWER = 2
    MANAGER = 3
    OWNER = 4

    @property
    def word(self) -> RoleName:
        """Return the name used in tables and in the API."""
        return _WORDS[self]

    @classmethod
    def of(cls, word: str) -> Role:
        """Return the role of this name; raises KeyError for another word."""
        return _ROLES[word]


_WORDS: dict[Role, RoleName] = {
    Role.ANNOTATOR: "annotator",
    Role.REVIEWER: "reviewer",
    Role.MANAGER: "manager",
    Role.OWNER: "owner",
}
_ROLES: dict[str, Role] = {word: role for role, word in _WORDS.items()}


class Caller(msgspec.Struct, frozen=True):
    """The member a request comes from. `projects` are the projects the member is on, with the role there."""

    member_id: UUID
    organisation_id: UUID
    role: Role
    name: str
    projects: Mapping[UUID, Role]


class OrganisationView(msgspec.Struct, frozen=True):
    """An organisation, as the API shows it."""

    id: str
    name: str
    version: int
    created_at: datetime


class OrganisationChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What can be changed about an organisation."""

    name: str | msgspec.UnsetType = msgspec.UNSET


class MemberView(msgspec.Struct, frozen=True):
    """A member, as the API shows it. A removed member keeps the name: the record still says who did what."""

    id: str
    name: str
    email: str | None
    role: RoleName
    state: Literal["active", "removed"]
    version: int
    created_at: datetime
    removed_at: datetime | None


class NewMember(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A member to be made."""

    name: str
    role: RoleName
    email: str | None = None


class MemberChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What can be changed about a member."""

    name: str | msgspec.UnsetType = msgspec.UNSET
    role: RoleName | msgspec.UnsetType = msgspec.UNSET


class OwnChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What members can change about themselves."""

    name: str | msgspec.UnsetType = msgspec.UNSET
    email: str | msgspec.UnsetType = msgspec.UNSET


class OwnProject(msgspec.Struct, frozen=True):
    """A project the caller is on, with the caller's role there."""

    project: str
    role: RoleName


class MeView(msgspec.Struct, frozen=True):
    """Who the caller is."""

    member: MemberView
    organisation: OrganisationView
    projects: list[OwnProject]
    has_password: bool


class NewToken(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A token to be made. `member` absent: for the caller. `expires_at` absent: until it is revoked."""

    name: str
    member: str | None = None
    expires_at: datetime | None = None


class TokenView(msgspec.Struct, frozen=True):
    """A token, as the API shows it: never the secret itself."""

    id: str
    member: str
    name: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


class TokenMade(msgspec.Struct, frozen=True):
    """A token just made: the only time that `token`, the secret, is shown."""

    id: str
    token: str
    member: str
    name: str
    created_at: datetime
    expires_at: datetime | None


class NewSession(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody signs in with: a `token`, or `email` and `password`."""

    token: str | None = None
    email: Email | None = None
    password: Password | None = None


class NewPassword(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A password to be set. `current` is needed where there is one, unless a token was signed in with."""

    password: str
    current: Password | None = None


class SessionView(msgspec.Struct, frozen=True):
    """A browser that is signed in. `present`: the one that asks. Unused, it ends at `expires_at`."""

    id: str
    name: str
    present: bool
    created_at: datetime
    expires_at: datetime


class InvitedProject(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A project that an invited member is put on, and the role there."""

    project: str
    role: ProjectRoleName


class NewInvitation(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A link to be made: an `invitation` to a `role`, or the `reset` of the password of a `member`."""

    kind: InvitationKind = "invitation"
    role: RoleName | None = None
    name: str | None = None
    email: str | None = None
    projects: list[InvitedProject] = []
    member: str | None = None


class InvitationView(msgspec.Struct, frozen=True):
    """An invitation, as the API shows it: never its code. `member`: whom a reset is for, or who came."""

    id: str
    kind: InvitationKind
    role: RoleName
    name: str | None
    email: str | None
    projects: list[InvitedProject]
    state: Literal["open", "accepted", "withdrawn", "expired"]
    member: str | None
    created_by: str
    created_at: datetime
    expires_at: datetime


class InvitationMade(msgspec.Struct, frozen=True):
    """An invitation just made: the only time that the link and its `code` are shown."""

    id: str
    kind: InvitationKind
    url: str
    code: str
    expires_at: datetime


class InvitationCode(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the link carries."""

    code: str


class InvitationShown(msgspec.Struct, frozen=True):
    """What whoever holds the link may know before accepting."""

    kind: InvitationKind
    organisation: str
    invited_by: str
    role: RoleName
    name: str | None
    email: str | None
    expires_at: datetime


class Acceptance(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The acceptance of an invitation. `name` and `email` absent: those that the invitation or member has."""

    code: str
    password: str
    name: str | None = None
    email: str | None = None

"""What can be wrong about who does what."""

from __future__ import annotations

from annotary.kernel.errors import Conflict, Forbidden, NotFound


class RoleTooLow(Forbidden):
    """The member's role does not allow this: ask a manager or an owner of the organisation."""

    code = "role_too_low"


class UnknownProject(NotFound):
    """There is no such project, or the member is not on it."""


class UnknownMember(NotFound):
    """There is no such member."""


class UnknownToken(NotFound):
    """There is no such token, or it is another member's."""


class LastOwner(Conflict):
    """This is the last owner of the organisation: make another member an owner first."""

    code = "last_owner"


class MemberRemoved(Conflict):
    """This member was removed: the record is kept, and nothing about it can be changed."""

    code = "member_removed"


class EmailTaken(Conflict):
    """Another member of the organisation has this email address."""

    code = "already_exists"

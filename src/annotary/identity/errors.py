"""What can be wrong about who does what."""

from __future__ import annotations

from annotary.kernel.errors import Conflict, Forbidden, NotFound, RateLimited, Unauthenticated


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


class ForeignRequest(Forbidden):
    """The request does not come from a page of this address."""

    code = "foreign_request"


class UnknownSession(NotFound):
    """There is no such session, or it is another member's."""


class WrongPassword(Unauthenticated):
    """This e-mail and password do not belong together."""

    code = "wrong_password"


class TooManyAttempts(RateLimited):
    """Too many attempts to sign in: wait for the time in `Retry-After`, or ask a manager for a link."""

    code = "too_many_attempts"


class NoEmail(Conflict):
    """A password needs an e-mail to sign in with: set the member's e-mail first."""

    code = "no_email"


class UnknownInvitation(NotFound):
    """There is no such invitation: the link may be incomplete."""

    code = "unknown_invitation"


class InvitationOver(Conflict):
    """The invitation was used, withdrawn, or has expired: sign in if it was you, or ask for a new link."""

    code = "invitation_over"


class TooManyInvitations(Conflict):
    """Too many invitations are open: withdraw some."""

    code = "too_many_invitations"

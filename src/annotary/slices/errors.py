"""What can go wrong with slices."""

from __future__ import annotations

from annotary.kernel.errors import Conflict, NotFound


class UnknownSlice(NotFound):
    """There is no such slice, or you may not see it."""

    code = "unknown_slice"


class SliceExists(Conflict):
    """The project has a slice of this name: choose another name, or change that one."""

    code = "already_exists"


class TooManySlices(Conflict):
    """The project has as many slices as it may: remove one first."""

    code = "too_many_slices"

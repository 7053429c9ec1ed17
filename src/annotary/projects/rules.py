"""What a project may be told: ranges of its numbers, and who decides about whom on it. Pure."""

from __future__ import annotations

from annotary.identity.errors import RoleTooLow
from annotary.identity.values import Caller, Role
from annotary.kernel import limits
from annotary.kernel.errors import Invalid, TooLarge


def check_overlap(overlap: int, path: str = "/overlap") -> int:
    """Return the overlap; raises Invalid outside 1 to OVERLAP_MAX."""
    return int(_check_range(path, overlap, 1, limits.OVERLAP_MAX))


def check_lease_seconds(lease_seconds: int) -> int:
    """Return the length of a lease; raises Invalid outside LEASE_SECONDS_MIN to LEASE_SECONDS_MAX."""
    bounds = limits.LEASE_SECONDS_MIN, limits.LEASE_SECONDS_MAX
    return int(_check_range("/lease_seconds", lease_seconds, *bounds))


def check_weight(weight: float) -> float:
    """Return the share a project gets beside others; raises Invalid outside its limits."""
    return _check_range("/weight", weight, limits.PROJECT_WEIGHT_MIN, limits.PROJECT_WEIGHT_MAX)


def check_instructions(body: str, path: str = "/body") -> str:
    """Return the instructions; raises when they are empty, too long, or hold what no text may hold."""
    try:
        size_bytes = len(body.encode())
    except UnicodeEncodeError:
        raise Invalid(path=path, found="a lone surrogate", expected="text in Unicode") from None
    if size_bytes > limits.INSTRUCTIONS_BYTES_MAX:
        raise TooLarge(
            f"{path}: {size_bytes} bytes, expected at most {limits.INSTRUCTIONS_BYTES_MAX}.", path=path
        )
    if not body.strip() or "\0" in body:
        raise Invalid(path=path, found=body, expected="text that is not empty and has no zero character")
    return body


def require_appointing(caller: Caller, role: Role) -> None:
    """Raise RoleTooLow unless the caller may give or take this role on a project.

    A project's manager decides about reviewers and annotators; its managers are the organisation's choice.
    """
    if role >= Role.MANAGER and caller.role < Role.MANAGER:
        raise RoleTooLow("Only managers of the organisation decide who manages a project.", path="/role")


def _check_range(path: str, value: float, least: float, most: float) -> float:
    if not least <= value <= most:
        raise Invalid(path=path, found=value, expected=f"a number from {least} to {most}")
    return value

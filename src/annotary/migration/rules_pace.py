"""How much of the time a change may work, given how fast claims are; pure."""

from __future__ import annotations

from annotary.kernel.limits import CHANGE_DUTY_MIN, CLAIM_SLOWER_FACTOR_MAX, CLAIM_SLOWER_SECONDS_MAX

# Where the share is held: at this part of what claims may be slowed down by.
AIM = 0.5


def allowed_seconds(calm_seconds: float) -> float:
    """Return the p99 that claims may have: the larger of 1.25 times that of calm ones and 5 ms more."""
    return max(calm_seconds * CLAIM_SLOWER_FACTOR_MAX, calm_seconds + CLAIM_SLOWER_SECONDS_MAX)


def duty(now: float, p99_seconds: float, calm_seconds: float) -> float:
    """Return the share of the time to work: halved when claims become slow, else a little more."""
    aim = calm_seconds + AIM * (allowed_seconds(calm_seconds) - calm_seconds)
    if p99_seconds > aim:
        return max(CHANGE_DUTY_MIN, now / 2)
    return min(1.0, now + 0.05)

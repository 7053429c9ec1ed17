"""Votes as arrays, and the ranking they come to."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
FIRST, SECOND, TIE = 0, 1, 2


class Votes(NamedTuple):
    """One vote a row: two different players, the outcome (FIRST, SECOND or TIE) and the judge (n each).

    Players and judges are numbers into the names. Without judges, `judges` is None and there are no names.
    """

    first: Integers
    second: Integers
    outcomes: Integers
    judges: Integers | None
    player_names: list[str]
    judge_names: list[str]


class Counts(NamedTuple):
    """Votes counted, by two players (the first one's number is lower) and a judge (c each).

    `outcomes` is (3, c), how often: the first won, the second won, a tie.
    """

    first: Integers
    second: Integers
    judges: Integers
    outcomes: Floats
    player_count: int
    judge_count: int

    @property
    def votes(self) -> Floats:
        """How many votes each cell has (c)."""
        return np.asarray(self.outcomes[0] + self.outcomes[1] + self.outcomes[2])


class Fit(NamedTuple):
    """The model's parameters and their covariances, on the scale of natural log odds.

    `strengths` (n) sum to 0; `tie` is the log of Davidson's nu, None without ties; `skills` (k) are 1 in the
    mean over votes.
    """

    strengths: Floats
    strength_errors: Floats
    tie: float | None
    skills: Floats
    skill_errors: Floats


class Player(NamedTuple):
    """A player's place and strength (log odds of beating the average player, ties apart; 95 % interval)."""

    rank: int
    player: str
    strength: float
    low: float
    high: float
    wins: int
    losses: int
    ties: int


class Judge(NamedTuple):
    """A judge's skill (95 % interval), and the share of votes that the strengths agree with (a tie: half).

    The skill multiplies differences of strength: 1 is the average vote, 0 one who guesses, below 0 one who
    prefers the weaker.
    """

    judge: str
    votes: int
    skill: float
    low: float
    high: float
    agreement: float


class Ranking(NamedTuple):
    """Players from the strongest, judges from the most skilled.

    `components` counts the groups of players that no vote connects: between them only the prior decides.
    """

    players: list[Player]
    judges: list[Judge]
    votes: int
    ties: int
    tie_log_odds: float | None
    components: int

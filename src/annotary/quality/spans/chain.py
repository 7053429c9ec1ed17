"""The chain of true states along the tokens of each task: forward and backward, all tasks side by side."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from annotary.quality.spans.values import Floats, Integers

# Nothing is ruled out by evidence alone: what follows may leave no other way.
_LOG_EVIDENCE_LEAST = -230.0


class Chain(NamedTuple):
    """Probabilities of the first state (states) and of the next one, given one (states, states)."""

    first: Floats
    following: Floats


class Passed(NamedTuple):
    """Messages (tokens, states): `forward` adds up to 1 at each token, and so does forward * backward.

    `evidence` (tokens, states) is what was seen, scaled at each token so that forward needs no dividing.
    """

    forward: Floats
    backward: Floats
    evidence: Floats

    @property
    def posterior(self) -> Floats:
        """The probability of each state at each token, given all that was seen."""
        joint: Floats = self.forward * self.backward
        joint /= joint.sum(axis=1, keepdims=True)
        return joint


def is_legal(types: int) -> NDArray[np.bool_]:
    """Say which state may follow which: the inside of a type only its beginning or its inside."""
    legal = np.ones((2 * types + 1, 2 * types + 1), dtype=bool)
    legal[:, types + 1 :] = False
    inside = np.arange(types + 1, 2 * types + 1)
    legal[inside, inside] = legal[inside - types, inside] = True
    return legal


def learn(offsets: Integers, passed: Passed, chain: Chain, types: int) -> Chain:
    """Return the chain that the expected steps speak for; a row has a prior worth one observation."""
    steps = np.zeros_like(chain.following)
    for before, after in _steps(offsets):
        steps += passed.forward[before].T @ (passed.evidence[after] * passed.backward[after])
    return _estimate(steps * chain.following, passed.posterior[_beginnings(offsets)].sum(axis=0), types)


def start(offsets: Integers, posterior: Floats, types: int) -> Chain:
    """Return the chain of independent posteriors."""
    steps = np.zeros((posterior.shape[1], posterior.shape[1]))
    for before, after in _steps(offsets):
        steps += posterior[before].T @ posterior[after]
    return _estimate(steps, posterior[_beginnings(offsets)].sum(axis=0), types)


def _estimate(steps: Floats, first: Floats, types: int) -> Chain:
    legal = is_legal(types)
    following = np.where(legal, steps + 1 / legal.sum(axis=1, keepdims=True), 0.0)
    may_begin = np.arange(len(first)) <= types
    first = np.where(may_begin, first + 1 / may_begin.sum(), 0.0)
    return Chain(first / first.sum(), following / following.sum(axis=1, keepdims=True))


def _beginnings(offsets: Integers) -> Integers:
    found: Integers = offsets[:-1][np.diff(offsets) > 0]
    return found


def _steps(offsets: Integers) -> Iterator[tuple[Integers, Integers]]:
    """Yield, for one place after the other, the tokens there and the next ones of all tasks long enough."""
    sizes = np.diff(offsets)
    order = np.argsort(-sizes, kind="stable")
    starts, sizes = offsets[:-1][order], sizes[order]
    for place in range(1, int(sizes.max(initial=0))):
        after = starts[: np.searchsorted(-sizes, -place, "left")] + place
        yield after - 1, after


def forward_backward(offsets: Integers, log_evidence: Floats, chain: Chain) -> Passed:
    """Return the messages of the forward-backward algorithm (Rabiner 1989), scaled at each token."""
    evidence = np.exp(np.maximum(log_evidence - log_evidence.max(axis=1, keepdims=True), _LOG_EVIDENCE_LEAST))
    forward = np.zeros_like(evidence)
    beginnings = _beginnings(offsets)
    steps = list(_steps(offsets))
    _advance(forward, evidence, beginnings, np.broadcast_to(chain.first, (len(beginnings), len(chain.first))))
    for before, after in steps:
        _advance(forward, evidence, after, forward[before] @ chain.following)
    backward = np.ones_like(evidence)
    for before, after in reversed(steps):
        backward[before] = (evidence[after] * backward[after]) @ chain.following.T
    return Passed(forward, backward, evidence)


def _advance(forward: Floats, evidence: Floats, places: Integers, expected: Floats) -> None:
    reached = expected * evidence[places]
    scale = reached.sum(axis=1, keepdims=True)
    forward[places] = reached / scale
    evidence[places] /= scale

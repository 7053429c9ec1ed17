"""What the bounded process is asked about the spans of a project, and what it answers; without the weight of
numpy.
"""

from __future__ import annotations

import msgspec

from annotary.modalities.text.spans.checking import Place

SPANS = "spans"


class AnsweredText(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A text (its item), who answered what in the order it came, and the known answer if any: all JSON."""

    item: str
    members: list[str]
    answers: list[str]
    gold: str | None = None


class SpansRequest(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """The answers to all texts of a project."""

    texts: list[AnsweredText]
    seconds_max: float


class FoundSpans(msgspec.Struct, frozen=True, array_like=True):
    """The spans of a text in its code points, how probable each is, and how sure they are on the whole."""

    places: list[Place]
    confidences: list[float]
    certainty: float


class SpansReply(msgspec.Struct, frozen=True, kw_only=True):
    """What was found, one a text, with the model's parameters (JSON); `blocked` says why nothing was."""

    found: list[FoundSpans] = []
    parameters: bytes = b"{}"
    blocked: str = ""

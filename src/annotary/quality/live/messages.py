"""What the bounded process is asked to aggregate, and what it answers; without the weight of numpy."""

from __future__ import annotations

import msgspec


class AggregateRequest(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Answers as three arrays of int64; `gold` has known classes by task; `whole` wants the posterior too."""

    method: str
    tasks: int
    annotators: int
    classes: int
    task: bytes
    annotator: bytes
    label: bytes
    gold: dict[int, int] = {}
    whole: bool = True
    seconds_max: float


class AggregateReply(msgspec.Struct, frozen=True, kw_only=True):
    """What was found: labels (int64, -1 for none), confidences and (tasks, classes) posteriors (float32).

    `parameters` is JSON; `blocked` says why nothing was found.
    """

    method_used: str = ""
    label: bytes = b""
    confidence: bytes = b""
    posterior: bytes = b""
    parameters: bytes = b"{}"
    blocked: str = ""

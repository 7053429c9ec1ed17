"""Aggregating a whole project in the bounded process: answers as bytes in, posteriors as bytes out."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np

from annotary.quality.aggregators import Aggregation, Answers, aggregate
from annotary.quality.aggregators.values import Reals
from annotary.quality.live.messages import AggregateReply, AggregateRequest


def aggregated(request: AggregateRequest) -> AggregateReply:
    """Aggregate; raises what the aggregators raise."""
    answers = Answers.of(
        *(np.frombuffer(part, np.int64) for part in (request.task, request.annotator, request.label)),
        gold=request.gold,
        tasks=request.tasks,
        annotators=request.annotators,
        classes=request.classes,
    )
    found = aggregate(answers, request.method)
    return AggregateReply(
        method_used=found.method_used,
        label=found.label.tobytes(),
        confidence=_single(found.confidence),
        posterior=_single(found.posterior) if request.whole else b"",
        parameters=msgspec.json.encode(_kept(found)),
    )


def _single(values: Reals) -> bytes:
    return np.ascontiguousarray(values, np.float32).tobytes()


def _kept(found: Aggregation) -> dict[str, Any]:
    """Return what is kept of the parameters beside each outcome: not each model's, which are long."""
    weights = found.parameters.get("weights")
    return {"method_used": found.method_used, **({"weights": weights} if weights else {})}

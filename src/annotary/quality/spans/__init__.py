"""Text spans of a whole project: several people's marks become one, by a model of how each of them marks."""

from annotary.quality.spans.aggregation import aggregate
from annotary.quality.spans.values import Aggregated, Span, SpanTask

__all__ = ["Aggregated", "Span", "SpanTask", "aggregate"]

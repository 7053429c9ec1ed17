"""Structured logs, Prometheus metrics, and OpenTelemetry spans when an endpoint is set."""

from __future__ import annotations

import contextlib
import logging
import sys
from typing import Any

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

REGISTRY = CollectorRegistry()
LATENCY_BUCKETS_SECONDS = (
    0.001,
    0.0025,
    0.005,
    0.01,
    0.015,
    0.025,
    0.05,
    0.1,
    0.25,
    0.5,
    1.0,
    2.5,
    5.0,
    10.0,
    30.0,
)
REQUESTS = Histogram(
    "annotary_request_seconds",
    "Time to answer a request, by route.",
    ["method", "route", "status"],
    buckets=LATENCY_BUCKETS_SECONDS,
    registry=REGISTRY,
)
IN_FLIGHT = Gauge("annotary_requests_in_flight", "Requests being answered now.", registry=REGISTRY)
REFUSED = Counter(
    "annotary_requests_refused", "Requests refused before any work.", ["reason"], registry=REGISTRY
)
GROUP_SIZE = Histogram(
    "annotary_group_size",
    "How many requests one group statement served.",
    ["group"],
    buckets=(1, 2, 4, 8, 16, 32, 64, 128),
    registry=REGISTRY,
)
GROUP_SECONDS = Histogram(
    "annotary_group_seconds",
    "Time of one group transaction.",
    ["group"],
    buckets=LATENCY_BUCKETS_SECONDS,
    registry=REGISTRY,
)
LIVE_CONNECTIONS = Gauge("annotary_live_connections", "Tabs that listen now.", registry=REGISTRY)
LIVE_MESSAGES_SENT = Counter(
    "annotary_live_messages_sent", "Messages sent to tabs that listen.", registry=REGISTRY
)
LIVE_MESSAGES_DROPPED = Counter(
    "annotary_live_messages_dropped", "Messages that a tab was too slow for.", registry=REGISTRY
)
LIVE_ENDED = Counter(
    "annotary_live_ended", "Connections of tabs that ended, by why.", ["why"], registry=REGISTRY
)
STREAMS_OPEN = Gauge("annotary_streams_open", "Streams of the log that are open now.", registry=REGISTRY)
STREAMS_ENDED = Counter(
    "annotary_streams_ended", "Streams of the log that ended, by why.", ["why"], registry=REGISTRY
)


class StandardError:
    """Standard error as a file for logs: a full disk loses log lines, never a request."""

    def write(self, text: str) -> int:
        """Write, if that is possible."""
        with contextlib.suppress(OSError):
            sys.stderr.write(text)
        return len(text)

    def flush(self) -> None:
        """Flush, if that is possible."""
        with contextlib.suppress(OSError):
            sys.stderr.flush()


def configure_logs(service: str, level: str) -> None:
    """Send one JSON object a line to standard error, ours and the libraries' alike."""
    stderr: Any = StandardError()
    numeric = logging.getLevelName(level.upper())
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[
            *shared,
            structlog.processors.EventRenamer("message"),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            numeric if isinstance(numeric, int) else logging.INFO
        ),
        logger_factory=structlog.PrintLoggerFactory(stderr),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(service=service)
    handler = logging.StreamHandler(stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared, processor=structlog.processors.JSONRenderer(default=str)
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


def traceparent_of(context: Any) -> str:
    """Return a span's context as W3C Trace Context writes it (section 3.2), in version 00."""
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{int(context.trace_flags):02x}"


def tracer(service: str, endpoint: str) -> Any | None:
    """Return a tracer that sends spans to an OTLP endpoint; without one None, and nothing is imported."""
    if not endpoint:
        return None
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource.create({"service.name": f"annotary-{service}"}))
    provider.add_span_processor(
        BatchSpanProcessor(OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces"))
    )
    return provider.get_tracer("annotary")

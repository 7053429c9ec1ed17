"""The edge's configuration: which path goes to which service, and what callers hear when one is down.

The shape is Caddy's JSON (`apps.http.servers`); it is written at every start, from the services' ports.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from annotary.infra.settings import MODALITIES, SERVICES
from annotary.kernel.errors import TooLarge, Unavailable
from annotary.kernel.limits import (
    BODY_BYTES_MAX,
    CLAIM_WAIT_MILLISECONDS_MAX,
    EDGE_BODY_SLACK_BYTES,
    EDGE_GRACE_SECONDS,
    EDGE_HEADER_BYTES_MAX,
    EDGE_UPSTREAM_IDLE_MAX,
)
from annotary.services.edge.pages import built_pages, page_routes

Json = dict[str, Any]

PROBED = (*SERVICES, "worker")


def edge_config(
    *, host: str, port: int, domain: str, ports: dict[str, int], probe_port: int, data_dir: Path
) -> Json:
    """Return the whole configuration. With a `domain` the edge gets a certificate and serves 80 and 443.

    `ports` are those of the services, on `host`; `probe_port` answers whether the edge itself is well.
    """
    at = {name: f"{host}:{number}" for name, number in ports.items()}
    routes = [
        _refuse_large(),
        *(
            _route([f"/v1/{name}/*", f"/schema/{name}", f"/schema/{name}/*"], _service(at[name]))
            for name in MODALITIES
            if name in at
        ),
        *(_probes(name, at[name]) for name in PROBED if name in at),
        *page_routes(built_pages()),
        {"handle": [_limit(), _service(at["platform"])]},
    ]
    server: Json = {
        "listen": [":443"] if domain else [f"{host}:{port}"],
        "protocols": ["h1", "h2"] if domain else ["h1"],
        "routes": [{"match": [{"host": [domain]}], "handle": [_subroute(routes)], "terminal": True}]
        if domain
        else routes,
        "errors": {"routes": _problems()},
        "max_header_bytes": EDGE_HEADER_BYTES_MAX,
        "read_header_timeout": "10s",
        "read_timeout": "300s",
        "idle_timeout": "120s",
    }
    if not domain:
        server["automatic_https"] = {"disable": True}
    return {
        "admin": {"disabled": True, "config": {"persist": False}},
        "logging": {"logs": {"default": {"level": "WARN", "writer": {"output": "stderr"}}}},
        "storage": {"module": "file_system", "root": str(data_dir / "edge")},
        "apps": {
            "http": {
                "grace_period": f"{EDGE_GRACE_SECONDS}s",
                "servers": {"edge": server, "probe": _probe_server(probe_port)},
            }
        },
    }


def _probe_server(port: int) -> Json:
    return {
        "listen": [f"127.0.0.1:{port}"],
        "routes": [{"handle": [{"handler": "static_response", "status_code": 200}]}],
        "automatic_https": {"disable": True},
    }


def write_edge_config(file: Path, config: Json) -> None:
    """Write the configuration where Caddy reads it."""
    file.write_text(json.dumps(config, indent=1), encoding="utf-8")


def _route(paths: list[str], *handlers: Json) -> Json:
    return {"match": [{"path": paths}], "handle": [_limit(), *handlers], "terminal": True}


def _subroute(routes: list[Json]) -> Json:
    return {"handler": "subroute", "routes": routes}


def _refuse_large() -> Json:
    """Refuse a body by its announced length: a service that refuses it midway would look broken from here."""
    announced = "{http.request.header.Content-Length}"
    too_long = f"{announced}.matches('^[0-9]{{8,}}$') && double({announced}) > {BODY_BYTES_MAX}.0"
    return {
        "match": [{"expression": too_long}],
        "handle": [{"handler": "error", "status_code": 413}],
        "terminal": True,
    }


def _limit() -> Json:
    return {"handler": "request_body", "max_size": BODY_BYTES_MAX + EDGE_BODY_SLACK_BYTES}


def _service(address: str) -> Json:
    """Pass on to a service, and answer 503 at once while its health check fails."""
    return {
        "handler": "reverse_proxy",
        "upstreams": [{"dial": address}],
        "transport": {
            "protocol": "http",
            "dial_timeout": "2s",
            # The longest a service may think: a claim that waits, and some.
            "response_header_timeout": f"{CLAIM_WAIT_MILLISECONDS_MAX // 1000 + 30}s",
            "compression": False,
            # Shorter than the services keep an idle connection, so that no request meets one that is closing.
            "keep_alive": {"max_idle_conns_per_host": EDGE_UPSTREAM_IDLE_MAX, "idle_timeout": "20s"},
        },
        "health_checks": {
            "active": {"uri": "/healthz", "interval": "1s", "timeout": "2s", "fails": 2, "passes": 1}
        },
    }


def _probes(name: str, address: str) -> Json:
    """`/services/text/readyz` is the service's own `/readyz`, whatever its health check says."""
    prefix = f"/services/{name}"
    proxy = {"handler": "reverse_proxy", "upstreams": [{"dial": address}], "transport": _PROBE_TRANSPORT}
    return {
        "match": [{"path": [f"{prefix}/healthz", f"{prefix}/readyz", f"{prefix}/metrics"]}],
        "handle": [{"handler": "rewrite", "strip_path_prefix": prefix}, proxy],
        "terminal": True,
    }


_PROBE_TRANSPORT: Json = {"protocol": "http", "dial_timeout": "1s", "response_header_timeout": "3s"}


def _problems() -> list[Json]:
    """What callers hear of errors that no service answered; a failed upstream is 503, never 502."""
    too_large = (
        f"The request's body is over the limit of {BODY_BYTES_MAX} bytes. Upload large files in chunks."
    )
    down = "This service does not answer now; it is restarted by itself. Try again."
    return [
        _problem(413, 413, TooLarge.code, TooLarge.title, too_large),
        *(_problem(status, 503, Unavailable.code, Unavailable.title, down) for status in (502, 503, 504)),
        _problem(
            None, "{http.error.status_code}", "malformed", "Malformed request", "{http.error.status_text}"
        ),
    ]


def _problem(matched: int | None, status: int | str, code: str, title: str, detail: str) -> Json:
    unavailable = code == Unavailable.code
    body = {
        "type": f"urn:annotary:problem:{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
        "path": None,
        "request_id": "{http.request.uuid}",
        "retryable": unavailable,
    }
    text = json.dumps(body).replace('"{http.error.status_code}"', "{http.error.status_code}")
    headers = {"Content-Type": ["application/problem+json"]}
    if unavailable:
        headers["Retry-After"] = ["1"]
    answer = {"handler": "static_response", "status_code": status, "headers": headers, "body": text}
    route: Json = {"handle": [answer], "terminal": True}
    if matched is not None:
        route["match"] = [{"expression": f"{{http.error.status_code}} == {matched}"}]
    return route

"""A platform made of prepared replies: what it was asked is kept, so that tests can look at it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import msgspec

from annotary.client import Client

NOW = "2026-11-23T06:00:00Z"
PROJECT: dict[str, Any] = {
    "id": "prj_1",
    "name": "Mail",
    "modality": "text",
    "ontology": "ont_1",
    "ontology_version": "onv_1",
    "instructions_version": 1,
    "overlap": 1,
    "lease_seconds": 60,
    "weight": 1.0,
    "state": "active",
    "version": 3,
    "created_at": NOW,
}


def assignment(number: int) -> dict[str, Any]:
    """Return one assignment as the platform gives it."""
    task = {
        "id": f"task_{number}",
        "unique_id": str(number),
        "stage": "annotate",
        "ontology_version": "onv_1",
        "item": {"text": "Hello."},
        "suggestions": [],
        "project": "prj_1",
        "instructions_version": 1,
    }
    return {"id": f"asg_{number}", "fence": 7, "expires_at": NOW, "task": task}


def problem(status: int, code: str, **more: Any) -> httpx.Response:
    """Return a refusal as the platform sends it."""
    headers = more.pop("headers", {})
    body = {"type": f"urn:annotary:problem:{code}", "title": code, "status": status, "detail": code}
    body |= {"code": code, "path": None, "request_id": "req-1", "retryable": status == 503, **more}
    return httpx.Response(status, json=body, headers=headers)


class Replies:
    """Answers the n-th request with the n-th reply; an exception is raised; a function is asked."""

    def __init__(
        self, *replies: httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]
    ) -> None:
        self.replies = list(replies)
        self.requests: list[httpx.Request] = []
        self.slept: list[float] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.requests.append(request)
        reply = self.replies.pop(0)
        if isinstance(reply, Exception):
            raise reply
        return reply if isinstance(reply, httpx.Response) else reply(request)

    @property
    def client(self) -> Client:
        """A client that talks to these replies and does not wait."""
        return Client("http://platform", "ann_x", http=httpx.MockTransport(self), sleep=self.slept.append)

    @property
    def keys(self) -> list[str | None]:
        """The Idempotency-Key of each request."""
        return [request.headers.get("idempotency-key") for request in self.requests]

    def body(self, at: int) -> Any:
        """Return the JSON that a request carried."""
        return msgspec.json.decode(self.requests[at].content)

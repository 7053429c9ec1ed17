"""Reviews, issues, audits and checks for contradictions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from annotary.client.transport import Transport
from annotary.client.values import Modality

Verdict = Literal["accepted", "rejected", "amended"]
Wanted = Literal["report", "review", "requeue"]
Shown = dict[str, Any]


class Reviews:
    """`client.reviews`: second looks at outcomes."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def claim(
        self, modality: Modality, *, project: str | None = None, count: int = 1, wait_ms: int = 0
    ) -> list[Shown]:
        """Lease up to `count` reviews, of a project or of any one reviews; empty when there is nothing."""
        body = {"project": project, "count": count, "wait_ms": wait_ms}
        path, patience = f"/v1/{modality}/reviews/claims", 60.0 + wait_ms / 1000
        given = self._transport.write("POST", path, dict[str, list[Shown]], body, timeout_seconds=patience)
        return given["reviews"]

    def decide(
        self,
        modality: Modality,
        review: Mapping[str, Any],
        verdict: Verdict,
        *,
        answer: Mapping[str, Any] | None = None,
        comment: str = "",
        issues: Sequence[Mapping[str, Any]] = (),
    ) -> Shown:
        """Give a verdict on a claimed review, with an `answer` where it is amended.

        An issue is `{"text", "place"?}`: a JSON pointer into the answer, `{"x", "y"}`, `{"start", "end"}` or
        `{"frame"}`.
        """
        body: Shown = {"fence": review["fence"], "verdict": verdict, "comment": comment, "issues": issues}
        if answer is not None:
            body["answer"] = answer
        return self._transport.write("POST", f"/v1/{modality}/reviews/{review['id']}/verdict", Shown, body)

    def renew(self, modality: Modality, review: Mapping[str, Any]) -> Shown:
        """Put the end of a lease off by the project's lease time."""
        path = f"/v1/{modality}/reviews/{review['id']}/renew"
        return self._transport.write("POST", path, Shown, {"fence": review["fence"]})

    def release(self, modality: Modality, review: Mapping[str, Any]) -> None:
        """Give a review back: it goes to whoever claims next."""
        path = f"/v1/{modality}/reviews/{review['id']}/release"
        self._transport.write("POST", path, object, {"fence": review["fence"]})

    def list(
        self,
        modality: Modality,
        *,
        project: str | None = None,
        task: str | None = None,
        state: str | None = None,
    ) -> Iterator[Shown]:
        """Yield the reviews of a project, or the history of a task: reviewers see their own."""
        params = {"project": project, "task": task, "state": state}
        return self._transport.pages(f"/v1/{modality}/reviews", Shown, params)

    def get(self, modality: Modality, review: str) -> Shown:
        """Return one review with its verdict and what it amended."""
        return self._transport.read(f"/v1/{modality}/reviews/{review}", Shown)


class Issues:
    """`client.issues`: remarks pinned to a place."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def raise_about(self, modality: Modality, task: str, text: str, *, place: Any = None) -> Shown:
        """Raise an issue about a task."""
        body = {"task": task, "text": text, "place": place}
        return self._transport.write("POST", f"/v1/{modality}/issues", Shown, body)

    def list(
        self,
        modality: Modality,
        *,
        project: str | None = None,
        task: str | None = None,
        state: str | None = None,
    ) -> Iterator[Shown]:
        """Yield issues: annotators see those of the tasks they were given."""
        params = {"project": project, "task": task, "state": state}
        return self._transport.pages(f"/v1/{modality}/issues", Shown, params)

    def comment(self, modality: Modality, issue: str, text: str) -> Shown:
        """Comment on an issue."""
        path = f"/v1/{modality}/issues/{issue}/comments"
        return self._transport.write("POST", path, Shown, {"text": text})

    def resolve(self, modality: Modality, issue: str) -> Shown:
        """Say that an issue is settled."""
        return self._transport.write("POST", f"/v1/{modality}/issues/{issue}/resolve", Shown)

    def reopen(self, modality: Modality, issue: str) -> Shown:
        """Say that an issue is not settled after all."""
        return self._transport.write("POST", f"/v1/{modality}/issues/{issue}/reopen", Shown)


class Audits:
    """`client.audits`: random samples of accepted outcomes, and what they say."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def start(
        self,
        modality: Modality,
        project: str,
        *,
        size: int | None = None,
        margin: float | None = None,
        confidence: float = 0.95,
        batch: str | None = None,
        member: str | None = None,
    ) -> Shown:
        """Draw `size` outcomes, or as many as a `margin` needs; reviewers judge them through claims."""
        body = {
            "project": project,
            "size": size,
            "margin": margin,
            "confidence": confidence,
            "batch": batch,
            "member": member,
        }
        return self._transport.write("POST", f"/v1/{modality}/audits", Shown, body)

    def get(self, modality: Modality, audit: str, *, margin: float | None = None) -> Shown:
        """Return the error rate with its interval, and how many verdicts a `margin` still needs."""
        return self._transport.read(f"/v1/{modality}/audits/{audit}", Shown, {"margin": margin})

    def list(self, modality: Modality, project: str) -> Iterator[Shown]:
        """Yield the audits of a project."""
        return self._transport.pages(f"/v1/{modality}/audits", Shown, {"project": project})


class Consistency:
    """`client.consistency`: contradictions among accepted outcomes."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def check(
        self,
        modality: Modality,
        project: str,
        *,
        kinds: Sequence[str] | None = None,
        wanted: Wanted = "report",
        similarity: float = 0.8,
        score_min: float = 0.0,
    ) -> str:
        """Start a check; returns its job, which `client.jobs.wait` waits for."""
        body: Shown = {
            "project": project,
            "wanted": wanted,
            "similarity": similarity,
            "score_min": score_min,
        }
        if kinds is not None:
            body["kinds"] = list(kinds)
        started = self._transport.write("POST", f"/v1/{modality}/consistency", dict[str, str], body)
        return started["job"]

    def list(
        self, modality: Modality, project: str, *, run: str | None = None, kind: str | None = None
    ) -> Iterator[Shown]:
        """Yield what checks found: of one run (its job), of one kind, if so asked."""
        params = {"project": project, "run": run, "kind": kind}
        return self._transport.pages(f"/v1/{modality}/consistency", Shown, params)

"""Reviews, issues and audits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Literal

from annotary.client.transport import Transport
from annotary.client.values import Modality

Verdict = Literal["accepted", "rejected", "amended"]
Shown = dict[str, Any]


class AboutTasks:
    """What is said about tasks, one noun of the API."""

    noun: ClassVar[str]

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(
        self,
        modality: Modality,
        *,
        project: str | None = None,
        task: str | None = None,
        state: str | None = None,
    ) -> Iterator[Shown]:
        """Yield those of a project or of a task.

        Reviewers see their own reviews, annotators the issues of tasks they were given.
        """
        params = {"project": project, "task": task, "state": state}
        return self._transport.pages(f"/v1/{modality}/{self.noun}", Shown, params)

    def get(self, modality: Modality, id: str) -> Shown:
        """Return one: a review with its verdict and what it amended, an issue with its comments."""
        return self._transport.read(f"/v1/{modality}/{self.noun}/{id}", Shown)


class Reviews(AboutTasks):
    """`client.reviews`: second looks at outcomes."""

    noun = "reviews"

    def claim(
        self, modality: Modality, *, project: str | None = None, count: int = 1, wait_ms: int = 0
    ) -> list[Shown]:
        """Lease up to `count` reviews, of a project or of any one reviews; empty when there is nothing."""
        body = {"project": project, "count": count, "wait_ms": wait_ms}
        path, patience = f"/v1/{modality}/reviews/claims", 60.0 + wait_ms / 1000
        given = self._transport.write("POST", path, dict[str, list[Shown]], body, timeout_seconds=patience)
        return given["reviews"]

    def answers(self, modality: Modality, id: str) -> Shown:
        """Return the answers behind an outcome under review, as far as the project's settings show them."""
        return self._transport.read(f"/v1/{modality}/reviews/{id}/answers", Shown)

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


class Issues(AboutTasks):
    """`client.issues`: remarks pinned to a place."""

    noun = "issues"

    def raise_about(self, modality: Modality, task: str, text: str, *, place: Any = None) -> Shown:
        """Raise an issue about a task."""
        body = {"task": task, "text": text, "place": place}
        return self._transport.write("POST", f"/v1/{modality}/issues", Shown, body)

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

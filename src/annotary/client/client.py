"""The client: one member's access to one platform. Labelling is here; the rest is grouped by noun."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from annotary.client.agreement import Agreement
from annotary.client.audit import Audit
from annotary.client.catalog import Assets, Datasets, Items
from annotary.client.changes import Changes, Publications, Registry
from annotary.client.consensus import ConsensusRuns
from annotary.client.consistency import Consistency
from annotary.client.errors import Conflict
from annotary.client.hops import Hops
from annotary.client.jobs import Exports, Imports, Jobs
from annotary.client.lineage import Lineage
from annotary.client.people import Members, Tokens
from annotary.client.projects import Ontologies, Projects
from annotary.client.quality import Annotators, Gold
from annotary.client.retrying import Retries
from annotary.client.review import Audits, Issues, Reviews
from annotary.client.streams import OutcomeChange, Streams
from annotary.client.streams_jsonl import OutcomesFile, write_outcomes
from annotary.client.transport import Transport
from annotary.client.values import (
    Assignment,
    Draft,
    Lease,
    Me,
    Modality,
    ProjectProgress,
    Submitted,
)
from annotary.client.webhooks import Webhooks
from annotary.client.work import Batches, Outcomes, Predictions, Submissions, Tasks

if TYPE_CHECKING:
    import httpx
    import msgspec


class Client:
    """A member's access to a platform.

    Every write carries an Idempotency-Key, made once for the logical write, so that retries have one effect;
    what fails in passing is sent again with backoff. Errors are `annotary.client.errors.AnnotaryClientError`.

        with Client("http://127.0.0.1:8420", token) as client:
            for assignment in client.claim("text", project=project.id, count=5):
                client.submit(assignment, {"classification": [{"label": "positive"}]}, seconds=4.2)
    """

    def __init__(
        self,
        url: str,
        token: str,
        *,
        timeout_seconds: float = 60.0,
        retries: Retries | None = None,
        http: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`http` and `sleep` are for tests and for unusual networks."""
        self.url = url.rstrip("/")
        self._transport = transport = Transport(
            url, token, timeout_seconds=timeout_seconds, retries=retries, http=http, sleep=sleep
        )
        self.members = Members(transport)
        self.tokens = Tokens(transport)
        self.ontologies = Ontologies(transport)
        self.projects = Projects(transport)
        self.datasets = Datasets(transport)
        self.items = Items(transport)
        self.assets = Assets(transport)
        self.jobs = Jobs(transport, sleep=sleep)
        self.imports = Imports(transport, sleep)
        self.exports = Exports(transport, sleep)
        self.batches = Batches(transport)
        self.tasks = Tasks(transport)
        self.submissions = Submissions(transport)
        self.outcomes = Outcomes(transport)
        self.predictions = Predictions(transport)
        self.reviews = Reviews(transport)
        self.issues = Issues(transport)
        self.audits = Audits(transport)
        self.consistency = Consistency(transport)
        self.gold = Gold(transport)
        self.annotators = Annotators(transport)
        self.agreement = Agreement(transport)
        self.hops = Hops(transport)
        self.consensus_runs = ConsensusRuns(transport)
        self.publications = Publications(transport)
        self.changes = Changes(transport, sleep)
        self.registry = Registry(transport)
        self.webhooks = Webhooks(transport)
        self._streams = Streams(transport, sleep)
        self.events = self._streams.events
        self.lineage = Lineage(transport)
        self.audit = Audit(transport)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def me(self) -> Me:
        """Return who the token belongs to."""
        return self._transport.read("/v1/me", Me)

    def progress(self, modality: Modality, project: str) -> ProjectProgress:
        """Return how far a project is."""
        return self._transport.read(f"/v1/{modality}/progress", ProjectProgress, {"project": project})

    def stream_outcomes(
        self,
        project: str,
        *,
        since: datetime | None = None,
        cursor: str | None = None,
        follow: bool = True,
        lane: int = 0,
        lanes: int = 1,
    ) -> Iterator[OutcomeChange]:
        """Yield outcomes as they are accepted, corrected and retracted, each change once and in order.

        Begins as `events` does: keep the `cursor` of the last one you dealt with, and go on behind it. Of
        `lanes` readers, each takes the tasks of its own `lane`.
        """
        modality = self.projects.get(project).modality
        lots = self._streams.outcomes(
            modality, project, since=since, cursor=cursor, follow=follow, lane=lane, lanes=lanes
        )
        return (change for lot in lots for change in lot)

    def outcomes_to_jsonl(
        self,
        project: str,
        path: str | Path,
        *,
        since: datetime | None = None,
        follow: bool = True,
        written: Callable[[int], None] | None = None,
    ) -> int:
        """Append a project's outcomes to a file, one a line, as they come; returns how many were written.

        A file that is there is gone on with, exactly where it ends, whatever cut it off.
        """
        modality = self.projects.get(project).modality
        with OutcomesFile(Path(path)) as file:
            begin = {"cursor": file.cursor, "since": None if file.cursor else since}
            lots = self._streams.outcomes(modality, project, follow=follow, **begin)  # type: ignore[arg-type]
            return write_outcomes(file, lots, written)

    def claim(
        self, modality: Modality, *, project: str | None = None, count: int = 1, wait_ms: int = 0
    ) -> list[Assignment]:
        """Lease up to `count` tasks, of a project or of any of one's own; empty when nothing is free.

        `wait_ms` waits so long for the first one.
        """
        body = {"project": project, "count": count, "wait_ms": wait_ms}
        path, patience = f"/v1/{modality}/claims", 60.0 + wait_ms / 1000
        # A key is used up by the first look, so a claim that waits goes without: repeated, it costs at most a
        # lease that ends by itself.
        given = self._transport.write(
            "POST", path, dict[str, list[Assignment]], body, keyed=not wait_ms, timeout_seconds=patience
        )
        return _of(given["assignments"], modality)

    def submit(
        self,
        assignment: Assignment,
        answer: Mapping[str, Any] | msgspec.Raw,
        *,
        seconds: float,
        claim_next: int = 0,
        first_input_ago_seconds: float | None = None,
        key: str | None = None,
    ) -> Submitted:
        """Submit a whole answer; `seconds` is the time spent on it.

        `first_input_ago_seconds`: how long ago the first thing was done about it, for `client.hops`.
        `claim_next` leases that many more in the same call. Give a `key` of your own where the answer must
        count once even over a restart of your program.
        """
        body = {
            "fence": assignment.fence,
            "answer": answer,
            "seconds": seconds,
            "claim_next": claim_next,
        }
        if first_input_ago_seconds is not None:
            body["first_input_ago_seconds"] = first_input_ago_seconds
        taken = self._transport.write("POST", _path(assignment, "submission"), Submitted, body, key=key)
        return Submitted(taken.submission_id, _of(taken.next, assignment.modality))

    def renew(self, assignment: Assignment) -> Lease:
        """Put the end of a lease off by the project's lease time."""
        return self._transport.write("POST", _path(assignment, "renew"), Lease, {"fence": assignment.fence})

    def release(self, assignment: Assignment) -> None:
        """Give a task back: it goes to whoever claims next."""
        self._end(assignment, "release", {"fence": assignment.fence})

    def skip(self, assignment: Assignment, reason: str) -> None:
        """Pass a task over: it is not offered to this member again."""
        self._end(assignment, "skip", {"fence": assignment.fence, "reason": reason})

    def save_draft(
        self, assignment: Assignment, answer: Mapping[str, Any], *, version: int | None = None
    ) -> Draft:
        """Keep an unfinished answer; with `version` only where no other window saved since."""
        body = {"fence": assignment.fence, "answer": answer}
        return self._transport.write("PUT", _path(assignment, "draft"), Draft, body, version=version)

    def read_draft(self, assignment: Assignment) -> Draft:
        """Return the draft for the assignment's task; raises NotFound when there is none."""
        return self._transport.read(_path(assignment, "draft"), Draft)

    def _end(self, assignment: Assignment, how: str, body: dict[str, Any]) -> None:
        try:
            self._transport.write("POST", _path(assignment, how), object, body)
        except Conflict as error:
            # The reply to a first try may have been lost on the way: then the lease has ended as was wished.
            if error.code != "not_leased" or error.attempts == 1:
                raise


def _path(assignment: Assignment, action: str) -> str:
    return f"/v1/{assignment.modality}/assignments/{assignment.id}/{action}"


def _of(given: list[Assignment], modality: Modality) -> list[Assignment]:
    """Return assignments that know their modality, which the reply leaves to the path."""
    if modality == "text":
        return given
    return [Assignment(one.id, one.fence, one.expires_at, one.task, modality=modality) for one in given]

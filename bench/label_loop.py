"""People who label, as many as wanted in one thread: claim, answer, claim the next."""

from __future__ import annotations

import itertools
import secrets
import select
import sys
import time
from collections.abc import Sequence
from typing import NamedTuple

from bench.connection import Connection, Reply

STALL_SECONDS_MAX = 30.0
_runs = itertools.count()


class Stalled(RuntimeError):
    """Nothing was answered for a long time, or something else than a label came back."""


class Measured(NamedTuple):
    """What came of a run; times in seconds, one a call. In `next` mode a submission is also a claim."""

    labels: int
    calls: int
    seconds: float
    claim_seconds: list[float]
    submit_seconds: list[float]
    client_cpu_seconds: float

    @property
    def labels_per_second(self) -> float:
        """Submissions acknowledged a second."""
        return self.labels / self.seconds


class Annotator:
    """One member at one connection: what was asked last, when, and the lease in hand."""

    __slots__ = ("asked_at", "connection", "lease", "submitting")

    def __init__(self, address: tuple[str, int], token: str) -> None:
        self.connection = Connection(address, token)
        self.lease: tuple[bytes, bytes] | None = None
        self.submitting = False
        self.asked_at = 0.0


class LabelLoop:
    """Annotators of one project, each working as fast as it is answered.

    `answers` are the bodies that are sent in turn, so two of them make half of the answers each. With
    `claim_next` a submission claims the next task in the same call.
    """

    def __init__(
        self,
        address: tuple[str, int],
        tokens: Sequence[str],
        modality: str,
        project: str,
        answers: Sequence[bytes],
        *,
        claim_next: bool,
    ) -> None:
        self._annotators = [Annotator(address, token) for token in tokens]
        self._root = f"/v1/{modality}/".encode()
        self._claim = b'{"project":"%b"}' % project.encode()
        self._answers = itertools.cycle(answers)
        self._next = 1 if claim_next else 0
        self._key = f"{secrets.token_hex(6)}-{next(_runs)}-".encode()
        self._numbers = itertools.count()

    def close(self) -> None:
        """Hang up."""
        for annotator in self._annotators:
            annotator.connection.close()

    def run(self, seconds: float, labels_max: int = sys.maxsize) -> Measured:
        """Label for so long, or so many labels, then wait for the replies that are under way."""
        claims: list[float] = []
        submits: list[float] = []
        poll = select.epoll()
        by_handle = {one.connection.socket.fileno(): one for one in self._annotators}
        started, cpu_started = time.perf_counter(), time.process_time()
        ends = started + seconds
        for handle, annotator in by_handle.items():
            poll.register(handle, select.EPOLLIN)
            self._go_on(annotator)
        under_way = len(by_handle)
        while under_way:
            ready = poll.poll(STALL_SECONDS_MAX)
            if not ready:
                raise Stalled(f"no reply for {STALL_SECONDS_MAX:.0f} s")
            for handle, _ in ready:
                annotator = by_handle[handle]
                reply = annotator.connection.receive()
                if reply is None:
                    continue
                now = time.perf_counter()
                (submits if annotator.submitting else claims).append(now - annotator.asked_at)
                self._take(annotator, reply)
                if now < ends and len(submits) < labels_max:
                    self._go_on(annotator)
                else:
                    under_way -= 1
        poll.close()
        return Measured(
            len(submits),
            len(submits) + len(claims),
            time.perf_counter() - started,
            claims,
            submits,
            time.process_time() - cpu_started,
        )

    def _take(self, annotator: Annotator, reply: Reply) -> None:
        """Note the lease in a reply. The shapes are the API's contract."""
        if reply.status != 200:
            raise Stalled(f"answered {reply.status}: {reply.body[:500]!r}")
        body = reply.body
        at = body.find(b'"id":"asg_')
        if at < 0:
            annotator.lease = None
            if not annotator.submitting:
                raise Stalled("nothing is left to label: make more tasks, or a shorter run")
            return
        fence = body.find(b'"fence":', at) + 8
        annotator.lease = (body[at + 6 : at + 42], body[fence : body.find(b",", fence)])

    def _go_on(self, annotator: Annotator) -> None:
        annotator.submitting = annotator.lease is not None
        annotator.asked_at = time.perf_counter()
        if annotator.lease is None:
            annotator.connection.send(b"POST", self._root + b"claims", self._claim)
            return
        assignment, fence = annotator.lease
        annotator.connection.send(
            b"POST",
            b"%bassignments/%b/submission" % (self._root, assignment),
            b'{"fence":%b,"answer":%b,"seconds":1.5,"claim_next":%d}'
            % (fence, next(self._answers), self._next),
            b"%b%d" % (self._key, next(self._numbers)),
        )


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which this share of the values lies (nearest rank); NaN without values."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")

"""People who work through an installation that is being killed: whatever has an answer is written down.

A call is repeated, under the same Idempotency-Key, until it has a definite answer; 503 and a broken
connection are none. What a member was told is the journal that the database is held against afterwards.
"""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bench.connection import Connection, Reply

CALL_SECONDS_MAX = 10.0
OUTAGE_SECONDS_MAX = 90.0
REPEAT_SECONDS = 0.05
DEFINITE_REFUSALS = {404, 409, 412}
LEASE_LOST = ("stale_fence", "lease_expired")
ANSWER = '{"classification":[{"label":"%s"}]}'
LABELS = ("good", "bad")


class Unexpected(AssertionError):
    """A reply that nothing explains."""


@dataclass
class Journal:
    """What the members of a crew were told."""

    operations: int = 0
    submissions: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Acknowledged submissions: assignment and label."""
    drafts: dict[tuple[str, str], str] = field(default_factory=dict)
    """The label of the last acknowledged draft of a member for a task."""
    repeats: int = 0
    outages: int = 0
    errors: list[BaseException] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


class Person(threading.Thread):
    """One member: works until the crew has done enough, or something inexplicable came back."""

    def __init__(
        self, address: tuple[str, int], token: str, project: str, seed: int, journal: Journal, operations: int
    ) -> None:
        super().__init__(name=f"person-{seed}")
        self._address = address
        self._token = token
        self._project = project
        self._chance = random.Random(seed)
        self._journal = journal
        self._operations = operations
        self._connection: Connection | None = None
        self._leases: list[dict[str, Any]] = []
        self._keys = 0

    def run(self) -> None:
        try:
            while self._journal.operations < self._operations and not self._journal.errors:
                self._work()
        except BaseException as error:
            self._journal.errors.append(error)

    def _work(self) -> None:
        if not self._leases:
            self._claim()
            return
        lease = self._leases.pop(self._chance.randrange(len(self._leases)))
        ways: list[Callable[[dict[str, Any]], None]] = [
            *[self._submit] * 12,
            self._renew,
            self._release,
            self._skip,
            self._draft,
        ]
        self._chance.choice(ways)(lease)

    def _claim(self) -> None:
        key = self._key() if self._chance.random() < 0.5 else b""
        body = {"project": self._project, "count": self._chance.randint(1, 3)}
        reply = self._ask("POST", "claims", body, key)
        if reply.status == 200:
            self._leases += json.loads(reply.body)["assignments"]

    def _submit(self, lease: dict[str, Any]) -> None:
        label, key = self._chance.choice(LABELS), self._key()
        following = self._chance.random() < 0.3
        body = {
            "fence": lease["fence"],
            "answer": json.loads(ANSWER % label),
            "seconds": 1,
            "claim_next": following,
        }
        reply = self._ask(
            "POST", f"assignments/{lease['id']}/submission", body | {"claim_next": int(following)}, key
        )
        told = json.loads(reply.body)
        if told.get("code") in LEASE_LOST:
            # What was written is kept for the member, in place of an earlier draft.
            self._journal.drafts[self._token, lease["task"]["id"]] = label
        if reply.status != 200:
            return
        with self._journal.lock:
            earlier = self._journal.submissions.setdefault(told["submission_id"], (lease["id"], label))
        if earlier != (lease["id"], label):
            raise Unexpected(f"two answers were told the same submission: {told}")
        self._leases += told["next"]
        if self._chance.random() < 0.1:
            again = self._ask(
                "POST", f"assignments/{lease['id']}/submission", body | {"claim_next": int(following)}, key
            )
            if json.loads(again.body).get("submission_id") != told["submission_id"]:
                raise Unexpected(f"repeated, {told} became {again}")
            self._journal.repeats += 1

    def _renew(self, lease: dict[str, Any]) -> None:
        reply = self._ask("POST", f"assignments/{lease['id']}/renew", {"fence": lease["fence"]})
        if reply.status == 200:
            self._leases.append(lease | {"fence": json.loads(reply.body)["fence"]})

    def _release(self, lease: dict[str, Any]) -> None:
        self._ask("POST", f"assignments/{lease['id']}/release", {"fence": lease["fence"]})

    def _skip(self, lease: dict[str, Any]) -> None:
        self._ask("POST", f"assignments/{lease['id']}/skip", {"fence": lease["fence"], "reason": "unclear"})

    def _draft(self, lease: dict[str, Any]) -> None:
        label = self._chance.choice(LABELS)
        body = {"fence": lease["fence"], "answer": json.loads(ANSWER % label)}
        reply = self._ask("PUT", f"assignments/{lease['id']}/draft", body)
        if reply.status == 200:
            self._journal.drafts[self._token, lease["task"]["id"]] = label
            self._leases.append(lease)

    def _key(self) -> bytes:
        self._keys += 1
        return f"{self.name}-{self._keys}".encode()

    def _ask(self, method: str, path: str, body: dict[str, Any], key: bytes = b"") -> Reply:
        """Ask until the answer is definite."""
        sent = json.dumps(body).encode()
        deadline = time.monotonic() + OUTAGE_SECONDS_MAX
        while (reply := self._try(method, path, sent, key)) is None:
            self._journal.outages += 1
            if time.monotonic() > deadline:
                raise Unexpected(f"{method} {path}: no definite answer for {OUTAGE_SECONDS_MAX} s")
            time.sleep(REPEAT_SECONDS)
        with self._journal.lock:
            self._journal.operations += 1
        if not 200 <= reply.status < 300 and reply.status not in DEFINITE_REFUSALS:
            raise Unexpected(f"{method} {path} {body}: {reply.status} {reply.body[:500]!r}")
        return reply

    def _try(self, method: str, path: str, body: bytes, key: bytes) -> Reply | None:
        try:
            if self._connection is None:
                self._connection = Connection(self._address, self._token, CALL_SECONDS_MAX)
            reply = self._connection.call(method.encode(), f"/v1/text/{path}".encode(), body, key)
        except OSError:
            self._connection = None
            return None
        return None if reply.status == 503 else reply

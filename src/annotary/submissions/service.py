"""Taking answers: checked against the pinned ontology version, then committed in groups."""

from __future__ import annotations

import asyncio
import math
from collections import Counter, OrderedDict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from annotary.dispatch import store as dispatch_store
from annotary.dispatch.errors import UnknownAssignment
from annotary.dispatch.service import Dispatcher, refusal
from annotary.dispatch.values import Lease, Wanted
from annotary.identity.values import Caller
from annotary.infra import idempotency
from annotary.infra.grouping import Grouper
from annotary.infra.postgres import Database, Row
from annotary.kernel.clock import system_clock
from annotary.kernel.errors import AnnotaryError, Invalid, KeyReused
from annotary.kernel.ids import new_id, parse_id
from annotary.kernel.limits import (
    ANSWER_BYTES_AT_ONCE_MAX,
    ANSWER_BYTES_MAX,
    CLAIM_COUNT_MAX,
    LEASE_CONTEXT_PAYLOAD_BYTES_MAX,
    LEASE_CONTEXTS_MAX,
    SECONDS_SPENT_MAX,
)
from annotary.modalities.answers import AnswerValidator, Canonical, compile_ontology
from annotary.modalities.errors import InvalidAnswer
from annotary.ontology.values import Definition
from annotary.submissions import store
from annotary.submissions.values import Entry, LeaseContext, SubmissionRequest, Taken

_decode_item = msgspec.json.Decoder(dict[str, Any]).decode
_decode_suggestions = msgspec.json.Decoder(list[dict[str, Any]]).decode


class Intake:
    """Takes the answers of one modality."""

    def __init__(self, modality: str, database: Database, hot: Database, dispatcher: Dispatcher) -> None:
        self._modality = modality
        self._database = database
        self._hot = hot
        self._dispatcher = dispatcher
        self._contexts: OrderedDict[UUID, LeaseContext] = OrderedDict()
        self._validators: dict[UUID, AnswerValidator] = {}
        self._submits: Grouper[Entry, Taken] = Grouper("submit", self._submit_group)
        # Answers refused as invalid since somebody looked, by project and ontology version.
        self.refused: Counter[tuple[UUID, UUID]] = Counter()

    def keep(self, member: UUID, leases: Sequence[Lease]) -> None:
        """Remember what was just given out, so that its answer can be checked without asking the database."""
        for lease in leases:
            if len(lease.payload) <= LEASE_CONTEXT_PAYLOAD_BYTES_MAX:
                self._contexts[lease.assignment_id] = LeaseContext(
                    member,
                    lease.task_id,
                    lease.project_id,
                    lease.ontology_version_id,
                    lease.payload,
                    lease.suggestions,
                )
        while len(self._contexts) > LEASE_CONTEXTS_MAX:
            self._contexts.popitem(last=False)

    async def validator(self, version: UUID) -> AnswerValidator:
        """Return the compiled ontology version; versions never change, so it is kept."""
        known = self._validators.get(version)
        if known is None:
            row = await self._database.fetchrow(store.QUERIES.ontology_definition, version)
            assert row is not None, "a lease pins a version that is here"
            definition = msgspec.json.decode(row["definition"], type=Definition)
            known = compile_ontology(row["modality"], definition, row["content_hash"])
            self._validators[version] = known
        return known

    async def check(self, context: LeaseContext, answer: msgspec.Raw) -> Canonical:
        """Return the canonical form of an answer, or raise what is wrong with it."""
        if len(bytes(answer)) > ANSWER_BYTES_MAX:
            raise Invalid(
                path="/answer", found=f"{len(bytes(answer))} bytes", expected=f"at most {ANSWER_BYTES_MAX}"
            )
        validator = await self.validator(context.ontology_version_id)
        item = _decode_item(context.payload)
        if len(bytes(answer)) > ANSWER_BYTES_AT_ONCE_MAX:
            # A big answer takes long to check: other requests must not wait for it.
            return await asyncio.to_thread(validator.validate, bytes(answer), item)
        return validator.validate(bytes(answer), item)

    async def submit(
        self,
        caller: Caller,
        assignment: UUID,
        asked: SubmissionRequest,
        key: str,
        request_hash: bytes,
        traceparent: str | None = None,
    ) -> Taken:
        """Take an answer under a lease, and claim the next tasks in the same transaction if asked to."""
        received_at = system_clock()
        check_seconds(asked.seconds)
        if not 0 <= asked.claim_next <= CLAIM_COUNT_MAX:
            raise Invalid(path="/claim_next", found=asked.claim_next, expected=f"0 to {CLAIM_COUNT_MAX}")
        context = self._contexts.get(assignment) or await store.lease_context(self._database, assignment)
        if context is None or context.member_id != caller.member_id:
            raise UnknownAssignment()
        try:
            checked = await self.check(context, asked.answer)
        except InvalidAnswer:
            self.refused[context.project_id, context.ontology_version_id] += 1
            raise
        entry = Entry(
            new_id(),
            assignment,
            caller.member_id,
            asked.fence,
            checked.encoded.decode(),
            checked.content_hash,
            asked.seconds,
            _shown(context.suggestions),
            received_at,
            key,
            request_hash,
            first_input_at(received_at, asked.first_input_ago_seconds),
            system_clock(),
            traceparent,
            (context.project_id,) if asked.claim_next else (),
            asked.claim_next,
        )
        try:
            taken = await self._submits.ask(entry)
        except AnnotaryError as error:
            if error.code in ("stale_fence", "lease_expired"):
                await store.keep_refused(self._database, assignment, caller.member_id, entry.answer)
            raise
        self._contexts.pop(assignment, None)
        self.keep(caller.member_id, taken.next)
        return taken

    async def _submit_group(self, group: list[Entry]) -> Sequence[Taken | AnnotaryError]:
        """Commit a group. Entries that share a lease or key with an earlier one go in a second round."""
        first, later = _apart(group)
        answers = await self._commit([group[i] for i in first])
        found: dict[int, Taken | AnnotaryError] = dict(zip(first, answers, strict=True))
        if later:
            found.update(zip(later, await self._submit_group([group[i] for i in later]), strict=True))
        return [found[i] for i in range(len(group))]

    async def _commit(self, entries: list[Entry]) -> list[Taken | AnnotaryError]:
        if not any(entry.claim_next for entry in entries):
            async with self._hot.connection() as connection:
                rows = await store.submit_group(connection, entries, self._submits.flushed)
            nexts: Mapping[UUID, list[Lease]] = {}
        else:
            async with self._hot.transaction() as uow:
                rows = await store.submit_group(uow, entries, self._submits.flushed)
                claiming = [
                    entry
                    for entry, row in zip(entries, rows, strict=True)
                    if entry.claim_next and row["submission_id"]
                ]
                wanted = [Wanted(e.member_id, e.projects, e.claim_next, e.submission_id) for e in claiming]
                served = await self._dispatcher.serve(uow, wanted)
            nexts = {entry.submission_id: leases for entry, leases in zip(claiming, served, strict=True)}
        return [
            await self._outcome(entry, row, nexts.get(entry.submission_id, []))
            for entry, row in zip(entries, rows, strict=True)
        ]

    async def _outcome(self, entry: Entry, row: Row, claimed: list[Lease]) -> Taken | AnnotaryError:
        """Say what became of an entry."""
        if row["submission_id"] is not None:
            return Taken(row["submission_id"], claimed)
        if row["same"] is None:
            # Another process may have committed the same request since our snapshot.
            row = await self._kept_meanwhile(entry) or row
        if row.get("same"):
            leases = await dispatch_store.leases_claimed_with(
                self._database, row["reference_id"], entry.member_id
            )
            return Taken(row["reference_id"], leases, replayed=True)
        if row.get("same") is False:
            return KeyReused(
                path="/", found=entry.key, expected="a key that was not used with another request"
            )
        if row["state"] is None:
            return UnknownAssignment()
        return refusal(row["state"], row["current_fence"], entry.fence, row["is_over"])

    async def _kept_meanwhile(self, entry: Entry) -> Any:
        kept = await idempotency.kept_reply(self._database, entry.member_id, entry.key)
        if kept is None:
            return None
        return {"same": kept["request_hash"] == entry.request_hash, "reference_id": kept["reference_id"]}


def check_seconds(seconds: float) -> None:
    """Refuse a time spent that cannot be."""
    if not (math.isfinite(seconds) and 0 <= seconds <= SECONDS_SPENT_MAX):
        raise Invalid(path="/seconds", found=seconds, expected=f"0 to {SECONDS_SPENT_MAX:.0f} seconds")


def first_input_at(received_at: datetime, ago_seconds: float | None) -> datetime | None:
    """Return when the first input was made; what a client tells wrongly costs precision, never its answer."""
    if ago_seconds is None or not math.isfinite(ago_seconds):
        return None
    return received_at - timedelta(seconds=min(max(ago_seconds, 0.0), SECONDS_SPENT_MAX))


def _shown(suggestions: str | None) -> str:
    """Return the ids of the predictions that were shown, as a Postgres array, or the empty text."""
    if not suggestions:
        return ""
    ids = [str(parse_id("prediction", one["id"])) for one in _decode_suggestions(suggestions) if "id" in one]
    return "{" + ",".join(ids) + "}"


def _apart(group: Sequence[Entry]) -> tuple[list[int], list[int]]:
    """Split a group so that no lease and no key stands twice in its first part."""
    leases: set[UUID] = set()
    keys: set[tuple[UUID, str]] = set()
    first: list[int] = []
    later: list[int] = []
    for i, entry in enumerate(group):
        key = (entry.member_id, entry.key)
        if entry.assignment_id in leases or key in keys:
            later.append(i)
            continue
        leases.add(entry.assignment_id)
        keys.add(key)
        first.append(i)
    return first, later

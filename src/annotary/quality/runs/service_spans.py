"""What the model of spans says of a whole project's outcomes."""

from __future__ import annotations

from uuid import UUID

import structlog
from blake3 import blake3
from msgspec.structs import replace

from annotary.kernel.limits import REFRESH_SECONDS_MAX, RUN_SPANS_BYTES_MAX
from annotary.quality.errors import MergeStopped
from annotary.quality.live import store as live_store
from annotary.quality.runs.errors import RunBlocked
from annotary.quality.runs.service_finding import Votes, Work
from annotary.quality.runs.values import Current
from annotary.quality.spans.messages import SPANS, AnsweredText, FoundSpans, SpansReply, SpansRequest
from annotary.quality.values import NewOutcome

log = structlog.get_logger(__name__)


class Spans(Votes):
    """Gives each text the spans that the model found in it."""

    def __init__(
        self, work: Work, found: dict[UUID, FoundSpans], read: dict[UUID, bytes], parameters: bytes
    ) -> None:
        super().__init__(work)
        self._found, self._read, self._parameters = found, read, parameters

    @classmethod
    async def of(cls, work: Work) -> Votes:
        """Have the model read the whole project.

        Where it can find nothing, as in a project too large for it, `auto` leaves it to votes, and `spans`
        raises RunBlocked.
        """
        texts: dict[UUID, AnsweredText] = {}
        read: dict[UUID, bytes] = {}
        size_bytes = 0
        async for page in live_store.every_answer(work.database, work.run.project_id, with_items=True):
            for task in page:
                members = [member.hex for member in task.member_ids]
                gold = task.gold if work.run.parameters.gold else None
                texts[task.task_id] = AnsweredText(task.item or "", members, task.answers, gold)
                read[task.task_id] = _digest(task.member_ids, task.answers)
                size_bytes += len(task.item or "") + sum(map(len, task.answers))
            if size_bytes > RUN_SPANS_BYTES_MAX:
                return _left_to_votes(work, f"The answers are longer than {RUN_SPANS_BYTES_MAX} bytes.")
        try:
            request = SpansRequest(texts=list(texts.values()), seconds_max=REFRESH_SECONDS_MAX)
            reply = await work.process.find_spans(request)
        except MergeStopped as error:
            reply = SpansReply(blocked=error.detail)
        if reply.blocked:
            return _left_to_votes(work, reply.blocked)
        work.summary.method_used = SPANS
        return cls(work, dict(zip(texts, reply.found, strict=True)), read, reply.parameters)

    async def new(self, one: Current) -> NewOutcome | None:
        """Return an outcome of the spans that were found; None where the answers have moved since."""
        if self._read.get(one.task_id) != _digest(one.counted_members, one.counted_answers):
            self._work.summary.moved += 1
            return None
        new = await self._merge(one, one.counted_answers, spans=self._found[one.task_id])
        if new is None:
            return None
        return replace(new, aggregator=self._work.run.aggregator, parameters=self._parameters)


def _left_to_votes(work: Work, reason: str) -> Votes:
    if work.run.aggregator == SPANS:
        raise RunBlocked(f"{reason} Run `majority` instead, which merges task by task.")
    log.warning("spans are left to votes", project=str(work.run.project_id), reason=reason)
    return Votes(work)


def _digest(members: list[UUID], answers: list[str]) -> bytes:
    """Return what tells answers apart from others, without keeping them."""
    told = blake3()
    for member, answer in zip(members, answers, strict=True):
        told.update(member.bytes)
        told.update(answer.encode())
    return told.digest()

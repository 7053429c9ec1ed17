"""Merging the answers of one task, aggregating a project, measuring agreement and skill, as a program:
answers come on stdin, what they say together goes to stdout.

A merge compares shapes pairwise, so a few large answers can take long or hang; a process can be stopped.
Frames are a length (4 bytes, big-endian) and MessagePack. The first frame out is empty: ready.
"""

from __future__ import annotations

import itertools
import resource
import statistics
import struct
import sys
import time
from functools import partial
from typing import Any, BinaryIO

import msgspec

from annotary.kernel.limits import MERGE_MEMORY_BYTES_MAX
from annotary.modalities.answers import agreement, compile_ontology, merge_answers
from annotary.modalities.consensus import Merge
from annotary.modalities.errors import InvalidAnswer
from annotary.ontology.rules import read_definition
from annotary.quality.agreement.messages import CompareReply, CompareRequest, EstimateReply, EstimateRequest
from annotary.quality.errors import reason_of
from annotary.quality.live.messages import AggregateReply, AggregateRequest
from annotary.quality.skill.judging import judge
from annotary.quality.skill.values import Pair, PairScore
from annotary.quality.spans.messages import SPANS, FoundSpans, SpansReply, SpansRequest

LENGTH = struct.Struct(">I")


class MergeRequest(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """The answers of one task, its item, and the ontology version to merge them in: all JSON.

    `weights` say how many votes each answer counts as; without them each is one. `spans` are those to take,
    where the model of a whole project has found them.
    """

    modality: str
    definition: bytes
    definition_hash: bytes
    item: bytes
    answers: list[bytes]
    weights: list[float] | None = None
    spans: FoundSpans | None = None
    seconds_max: float


class MergeReply(msgspec.Struct, frozen=True, kw_only=True):
    """The merged answer in canonical JSON, or the reason why people must decide (`blocked`).

    `agreement` is the mean over all pairs of answers. `confidences` (JSON) says how sure the parts are, by
    tool; empty where there are none.
    """

    answer: bytes = b""
    content_hash: bytes = b""
    confidence: float = 0.0
    agreement: float = 0.0
    confidences: bytes = b""
    blocked: str = ""


Request = MergeRequest | AggregateRequest | SpansRequest | CompareRequest | EstimateRequest | Pair
Reply = MergeReply | AggregateReply | SpansReply | CompareReply | EstimateReply | PairScore
_REPLIES: dict[type[Request], type[Reply]] = {
    MergeRequest: MergeReply,
    AggregateRequest: AggregateReply,
    SpansRequest: SpansReply,
    CompareRequest: CompareReply,
    EstimateRequest: EstimateReply,
    Pair: PairScore,
}


def merge(request: MergeRequest) -> MergeReply:
    """Merge the answers of one task. Every answer, and the outcome too, must fit the ontology version."""
    definition = read_definition(msgspec.json.decode(request.definition))
    validator = compile_ontology(request.modality, definition, request.definition_hash)
    item = msgspec.json.decode(request.item)
    answers = []
    for number, raw in enumerate(request.answers, 1):
        try:
            answers.append(validator.validate(raw, item).answer)
        except InvalidAnswer as error:
            what = f"Answer {number} does not fit the newest ontology version among the answers: {error}"
            return MergeReply(blocked=what)
    merged = merge_answers(validator, answers, item, request.weights, _instead(request.spans))
    try:
        outcome = validator.validate(validator.canonical(merged.value).encoded, item)
    except InvalidAnswer as error:
        return MergeReply(blocked=f"The answers merge into one that is not valid: {error}")
    pairs = [
        agreement(validator, first, second, item) for first, second in itertools.combinations(answers, 2)
    ]
    return MergeReply(
        answer=outcome.encoded,
        content_hash=outcome.content_hash,
        confidence=min(1.0, max(0.0, merged.confidence)),
        agreement=min(1.0, max(0.0, statistics.fmean(pairs))) if pairs else 1.0,
        confidences=msgspec.json.encode(merged.shares) if merged.shares else b"",
    )


def _instead(spans: FoundSpans | None) -> dict[str, Merge]:
    if spans is None:
        return {}
    from annotary.quality.spans.aggregating import merge_found

    return {SPANS: partial(merge_found, spans)}


def answered(request: Request) -> Any:
    """Return the reply to a request; where it cannot be done, one that says why (`blocked`)."""
    try:
        return _done(request)
    except Exception as error:  # a fault in one label type's merge must not cost the other tasks theirs
        return _REPLIES[type(request)](blocked=reason_of(error))


def _done(request: Request) -> Reply:
    """Do what is asked. Merges do without numpy's weight: who needs it imports it."""
    match request:
        case MergeRequest():
            return merge(request)
        case Pair():
            return judge(request)
        case AggregateRequest():
            from annotary.quality.live.aggregating import aggregated

            return aggregated(request)
        case SpansRequest():
            from annotary.quality.spans.aggregating import find_spans

            return find_spans(request)
        case CompareRequest():
            from annotary.quality.agreement.comparing import compare

            return compare(request)
        case EstimateRequest():
            from annotary.quality.agreement.estimating import estimate

            return estimate(request)


def main() -> None:
    """Serve requests until stdin ends."""
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    resource.setrlimit(resource.RLIMIT_DATA, (MERGE_MEMORY_BYTES_MAX, MERGE_MEMORY_BYTES_MAX))
    decoder = msgspec.msgpack.Decoder(Request)
    encoder = msgspec.msgpack.Encoder()
    _write(sink, b"")
    while header := source.read(LENGTH.size):
        request = decoder.decode(source.read(LENGTH.unpack(header)[0]))
        _limit_processor_time(request.seconds_max)
        _write(sink, encoder.encode(answered(request)))


def _limit_processor_time(seconds: float) -> None:
    """Let the system end this process should it hang with nobody left to stop it."""
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time() + 2 * seconds) + 2, hard))


def _write(sink: BinaryIO, body: bytes) -> None:
    sink.write(LENGTH.pack(len(body)) + body)
    sink.flush()


if __name__ == "__main__":
    main()

"""Merging the answers of one task, aggregating a project, measuring agreement and skill, as a program: answers
come on stdin, what they say together goes to stdout.

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
from collections.abc import Callable
from typing import BinaryIO, TypeVar

import msgspec

from annotary.kernel.errors import AnnotaryError
from annotary.kernel.limits import MERGE_MEMORY_BYTES_MAX
from annotary.modalities.answers import agreement, compile_ontology, merge_answers
from annotary.modalities.errors import InvalidAnswer
from annotary.ontology.rules import read_definition
from annotary.quality.agreement.messages import CompareReply, CompareRequest, EstimateReply, EstimateRequest
from annotary.quality.live.messages import AggregateReply, AggregateRequest
from annotary.quality.skill.judging import judge
from annotary.quality.skill.values import Pair, PairScore

LENGTH = struct.Struct(">I")
Q = TypeVar("Q")
R = TypeVar("R")


class MergeRequest(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """The answers of one task, its item, and the ontology version to merge them in: all JSON.

    `weights` say how many votes each answer counts as; without them each is one.
    """

    modality: str
    definition: bytes
    definition_hash: bytes
    item: bytes
    answers: list[bytes]
    weights: list[float] | None = None
    seconds_max: float


class MergeReply(msgspec.Struct, frozen=True, kw_only=True):
    """The merged answer in canonical JSON, or the reason why people must decide (`blocked`).

    `agreement` is the mean over all pairs of answers.
    """

    answer: bytes = b""
    content_hash: bytes = b""
    confidence: float = 0.0
    agreement: float = 0.0
    blocked: str = ""


Request = MergeRequest | AggregateRequest | CompareRequest | EstimateRequest | Pair
Reply = MergeReply | AggregateReply | CompareReply | EstimateReply | PairScore


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
    merged = merge_answers(validator, answers, item, request.weights)
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
    )


def merge_safely(request: MergeRequest) -> MergeReply:
    """Merge, and say what went wrong instead of raising."""
    return _safely(merge, request, MergeReply)


def aggregate_safely(request: AggregateRequest) -> AggregateReply:
    """Aggregate, and say what went wrong instead of raising."""
    # Merges do without numpy's weight; whoever aggregates pays for it.
    from annotary.quality.live.aggregating import aggregated

    return _safely(aggregated, request, AggregateReply)


def compare_safely(request: CompareRequest) -> CompareReply:
    """Compare answers in pairs, and say what went wrong instead of raising."""
    from annotary.quality.agreement.comparing import compare

    return _safely(compare, request, CompareReply)


def estimate_safely(request: EstimateRequest) -> EstimateReply:
    """Make measures of sums, and say what went wrong instead of raising."""
    from annotary.quality.agreement.estimating import estimate

    return _safely(estimate, request, EstimateReply)


def judge_safely(request: Pair) -> PairScore:
    """Judge an answer by what is known, and say what went wrong instead of raising."""
    return _safely(judge, request, PairScore)


def _safely(work: Callable[[Q], R], request: Q, blocked: Callable[..., R]) -> R:
    try:
        return work(request)
    except MemoryError:
        return blocked(blocked=f"This needs more than {MERGE_MEMORY_BYTES_MAX} bytes of memory.")
    except AnnotaryError as error:
        return blocked(blocked=str(error))
    except Exception as error:  # a fault in one label type's merge must not cost the other tasks theirs
        return blocked(blocked=f"This failed: {error!r}")


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
        _write(sink, encoder.encode(_answered(request)))


def _answered(request: Request) -> Reply:
    match request:
        case MergeRequest():
            return merge_safely(request)
        case AggregateRequest():
            return aggregate_safely(request)
        case CompareRequest():
            return compare_safely(request)
        case EstimateRequest():
            return estimate_safely(request)
        case Pair():
            return judge_safely(request)


def _limit_processor_time(seconds: float) -> None:
    """Let the system end this process should it hang with nobody left to stop it."""
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time() + 2 * seconds) + 2, hard))


def _write(sink: BinaryIO, body: bytes) -> None:
    sink.write(LENGTH.pack(len(body)) + body)
    sink.flush()


if __name__ == "__main__":
    main()

"""What a check remembers of each outcome: some 120 bytes, whatever its item and answer hold. Pure."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
import numpy as np

from annotary.quality.consistency import minhash, rules, tracks
from annotary.quality.consistency.label_errors import label_errors
from annotary.quality.consistency.values import Finding, Kind, Seen
from annotary.quality.consistency.values_sparse import LabelErrors, SparsePredictions

SEVERAL = 2
_decode = msgspec.json.Decoder().decode


class Suspect(NamedTuple):
    """A place (among all outcomes looked at) in doubt beside others, and how much (0 to 1)."""

    place: int
    others: list[int]
    score: float


class Gathered:
    """All outcomes looked at, as keys to compare them by, and what was found on the way."""

    def __init__(self, kinds: Sequence[Kind]) -> None:
        self._kinds = frozenset(kinds)
        self._ids = bytearray()
        self._contents = array("Q")
        self._sayings = array("Q")
        self._bands = bytearray()
        self._with_text = array("q")
        self._given: list[tuple[int, int]] = []
        self._entries: list[tuple[int, int, float]] = []
        self.labels: dict[str, int] = {}
        self.found: list[Finding] = []

    def __len__(self) -> int:
        return len(self._contents)

    def ids(self, place: int) -> tuple[UUID, UUID]:
        """Return the task and the outcome at a place."""
        pair = bytes(self._ids[32 * place : 32 * place + 32])
        return UUID(bytes=pair[:16]), UUID(bytes=pair[16:])

    def look(self, page: Sequence[Seen]) -> None:
        """Take in some outcomes."""
        for seen in page:
            place = len(self)
            self._ids += seen.task_id.bytes + seen.outcome_id.bytes
            payload, answer = _decode(seen.payload), _decode(seen.answer)
            self._contents.append(rules.content_key(payload))
            self._sayings.append(rules.saying_key(rules.sayings(answer)))
            text = rules.text_of(payload) if "near_duplicate" in self._kinds else None
            if text is not None:
                self._with_text.append(place)
                self._bands += minhash.bands(minhash.shingles(text)).tobytes()
            if "label_error" in self._kinds:
                self._look_at_predictions(place, answer, seen)
            if "track" in self._kinds and answer.get("tracks"):
                self._look_at_tracks(answer["tracks"], seen)

    def _look_at_predictions(self, place: int, answer: Any, seen: Seen) -> None:
        marks = answer.get("classification") or []
        if len(marks) != 1 or not seen.labels:
            return
        number = len(self._given)
        self._given.append((place, self._number(marks[0]["label"])))
        for label in dict.fromkeys(seen.labels):
            scores = [score for one, score in zip(seen.labels, seen.scores, strict=True) if one == label]
            self._entries.append((number, self._number(label), sum(scores) / len(seen.labels)))

    def _number(self, label: str) -> int:
        return self.labels.setdefault(label, len(self.labels))

    def _look_at_tracks(self, found: Sequence[tracks.Track], seen: Seen) -> None:
        for changed in tracks.label_changes(found):
            self.found.append(
                Finding(
                    kind="track",
                    task_id=seen.task_id,
                    outcome_id=seen.outcome_id,
                    score=changed.score,
                    reason=changed.reason,
                )
            )

    def identical(self) -> list[Suspect]:
        """Return who says something else than most of those with the same content."""
        found = []
        sayings = self._sayings
        for group in rules.groups(np.array(self._contents, np.uint64)):
            for place, others, score in rules.outliers([sayings[one] for one in group]):
                found.append(Suspect(int(group[place]), [int(group[one]) for one in others], score))
        return sorted(found, key=lambda suspect: -suspect.score)

    def nearly_equal(self, pairs_max: int) -> list[tuple[int, int]]:
        """Return pairs of places whose texts may be nearly equal, and that say different things."""
        pairs: set[tuple[int, int]] = set()
        bands = np.frombuffer(bytes(self._bands), np.uint32).reshape(-1, minhash.BANDS)
        for band in bands.T:
            for group in rules.groups(band):
                places = [self._with_text[one] for one in group]
                for place, others, _ in rules.outliers([self._sayings[one] for one in places]):
                    pairs.update((places[place], places[one]) for one in others)
                if len(pairs) >= pairs_max:
                    return sorted(pairs)[:pairs_max]
        same = self._contents
        return sorted(pair for pair in pairs if same[pair[0]] != same[pair[1]])

    def doubted(self) -> tuple[list[int], LabelErrors] | None:
        """Return the places that models were asked about, and which of their labels are likely wrong."""
        if len(self.labels) < SEVERAL or not self._given:
            return None
        given, entries = np.array(self._given, np.int64), np.array(self._entries)
        data = SparsePredictions(
            given=given[:, 1],
            task=entries[:, 0].astype(np.int64),
            label=entries[:, 1].astype(np.int64),
            probability=entries[:, 2],
            classes=len(self.labels),
        )
        return given[:, 0].tolist(), label_errors(data)

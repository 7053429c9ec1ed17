"""How rows and events become steps of a lineage. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from annotary.audit.lineage.values import Answered, Carrying, Proved, Use
from annotary.review.rules_diff import diff

# A row of a table, or an event's data: values by name.
Fields = Any
_HASH = re.compile(r"[0-9a-f]{64}")
_decode = msgspec.json.Decoder().decode


class LogEntry(NamedTuple):
    """An event as it was read; `data` is its JSON, decoded."""

    id: str
    type: str
    subject: UUID
    actor: UUID | None
    time: datetime
    text: str
    proof: Proved
    data: Mapping[str, Any]


class Log:
    """The events around one task. What proves a step is asked for by what it names, and noted as used."""

    def __init__(self, entries: Sequence[LogEntry]) -> None:
        self.entries = list(entries)
        self._used: set[str] = set()

    def naming(self, prefix: str | tuple[str, ...], key: str, id: UUID) -> list[str]:
        """Return the events of some types whose data has this id, alone or in a list, under a key."""
        return self._take(
            one for one in self.entries if one.type.startswith(prefix) and id in ids_in(one.data.get(key))
        )

    def about(self, prefix: str | tuple[str, ...], subject: UUID) -> list[str]:
        """Return the events of some types about a subject."""
        return self._take(
            one for one in self.entries if one.type.startswith(prefix) and one.subject == subject
        )

    def spanning(self, type: str, subject: UUID, id: UUID) -> list[str]:
        """Return the events about a subject that tell of a range of ids with this one in it."""
        return self._take(
            one for one in self.entries if one.type == type and one.subject == subject and spans(one.data, id)
        )

    def told(self, type: str, key: str, value: object) -> list[str]:
        """Return the events of a type whose data has this value under a key."""
        return self._take(one for one in self.entries if one.type == type and one.data.get(key) == value)

    def rest(self, subject: UUID) -> list[str]:
        """Return the events about a subject that prove no step so far."""
        return [one.id for one in self.entries if one.subject == subject and one.id not in self._used]

    def _take(self, found: Iterable[LogEntry]) -> list[str]:
        ids = [one.id for one in found]
        self._used.update(ids)
        return ids


def ids_in(value: Any) -> set[UUID]:
    """Return the ids in a value of an event's data, whether written as inside, as outside, or as a list."""
    if isinstance(value, list):
        return set().union(*map(ids_in, value))
    try:
        return {UUID(value.rpartition("_")[2])}
    except (AttributeError, ValueError):
        return set()


def spans(data: Fields, id: UUID) -> bool:
    """Say whether an event that tells of a range of ids, `first` to `last`, covers this one."""
    ends = [ids_in(data.get(end)) for end in ("first", "last")]
    return all(ends) and min(ends[0]) <= id <= max(ends[1])


def asset_hashes(payload: Any) -> list[str]:
    """Return the assets that an item's payload names, anywhere in it, each once."""
    return list(dict.fromkeys(_assets(payload)))


def _assets(value: Any, key: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _assets(part, name)
    elif isinstance(value, list):
        for part in value:
            yield from _assets(part, key)
    elif key in ("asset", "assets") and isinstance(value, str) and _HASH.fullmatch(value):
        yield value


def words_between(before: str, after: str) -> list[str]:
    """Return in words what differs between two stored answers."""
    return [change.text for change in diff(_decode(before), _decode(after)).changes]


def use_of(prediction: Fields, submission: Fields) -> tuple[Use, list[str]]:
    """Return what became of a prediction in an answer it was shown for, and what was changed."""
    if prediction["content_hash"] == submission["content_hash"]:
        return "accepted", []
    return "edited", words_between(prediction["answer"], submission["answer"])


def whole_use(uses: Sequence[Use], answered: bool) -> Use:
    """Return what became of a prediction over all answers; `waiting` while nobody has answered."""
    if uses:
        return "accepted" if "accepted" in uses else "edited"
    return "unused" if answered else "waiting"


def kinds_of(
    task: UUID,
    submissions: Iterable[Fields],
    outcomes: Iterable[Fields],
    predictions: Iterable[Fields],
    gold: Fields | None,
) -> dict[UUID, Answered]:
    """Return the answers of a chain that a migration or correction may have touched, with what each is."""
    kinds: dict[UUID, Answered] = {row["id"]: "submission" for row in submissions}
    kinds |= {row["id"]: "outcome" for row in outcomes}
    kinds |= {row["id"]: "prediction" for row in predictions}
    return kinds if gold is None else {**kinds, task: "gold"}


class Changed(NamedTuple):
    """An answer before and after one change of it: (content hash, ontology version) each."""

    row: Fields
    before: tuple[bytes, UUID]
    after: tuple[bytes, UUID]


def changed(rows: Sequence[Fields], now: Mapping[UUID, tuple[bytes, UUID]]) -> list[Changed]:
    """Return what each change made of its answer: what the next one found there, or what stands there `now`.

    `rows` hold what was before each change; ids of changes sort by time.
    """
    by_subject: dict[UUID, list[Fields]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row["change_id"]):
        by_subject[row["subject_id"]].append(row)
    found = []
    for subject, mine in by_subject.items():
        befores = [(row["content_hash"], row["ontology_version_id"]) for row in mine]
        for row, before, after in zip(mine, befores, [*befores[1:], now[subject]], strict=True):
            found.append(Changed(row, before, after))
    return sorted(found, key=lambda one: (one.row["change_id"], one.row["subject_id"]))


def carrying(
    accepted_at: datetime, superseded_at: datetime | None, started_at: datetime, ended_at: datetime
) -> Carrying | None:
    """Return how surely a file that was written from one moment to another carries an outcome, if it does.

    An export reads its project while it is written, so what was accepted or replaced meanwhile may be in it.
    """
    if accepted_at > ended_at or (superseded_at is not None and superseded_at < started_at):
        return None
    inside = accepted_at <= started_at and (superseded_at is None or superseded_at > ended_at)
    return "whole" if inside else "perhaps"

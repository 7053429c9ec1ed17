"""What an amendment did to an answer, mark by mark, in words. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from annotary.kernel.limits import DIFF_CHANGES_MAX, DIFF_PAIRS_MAX
from annotary.ontology.pointers import escape
from annotary.review.values import Change, ChangeKind, Diff

Mark = Mapping[str, Any]
# Marks that are less alike than this are not one mark that changed, but one removed and one added.
ALIKE = 0.5
SHOWN_CHARACTERS = 60
PLACELESS = {"label", "attributes"}
_encode = msgspec.json.Encoder(order="deterministic").encode


def diff(before: Mapping[str, Any], after: Mapping[str, Any]) -> Diff:
    """Return what changed between two canonical answers of one ontology version.

    Marks of a list are matched: equal ones first, then those with the same `id`, then the most alike.
    """
    changes: list[Change] = []
    for tool in sorted({*before, *after}):
        one, other = before.get(tool), after.get(tool)
        if one == other:
            continue
        if isinstance(one, list | None) and isinstance(other, list | None):
            changes += _marks(tool, one or [], other or [])
        else:
            changes.append(_single(tool, one, other))
    counts = Counter(change.kind for change in changes)
    return Diff(
        added=counts["added"],
        removed=counts["removed"],
        changed=counts["changed"],
        changes=changes[:DIFF_CHANGES_MAX],
    )


def _single(tool: str, one: Any, other: Any) -> Change:
    """Return the change of what an answer has once: a preference, a flag, the justification."""
    place = f"/{escape(tool)}"
    kind: ChangeKind = "changed" if None not in (one, other) else "added" if one is None else "removed"
    if kind == "changed" and isinstance(one, dict) and isinstance(other, dict):
        fields = _differing(one, other)
        words = ", ".join(f"{name} {_shown(one.get(name))} → {_shown(other.get(name))}" for name in fields)
        return Change(kind=kind, place=place, was=place, fields=fields, text=f"{tool}: {words}")
    words = {"added": _shown(other), "removed": _shown(one)}.get(kind, f"{_shown(one)} → {_shown(other)}")
    return Change(
        kind=kind, place=place, was=place if kind == "changed" else None, text=f"{tool} {kind}: {words}"
    )


def _marks(tool: str, before: Sequence[Mark], after: Sequence[Mark]) -> list[Change]:
    pairs, gone, new = _matched(before, after)
    root = f"/{escape(tool)}"
    found = [_changed(tool, f"{root}/{there}", f"{root}/{here}", before[here], after[there])
             for here, there in pairs]  # fmt: skip
    found += [
        Change(kind="removed", place=f"{root}/{here}", text=f"{tool} removed: {_named(before[here])}")
        for here in gone
    ]
    return found + [
        Change(kind="added", place=f"{root}/{there}", text=f"{tool} added: {_named(after[there])}")
        for there in new
    ]


def _changed(tool: str, place: str, was: str, one: Mark, other: Mark) -> Change:
    fields = _differing(one, other)
    words = ", ".join(f"{name} {_shown(one.get(name))} → {_shown(other.get(name))}" for name in fields)
    return Change(kind="changed", place=place, was=was, fields=fields, text=f"{tool} {_named(one)}: {words}")


def _matched(
    before: Sequence[Mark], after: Sequence[Mark]
) -> tuple[list[tuple[int, int]], list[int], list[int]]:
    """Return pairs of places that changed, places only before, places only after; equal marks drop out."""
    here, there = _unequal(before, after)
    pairs = _same_id(before, after, here, there)
    pairs += _most_alike(before, after, here, there)
    return sorted(pairs, key=lambda pair: pair[1]), sorted(here), sorted(there)


def _unequal(before: Sequence[Mark], after: Sequence[Mark]) -> tuple[set[int], set[int]]:
    waiting: dict[bytes, list[int]] = {}
    for place, mark in enumerate(before):
        waiting.setdefault(_encode(mark), []).append(place)
    there = set()
    for place, mark in enumerate(after):
        same = waiting.get(_encode(mark))
        if same:
            same.pop()
        else:
            there.add(place)
    return {place for places in waiting.values() for place in places}, there


def _same_id(
    before: Sequence[Mark], after: Sequence[Mark], here: set[int], there: set[int]
) -> list[tuple[int, int]]:
    by_id = {before[place]["id"]: place for place in here if "id" in before[place]}
    pairs = [(by_id[after[place]["id"]], place) for place in there if after[place].get("id") in by_id]
    here.difference_update(one for one, _ in pairs)
    there.difference_update(other for _, other in pairs)
    return pairs


def _most_alike(
    before: Sequence[Mark], after: Sequence[Mark], here: set[int], there: set[int]
) -> list[tuple[int, int]]:
    if len(here) * len(there) > DIFF_PAIRS_MAX:
        return []
    alike = sorted(
        (
            (-likeness(before[one], after[other]), one, other)
            for one in sorted(here)
            for other in sorted(there)
        ),
    )
    pairs = []
    # One class in the place of another, with nothing else to know them by, is a change.
    replaced = len(alike) == 1 and all(
        {*mark} <= PLACELESS for mark in (before[alike[0][1]], after[alike[0][2]])
    )
    for score, one, other in alike:
        if (-score >= ALIKE or replaced) and one in here and other in there:
            pairs.append((one, other))
            here.discard(one)
            there.discard(other)
    return pairs


def likeness(one: Mark, other: Mark) -> float:
    """Return how alike two marks are, 0 to 1: the mean over their fields; symmetric."""
    fields = {*one, *other}
    return sum(_likeness(one.get(name), other.get(name)) for name in fields) / max(1, len(fields))


def _likeness(one: Any, other: Any) -> float:
    if one == other:
        return 1.0
    if isinstance(one, bool) or isinstance(other, bool):
        return 0.0
    if isinstance(one, int | float) and isinstance(other, int | float):
        return max(0.0, 1.0 - abs(one - other) / max(abs(one), abs(other)))
    if isinstance(one, list) and isinstance(other, list):
        shared = zip(one, other, strict=False)
        return sum(_likeness(*pair) for pair in shared) / max(len(one), len(other))
    if isinstance(one, dict) and isinstance(other, dict):
        return likeness(one, other)
    return 0.0


def _differing(one: Mark, other: Mark) -> list[str]:
    return [name for name in dict.fromkeys([*one, *other]) if one.get(name) != other.get(name)]


def _named(mark: Mark) -> str:
    """Return what a person would call a mark."""
    if not isinstance(mark, dict):
        return _shown(mark)
    name = _shown(mark.get("label", mark))
    return f"{name} (id {mark['id']})" if "id" in mark else name


def _shown(value: Any) -> str:
    if isinstance(value, list) and len(value) > 4:
        return f"{len(value)} entries"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = "nothing" if value is None else msgspec.json.encode(value).decode()
    return text if len(text) <= SHOWN_CHARACTERS else text[:SHOWN_CHARACTERS] + "…"

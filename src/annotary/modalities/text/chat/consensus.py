"""How ratings of messages are compared and merged: message by message, label by label."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from annotary.modalities.label_type import Context, Merged
from annotary.modalities.marks import in_order
from annotary.modalities.ratings_consensus import median_level
from annotary.modalities.text.chat.checking import Remark, by_place
from annotary.modalities.voting import Weights, is_majority, majority_attributes, mean_share

Remarks = Sequence[Remark]


def agreement(first: Remarks, second: Remarks, context: Context) -> float:
    """Return the mean over the messages that either rated, and there over the labels that either gave.

    Of levels it is 1 less their distance in shares of the scale; 0 for a label that only one of them gave.
    """
    ours, theirs = _by_message(first), _by_message(second)
    messages = sorted(ours.keys() | theirs.keys())
    means = [_message_agreement(ours.get(at, {}), theirs.get(at, {}), context) for at in messages]
    return sum(means) / len(means) if means else 1.0


def merge(values: Sequence[Remarks], context: Context, weights: Weights) -> Merged:
    """Return, for each message, the labels that more than half gave, at the weighted median of their levels.

    Where every question must be answered each is kept. `shares` are the votes behind what was kept, in order.
    """
    votes: dict[tuple[int, str], list[tuple[Remark, float]]] = {}
    for value, weight in zip(values, weights, strict=True):
        for one in value:
            votes.setdefault(by_place(one), []).append((one, weight))
    kept: list[Remark] = []
    shares: dict[tuple[int, str], float] = {}
    sureness: list[float] = []
    for place, given in votes.items():
        share = sum(weight for _, weight in given) / sum(weights)
        asked = context.settings.complete and given[0][0].level is not None
        if not is_majority(share, 1.0) and not asked:
            sureness.append(1 - share)
            continue
        kept.append(_voted(given))
        behind = sum(weight for one, weight in given if one.level == kept[-1].level)
        shares[place] = behind / sum(weights)
        sureness.append(shares[place])
    ordered = in_order(kept, by_place)
    return Merged(ordered, mean_share(sureness), [shares[by_place(one)] for one in ordered])


def _by_message(value: Remarks) -> dict[int, dict[str, int | None]]:
    found: dict[int, dict[str, int | None]] = {}
    for one in value:
        found.setdefault(one.message, {})[one.label] = one.level
    return found


def _message_agreement(
    ours: Mapping[str, int | None], theirs: Mapping[str, int | None], context: Context
) -> float:
    closeness = []
    for label in sorted(ours.keys() | theirs.keys()):
        level, other, scale = ours.get(label), theirs.get(label), context.settings.scale(label)
        if label not in ours or label not in theirs:
            closeness.append(0.0)
        elif level is None or other is None or scale is None:
            closeness.append(1.0)
        else:
            closeness.append(1 - abs(level - other) / (scale.maximum - scale.minimum))
    return sum(closeness) / len(closeness)


def _voted(given: Sequence[tuple[Remark, float]]) -> Remark:
    marks, weights = [one for one, _ in given], [weight for _, weight in given]
    levels = [one.level for one in marks if one.level is not None]
    level = median_level(levels, weights) if levels else None
    return msgspec.structs.replace(marks[0], level=level, attributes=majority_attributes(marks, weights))

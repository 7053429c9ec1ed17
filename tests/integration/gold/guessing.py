"""Somebody who wants to know which tasks are gold, and has all replies to learn from."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
NEIGHBOURS = 9
FOLDS = 6


def numbers_in(value: Any, path: str = "") -> Iterator[tuple[str, float]]:
    """Yield every value of a reply as numbers: what an id, a time, a key or a text can be told by."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from numbers_in(part, f"{path}/{name}")
    elif isinstance(value, list):
        yield f"{path}#", float(len(value))
        for number, part in enumerate(value):
            yield from numbers_in(part, f"{path}/{number}")
    elif isinstance(value, str):
        yield f"{path}:length", float(len(value))
        yield f"{path}:hash", float(zlib.crc32(value.encode()))
        yield from _read(value, path)
    elif value is not None:
        yield path, float(value)


def _read(text: str, path: str) -> Iterator[tuple[str, float]]:
    if found := re.fullmatch(r"[a-z]+_([0-9a-f]{32})", text):
        yield path, float(int(found[1][:24], 16))
        yield f"{path}:end", float(int(found[1][24:], 16))
    elif re.fullmatch(r"\d{4}-\d\d-\d\dT.*", text):
        yield path, datetime.fromisoformat(text).timestamp()
    elif found := re.search(r"(\d+)\D*$", text):
        yield path, float(found[1])


def features(replies: Sequence[list[Any]]) -> tuple[list[str], Numbers]:
    """Return what one person can tell tasks by: (leases, features) of all they were given, as ranks.

    Beside each value there is how far it is from the one before, from the greatest so far and from its
    neighbours, since a task out of its sequence would show by these.
    """
    rows = []
    for leases in replies:
        for place, lease in enumerate(leases):
            row = dict(numbers_in(lease)) | {"place": float(place), "given": float(len(leases))}
            rows.append(row | {"from end": float(len(leases) - place), "number": float(len(rows))})
    names = sorted({name for row in rows for name in row})
    table = np.array([[row.get(name, -1.0) for name in names] for row in rows])
    before = np.vstack([table[:1], table[:-1]])
    after = np.vstack([table[1:], table[-1:]])
    greatest = np.maximum.accumulate(before)
    padded = np.pad(table, ((NEIGHBOURS // 2,) * 2, (0, 0)), mode="reflect")
    near = np.median(np.lib.stride_tricks.sliding_window_view(padded, NEIGHBOURS, axis=0), axis=2)
    kinds = {
        "": table,
        " since": table - before,
        " until": after - table,
        " above all": table - greatest,
        " off": np.abs(table - near),
    }
    columns = np.hstack([_ranks(kind) for kind in kinds.values()])
    return [f"{name}{kind}" for kind in kinds for name in names], columns


def area(score: Numbers, is_gold: NDArray[np.bool_]) -> float:
    """Return how often a gold task scores above another one, ties half: 0.5 is chance."""
    ranks = _ranks(score[:, None])[:, 0] * len(score)
    gold, others = int(is_gold.sum()), int((~is_gold).sum())
    return float((ranks[is_gold].sum() - gold * gold / 2) / (gold * others))


def learned(columns: Numbers, is_gold: NDArray[np.bool_]) -> float:
    """Return the area of a logistic regression over all columns and their squares, each fold judged by what
    was learned from the others.
    """
    usable = columns[:, columns.std(axis=0) > 0]
    table = np.hstack([usable - 0.5, (usable - 0.5) ** 2])
    table = np.hstack([(table - table.mean(axis=0)) / table.std(axis=0), np.ones((len(table), 1))])
    scores, fold = np.zeros(len(table)), np.arange(len(table)) % FOLDS
    for one in range(FOLDS):
        known = fold != one
        scores[~known] = table[~known] @ _fitted(table[known], is_gold[known].astype(float))
    return area(scores, is_gold)


def _fitted(table: Numbers, wanted: Numbers, ridge: float = 30.0) -> Numbers:
    weights = np.zeros(table.shape[1])
    for _ in range(12):
        chance = 1 / (1 + np.exp(-np.clip(table @ weights, -30, 30)))
        curve = (table * (chance * (1 - chance))[:, None]).T @ table + ridge * np.eye(len(weights))
        weights += np.linalg.solve(curve, table.T @ (wanted - chance) - ridge * weights)
    return weights


def _ranks(table: Numbers) -> Numbers:
    """Return each column's ranks as shares of the rows, equals in the middle of theirs."""
    ordered = np.sort(table, axis=0)
    ranks = np.empty_like(table)
    for column in range(table.shape[1]):
        low = np.searchsorted(ordered[:, column], table[:, column], side="left")
        high = np.searchsorted(ordered[:, column], table[:, column], side="right")
        ranks[:, column] = (low + high) / 2 / len(table)
    return ranks

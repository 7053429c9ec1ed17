"""The linear assignment problem: pairing rows with columns at the least total cost."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from annotary.kernel.errors import Invalid, TooLarge
from annotary.kernel.limits import ASSIGNMENT_CELLS_MAX

Floats = NDArray[np.float64]
Indexes = NDArray[np.intp]
_FREE = -1


def assign(costs: ArrayLike) -> tuple[Indexes, Indexes]:
    """Return the rows (sorted) and their columns of the cheapest pairing of min(n, m) rows and columns.

    `costs` is an (n, m) matrix of finite numbers, negative ones too; to find the dearest pairing pass it
    negated. Each row not yet paired searches a shortest augmenting path over reduced costs (Dijkstra), O(n^2
    m) at worst. Source: Jonker & Volgenant (1987), "A shortest augmenting path algorithm for dense and sparse
    linear assignment problems", Computing 38; rectangular as in Crouse (2016), IEEE Trans. AES 52(4). Raises
    `Invalid` for what is no finite matrix, `TooLarge` beyond ASSIGNMENT_CELLS_MAX cells.
    """
    matrix = np.asarray(costs, dtype=np.float64)
    if matrix.ndim != 2:
        raise Invalid(path="costs", found=matrix.shape, expected="a matrix of rows and columns")
    if matrix.size > ASSIGNMENT_CELLS_MAX:
        raise TooLarge(f"costs: found {matrix.size:,} cells, expected at most {ASSIGNMENT_CELLS_MAX:,}.")
    if not np.isfinite(matrix).all():
        raise Invalid(path="costs", found="NaN or an infinity", expected="finite numbers only")
    if matrix.shape[0] > matrix.shape[1]:
        column_of, row_of = assign(matrix.T)
        order = np.argsort(row_of)
        return row_of[order], column_of[order]
    rows = np.arange(matrix.shape[0])
    return rows, _Pairing(matrix).columns() if matrix.size else rows


class _Pairing:
    """A partial pairing with its prices: cost - row price - column price is >= 0, and 0 where paired."""

    def __init__(self, costs: Floats) -> None:
        row_count, column_count = costs.shape
        self.costs = costs
        self.row_price = costs.min(axis=1)
        self.column_price = np.zeros(column_count)
        self.row_of = np.full(column_count, _FREE)
        self.column_of = np.full(row_count, _FREE)

    def columns(self) -> Indexes:
        """Pair all rows: first with their own cheapest columns, as far as these are free."""
        for row, column in enumerate(self.costs.argmin(axis=1).tolist()):
            if self.row_of[column] == _FREE:
                self.row_of[column], self.column_of[row] = row, column
        for row in np.flatnonzero(self.column_of == _FREE).tolist():
            self._pair(row)
        return self.column_of

    def _pair(self, start: int) -> None:
        """Search the cheapest way from a row to a free column, and swap the pairs along it."""
        distance = np.full(len(self.row_of), np.inf)
        came_from = np.full(len(self.row_of), _FREE)
        ahead = distance.copy()
        reached: list[int] = []
        row, base = start, 0.0
        while True:
            candidate = self.costs[row] - self.column_price
            candidate += base - self.row_price[row]
            # Rounding could make a second way to what was reached look shorter, and the ways a circle.
            candidate[reached] = np.inf
            shorter = candidate < distance
            distance[shorter] = ahead[shorter] = candidate[shorter]
            came_from[shorter] = row
            ahead[reached] = np.inf
            base = float(ahead.min())
            nearest = np.flatnonzero(ahead == base)
            free = nearest[self.row_of[nearest] == _FREE]
            if len(free):
                break
            reached.append(int(nearest[0]))
            row = int(self.row_of[nearest[0]])
        slack = base - distance[reached]
        self.row_price[start] += base
        self.row_price[self.row_of[reached]] += slack
        self.column_price[reached] -= slack
        self._swap(start, int(free[0]), came_from)

    def _swap(self, start: int, column: int, came_from: Indexes) -> None:
        row = _FREE
        while row != start:
            row = int(came_from[column])
            self.row_of[column] = row
            self.column_of[row], column = column, int(self.column_of[row])

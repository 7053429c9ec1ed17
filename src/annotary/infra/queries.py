"""Named SQL: an area's `queries.sql` becomes an object with one attribute a query."""

from __future__ import annotations

import re
from importlib import resources

_NAME = re.compile(r"^-- name: (\w+)\s*$", re.MULTILINE)


class Queries:
    """The named queries of one area: `queries.claim_group` is its SQL text."""

    def __init__(self, package: str, text: str) -> None:
        self._package = package
        parts = _NAME.split(text)
        self._queries = {name: sql.strip() for name, sql in zip(parts[1::2], parts[2::2], strict=True)}

    def __getattr__(self, name: str) -> str:
        try:
            return self._queries[name]
        except KeyError:
            raise AttributeError(f"{self._package}/queries.sql has no query named {name!r}") from None

    def names(self) -> list[str]:
        """Return the names of all queries, as they stand in the file."""
        return list(self._queries)


def load(package: str, file: str = "queries.sql") -> Queries:
    """Load the named queries that lie beside an area's code."""
    return Queries(package, resources.files(package).joinpath(file).read_text(encoding="utf-8"))

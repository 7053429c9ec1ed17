"""Rows that a statement must return, lists of rows cut into pages, rows that are swept by the chunk."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from annotary.infra.http import Page, WrongToken, decode_token, encode_token, page_limit, token_id
from annotary.infra.postgres import Row, UnitOfWork
from annotary.kernel.limits import PAGE_ITEMS_MAX

T = TypeVar("T")
# Every number below 10 ** 9 fits an integer of Postgres.
NUMBER_CHARACTERS = 10


async def one(uow: UnitOfWork, query: str, *arguments: Any) -> Row:
    """Run a statement that always returns a row, and return it."""
    row = await uow.fetchrow(query, *arguments)
    assert row is not None, query
    return row


def token_number(token: str | None) -> int | None:
    """Return the number in a token of a list that is ordered by a number."""
    found = decode_token(token)
    if found is None:
        return None
    if not (found[0].isascii() and found[0].isdigit() and len(found[0]) < NUMBER_CHARACTERS):
        raise WrongToken(path="next_token")
    return int(found[0])


async def sweep(step: Callable[[], Awaitable[int]], rows_max: int) -> int:
    """Repeat a step that reaches `rows_max` rows at most until one reaches fewer; returns how many in all."""
    total = count = await step()
    while count == rows_max:
        count = await step()
        total += count
    return total


async def rows_by_id(
    uow: UnitOfWork, query: str, limit: int | None, next_token: str | None, *arguments: Any
) -> tuple[list[Row], str | None]:
    """Return one page of rows of a list ordered by `id`, and the token of the next page; see `page_by_id`."""
    length = page_limit(limit)
    rows = await uow.fetch(query, token_id(next_token), length + 1, *arguments)
    shown = rows[:length]
    return shown, encode_token(shown[-1]["id"].hex) if len(rows) > length else None


async def page_by_id(
    uow: UnitOfWork,
    query: str,
    view: Callable[[Row], T],
    limit: int | None,
    next_token: str | None,
    *arguments: Any,
    length_max: int = PAGE_ITEMS_MAX,
) -> Page[T]:
    """Return one page of a list ordered by `id`.

    The query takes the id to start after ($1, may be null) and the number of rows ($2), then `arguments`.
    `length_max` is for lists of large things: their pages are shorter than was asked for.
    """
    length = min(page_limit(limit), length_max)
    rows, following = await rows_by_id(uow, query, length, next_token, *arguments)
    return Page([view(row) for row in rows], following)

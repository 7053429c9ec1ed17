"""The registry for programs: a version by its id, by its content hash, or by name and number."""

from __future__ import annotations

import re
from typing import NamedTuple

from annotary.identity.values import Caller
from annotary.infra import queries
from annotary.infra.postgres import Row, UnitOfWork
from annotary.kernel.ids import parse_id
from annotary.ontology.errors import UnknownOntologyVersion
from annotary.ontology.service import may_read
from annotary.ontology.store import version_view
from annotary.ontology.views import OntologyVersionView

QUERIES = queries.load(__package__, "registry.sql")
LATEST = "latest"
_HASH = re.compile(r"[0-9a-f]{64}")
_NAMED = re.compile(r"(?P<name>.+)@(?P<number>[1-9][0-9]{0,8}|latest)", re.DOTALL)


class Entry(NamedTuple):
    """A version, and whether what was asked for can ever mean another one (a name may be given anew)."""

    version: OntologyVersionView
    immutable: bool


async def look_up(uow: UnitOfWork, caller: Caller, reference: str) -> Entry:
    """Return a version by `onv_...`, by the 64 digits of its content hash, or by `name@3` or `name@latest`.

    Raises UnknownOntologyVersion where there is none that the caller may see.
    """
    named = _NAMED.fullmatch(reference)
    row = await _find(uow, caller, reference, named)
    if row is None or not await may_read(uow, caller, row):
        raise UnknownOntologyVersion
    return Entry(version_view(row), named is None)


async def _find(uow: UnitOfWork, caller: Caller, reference: str, named: re.Match[str] | None) -> Row | None:
    organisation = caller.organisation_id
    if _HASH.fullmatch(reference):
        return await uow.fetchrow(QUERIES.by_hash, organisation, bytes.fromhex(reference))
    if named is not None:
        number = None if named["number"] == LATEST else int(named["number"])
        return await uow.fetchrow(QUERIES.by_name, organisation, named["name"], number)
    return await uow.fetchrow(QUERIES.by_id, organisation, parse_id("ontology_version", reference))

"""The first owner of an empty installation, and a way back in when every owner token is lost.

Whoever runs these has the database's address, hence everything already: no token is asked for.
"""

from __future__ import annotations

from annotary.identity.service_owner import make_first_owner, make_owner_token
from annotary.infra.postgres import Database
from annotary.infra.settings import Settings


async def ensure_first_owner(settings: Settings) -> str | None:
    """Make an organisation, its owner and a token where there is none; returns the token, this once only."""
    database = await _platform(settings)
    try:
        async with database.transaction() as uow:
            return await make_first_owner(uow)
    finally:
        await database.close()


async def recover_owner_token(settings: Settings) -> str:
    """Make a new token for the oldest owner (the first owner, on an empty installation) and return it."""
    database = await _platform(settings)
    try:
        async with database.transaction() as uow:
            return await make_first_owner(uow) or await make_owner_token(uow)
    finally:
        await database.close()


async def _platform(settings: Settings) -> Database:
    return await Database.connect(settings.database_urls["platform"], "platform", connections_max=1)

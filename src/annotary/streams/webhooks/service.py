"""Webhooks: made, changed, rotated, tested, removed. For the owners and managers of an organisation."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec

from annotary import eventlog
from annotary.eventlog import Event
from annotary.eventlog.registry import TYPES
from annotary.identity import rules as identity_rules
from annotary.identity.errors import UnknownProject
from annotary.identity.values import Caller, Role
from annotary.infra.addresses import read_url
from annotary.infra.http import Page
from annotary.infra.postgres import Row, UnitOfWork
from annotary.infra.rows import one, page_by_id
from annotary.kernel import limits
from annotary.kernel.errors import Invalid, PreconditionFailed
from annotary.kernel.ids import new_id
from annotary.kernel.names import body_id, check_text
from annotary.streams.webhooks import rules
from annotary.streams.webhooks.errors import NotActive, TooManyWebhooks, UnknownWebhook
from annotary.streams.webhooks.store import QUERIES, webhook_view
from annotary.streams.webhooks.values import (
    TESTED,
    NewWebhook,
    Rotation,
    Tested,
    WebhookChange,
    WebhookView,
)


async def add(uow: UnitOfWork, caller: Caller, new: NewWebhook) -> WebhookView:
    """Make a webhook; it is told of what happens from now on."""
    identity_rules.require_role(caller, Role.MANAGER)
    await uow.execute(QUERIES.hold_organisation, caller.organisation_id)
    row = await uow.fetchrow(
        QUERIES.add_webhook,
        new_id(),
        caller.organisation_id,
        *(_url(new.url), _description(new.description), _types(new.event_types)),
        await _projects(uow, caller, new.projects),
        new.state,
        caller.member_id,
        limits.WEBHOOKS_PER_ORGANISATION_MAX,
    )
    if row is None:
        raise TooManyWebhooks(
            f"The organisation has {limits.WEBHOOKS_PER_ORGANISATION_MAX} webhooks already."
        )
    await eventlog.record(uow, _event("webhook.created", row, caller.member_id))
    return webhook_view(row)


async def list_webhooks(
    uow: UnitOfWork, caller: Caller, limit: int | None, next_token: str | None
) -> Page[WebhookView]:
    """Return the webhooks of the organisation."""
    identity_rules.require_role(caller, Role.MANAGER)
    return await page_by_id(
        uow, QUERIES.webhooks_page, webhook_view, limit, next_token, caller.organisation_id
    )


async def read(uow: UnitOfWork, caller: Caller, webhook_id: UUID) -> Row:
    """Return the row of a webhook that the caller manages."""
    return await _row(uow, caller, webhook_id, QUERIES.webhook)


async def change(
    uow: UnitOfWork, caller: Caller, webhook_id: UUID, wanted: WebhookChange, version: int | None
) -> WebhookView:
    """Change a webhook. What waits is tried anew; set to active, a disabled one goes on where it stopped."""
    row = await _hold(uow, caller, webhook_id, version)
    given = {
        name: value
        for name in wanted.__struct_fields__
        if (value := getattr(wanted, name)) is not msgspec.UNSET
    }
    changed = await one(
        uow,
        QUERIES.change_webhook,
        webhook_id,
        _url(given["url"]) if "url" in given else row["url"],
        _description(given["description"]) if "description" in given else row["description"],
        _types(given["event_types"]) if "event_types" in given else row["event_types"],
        await _projects(uow, caller, given["projects"]) if "projects" in given else row["projects"],
        given.get("state", "paused" if row["state"] == "disabled" else row["state"]),
    )
    await eventlog.record(uow, _event("webhook.changed", changed, caller.member_id))
    return webhook_view(changed)


async def rotate(uow: UnitOfWork, caller: Caller, webhook_id: UUID, wanted: Rotation) -> WebhookView:
    """Give a webhook a new secret; the one before signs as well for a while."""
    seconds = rules.overlap_seconds(wanted.overlap_hours)
    await _hold(uow, caller, webhook_id, None)
    rotated = await one(uow, QUERIES.rotate_webhook, webhook_id, seconds)
    await eventlog.record(uow, _event("webhook.rotated", rotated, caller.member_id))
    return webhook_view(rotated)


async def test(uow: UnitOfWork, caller: Caller, webhook_id: UUID) -> Tested:
    """Send a message that tells nothing, in the way of all others; returns the id of its event."""
    row = await _hold(uow, caller, webhook_id, None)
    if row["state"] != "active":
        raise NotActive
    await eventlog.record(uow, _event(TESTED, row, caller.member_id))
    return Tested(f"platform.{await uow.fetchval(QUERIES.recorded)}")


async def remove(uow: UnitOfWork, caller: Caller, webhook_id: UUID, version: int | None) -> WebhookView:
    """Remove a webhook: nothing more is sent, and what waited is dropped."""
    row = await _hold(uow, caller, webhook_id, version)
    removed = await one(uow, QUERIES.remove_webhook, webhook_id)
    await eventlog.record(uow, _event("webhook.removed", removed, caller.member_id))
    return webhook_view(row)


async def disable(uow: UnitOfWork, webhook_id: UUID, version: int, reason: str) -> None:
    """Send nothing more to a receiver that is gone; no effect on a webhook that was changed meanwhile."""
    row = await uow.fetchrow(QUERIES.disable_webhook, webhook_id, version, reason)
    if row is not None:
        await eventlog.record(uow, _event("webhook.disabled", row, None, reason=reason))


async def _hold(uow: UnitOfWork, caller: Caller, webhook_id: UUID, version: int | None) -> Row:
    row = await _row(uow, caller, webhook_id, QUERIES.hold_webhook)
    if version is not None and version != row["version"]:
        raise PreconditionFailed
    return row


async def _row(uow: UnitOfWork, caller: Caller, webhook_id: UUID, query: str) -> Row:
    identity_rules.require_role(caller, Role.MANAGER)
    row: Row | None = await uow.fetchrow(query, caller.organisation_id, webhook_id)
    if row is None:
        raise UnknownWebhook
    return row


def _url(url: str) -> str:
    return str(read_url(url))


def _description(text: str) -> str:
    characters_max = limits.WEBHOOK_DESCRIPTION_CHARACTERS_MAX
    return check_text(text, "/description", characters_max, may_be_empty=True)


def _types(wanted: Sequence[str]) -> list[str]:
    return rules.check_event_types(wanted, {name for name, _ in TYPES})


async def _projects(uow: UnitOfWork, caller: Caller, projects: Sequence[str]) -> list[UUID]:
    if len(projects) > limits.WEBHOOK_PROJECTS_MAX:
        expected = f"at most {limits.WEBHOOK_PROJECTS_MAX} projects"
        raise Invalid(path="/projects", found=f"{len(projects)} projects", expected=expected)
    ids = [body_id("project", text, f"/projects/{number}") for number, text in enumerate(projects)]
    there = {row["id"] for row in await uow.fetch(QUERIES.projects_there, caller.organisation_id, ids)}
    for number, project_id in enumerate(ids):
        if project_id not in there:
            raise UnknownProject(path=f"/projects/{number}")
    return list(dict.fromkeys(ids))


def _event(kind: str, row: Row, by: UUID | None, **more: str) -> Event:
    return eventlog.fact(kind, row, by, {"version": row["version"], "state": row["state"], **more})

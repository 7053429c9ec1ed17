"""HTTP of webhooks, on the platform: made, changed, rotated, tested, removed. For owners and managers."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
from litestar import Response, delete, get, patch, post
from litestar.params import FromPath, FromQuery, JSONBody

from annotary.identity import rules as access
from annotary.identity.service import authenticate
from annotary.identity.values import Caller, Role
from annotary.infra.addresses import AddressRefused, checked_address, public_or_in, read_url
from annotary.infra.http import Page, Request, database, etag, if_match, write
from annotary.infra.settings import Settings
from annotary.kernel.ids import parse_id
from annotary.kernel.limits import WEBHOOK_LOOKUP_SECONDS_MAX
from annotary.streams.webhooks import rules_signing, service
from annotary.streams.webhooks.store import webhook_view
from annotary.streams.webhooks.values import (
    NewWebhook,
    Rotation,
    Tested,
    WebhookChange,
    WebhookMade,
    WebhookView,
)


@post("/v1/webhooks")
async def add_webhook(request: Request, data: JSONBody[NewWebhook]) -> Response[WebhookMade]:
    """Make a webhook: an address outside that is told of events. Its secret is shown in this reply only."""
    caller = await authenticate(request)
    await _check_reachable(request, caller, data.url)
    kept: Response[Any] = await write(
        request, caller.member_id, lambda uow: service.add(uow, caller, data), status=201
    )
    return _shown(request, kept)


@get("/v1/webhooks")
async def list_webhooks(
    request: Request, limit: FromQuery[int | None] = None, next_token: FromQuery[str | None] = None
) -> Page[WebhookView]:
    """List the webhooks of the organisation."""
    caller = await authenticate(request)
    async with database(request).connection() as uow:
        return await service.list_webhooks(uow, caller, limit, next_token)


@get("/v1/webhooks/{webhook:str}")
async def read_webhook(request: Request, webhook: FromPath[str]) -> Response[WebhookView]:
    """Return a webhook, without its secret."""
    caller = await authenticate(request)
    async with database(request).connection() as uow:
        row = await service.read(uow, caller, parse_id("webhook", webhook))
    return Response(webhook_view(row), headers=etag(row["version"]))


@patch("/v1/webhooks/{webhook:str}")
async def change_webhook(
    request: Request, webhook: FromPath[str], data: JSONBody[WebhookChange]
) -> Response[WebhookView]:
    """Change a webhook, pause it, or set it going again: it goes on where it stopped."""
    caller = await authenticate(request)
    webhook_id = parse_id("webhook", webhook)
    if data.url is not msgspec.UNSET:
        await _check_reachable(request, caller, data.url)
    return await write(
        request,
        caller.member_id,
        lambda uow: service.change(uow, caller, webhook_id, data, if_match(request)),
        headers=lambda view: etag(view.version),
    )


@delete("/v1/webhooks/{webhook:str}", status_code=200)
async def remove_webhook(request: Request, webhook: FromPath[str]) -> Response[WebhookView]:
    """Remove a webhook; what waited for it is dropped."""
    caller = await authenticate(request)
    webhook_id = parse_id("webhook", webhook)
    return await write(
        request, caller.member_id, lambda uow: service.remove(uow, caller, webhook_id, if_match(request))
    )


@post("/v1/webhooks/{webhook:str}/rotate", status_code=200)
async def rotate_webhook(
    request: Request, webhook: FromPath[str], data: JSONBody[Rotation]
) -> Response[WebhookMade]:
    """Make a new secret, shown in this reply only. The one before signs as well for `overlap_hours`."""
    caller = await authenticate(request)
    webhook_id = parse_id("webhook", webhook)
    kept: Response[Any] = await write(
        request, caller.member_id, lambda uow: service.rotate(uow, caller, webhook_id, data)
    )
    return _shown(request, kept)


@post("/v1/webhooks/{webhook:str}/test", status_code=202)
async def test_webhook(request: Request, webhook: FromPath[str]) -> Response[Tested]:
    """Send a `webhook.tested` message in the way of all others; its delivery says what became of it."""
    caller = await authenticate(request)
    webhook_id = parse_id("webhook", webhook)
    return await write(
        request, caller.member_id, lambda uow: service.test(uow, caller, webhook_id), status=202
    )


async def _check_reachable(request: Request, caller: Caller, url: str) -> None:
    """Refuse at once what would be refused at every try: an address that is private, or not known.

    Names are looked up for managers only: what a look-up says of a network is nobody else's.
    """
    access.require_role(caller, Role.MANAGER)
    allow = public_or_in(_settings(request).webhook_private_networks)
    parsed = read_url(url)
    try:
        async with asyncio.timeout(WEBHOOK_LOOKUP_SECONDS_MAX):
            await checked_address(parsed, allow)
    except TimeoutError:
        raise AddressRefused(
            path="/url", found=parsed.host, expected="a host whose name can be looked up"
        ) from None


def _shown(request: Request, kept: Response[Any]) -> Response[WebhookMade]:
    """Return a reply with the secret, which the kept reply of a repeated request does not hold."""
    view = msgspec.json.decode(kept.content, type=WebhookView)
    signing_key = _settings(request).signing_key
    secret = rules_signing.secret(signing_key, parse_id("webhook", view.id), view.secret_number)
    return Response(WebhookMade(view, secret), status_code=kept.status_code, headers=kept.headers)


def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


ROUTES = [
    add_webhook,
    list_webhooks,
    read_webhook,
    change_webhook,
    remove_webhook,
    rotate_webhook,
    test_webhook,
]

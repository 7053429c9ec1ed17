"""Nothing private is reached: not by number in any notation, not by name, not by a name that changes."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from annotary.infra.addresses import is_public, public_or_in
from integration.webhooks.conftest import Stand
from integration.webhooks.receiver import receiving

PUBLIC = "93.184.216.34"
# One address, and notations of it; and names that have it, alone or beside a public one.
PRIVATE = (
    "127.0.0.1",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "127.1",
    "0.0.0.0",
    "localhost",
    "mixed.example",
)


def answers(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[str]:
    """Let names have addresses, one after the other; returns what was asked for."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def look_up(host: str, port: int, *rest: Any, **more: Any) -> Any:
        if not host.endswith(".example"):
            return real(host, port, *rest, **more)
        asked.append(host)
        given = addresses[min(len(asked), len(addresses)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in given.split()]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return asked


async def test_nothing_private_is_reached(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    stand.allow = is_public
    answers(monkeypatch, f"{PUBLIC} 127.0.0.1")
    async with receiving() as receiver:
        webhooks = {host: await stand.webhook(f"http://{host}:{receiver.port}/") for host in PRIVATE}
        (event,) = await stand.tell(1)
        await stand.until(stand.at_rest)
        for host, webhook in webhooks.items():
            row = (await stand.deliveries(webhook))[event]
            # However often it was tried: on a slow machine the first of them is due again by now.
            assert (row["state"], row["code"]) == ("waiting", None) and row["tries"] >= 1, host
            assert "not public" in row["reason"], host
        assert receiver.connections == 0


async def test_a_name_that_changes_gains_nothing(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    # The first answer is allowed; all later ones are not.
    async with receiving() as allowed, receiving(host="127.0.0.2") as forbidden:
        asked = answers(monkeypatch, "127.0.0.1", "127.0.0.2")
        webhook = await stand.webhook(f"http://changing.example:{allowed.port}/")
        other = await stand.webhook(f"http://changing.example:{forbidden.port}/")
        stand.allow = public_or_in(["127.0.0.1/32"])
        told = await stand.tell(2)
        await stand.until(stand.at_rest)
        # One look for each try, and the connection goes to that very answer.
        rows = [row for one in (webhook, other) for row in (await stand.deliveries(one)).values()]
        assert len(asked) == sum(row["tries"] for row in rows) == 2 * len(told)
        assert forbidden.connections == 0 and allowed.connections <= 1


async def test_a_redirect_is_not_followed(stand: Stand) -> None:
    async with receiving(host="127.0.0.2") as inside:
        moved = f"HTTP/1.1 307 Moved\r\nLocation: {inside.url}\r\nContent-Length: 0\r\n\r\n".encode()
        async with receiving(lambda _: moved) as receiver:
            webhook = await stand.webhook(receiver.url)
            (event,) = await stand.tell(1)
            await stand.until(stand.at_rest)
            row = (await stand.deliveries(webhook))[event]
            assert row["code"] == 307 and "redirects are not followed" in row["reason"]
            assert row["state"] == "waiting" and inside.connections == 0


def test_what_the_operator_allows_is_that_alone() -> None:
    import ipaddress

    allow = public_or_in(["10.1.0.0/16", "fd00:1::/64"])
    address = ipaddress.ip_address
    for inside in ("10.1.2.3", "::ffff:10.1.2.3", "fd00:1::5", PUBLIC, "2606:2800:220:1::1"):
        assert allow(address(inside)), inside
    for outside in (
        "10.2.0.1",
        "::ffff:10.2.0.1",
        "127.0.0.1",
        "fd00:2::1",
        "169.254.169.254",
        "64:ff9b::a01:203",
    ):
        assert not allow(address(outside)), outside

"""Requests to addresses that others name: they reach nothing private, unless the operator allows it.

The name is resolved here, every address it has must be allowed, and the connection goes to the one that was
checked, so that a name which answers differently the second time (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import httpx

from annotary.kernel.errors import Invalid
from annotary.kernel.limits import URL_CHARACTERS_MAX

PORTS = {"http": 80, "https": 443}
EXPECTED = "an http or https address of a public host"
# Ranges that carry an address of version 4 within one of version 6, which may be private.
_CARRIERS = [
    ipaddress.ip_network(text) for text in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")
]

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Allow = Callable[[Address], bool]
# What the system's resolver says of a host and a port: see socket.getaddrinfo.
Lookup = Callable[[str, int], Awaitable[Sequence[tuple[Any, ...]]]]


class AddressRefused(Invalid):
    """This address may not be asked by the server."""

    code = "address_refused"


def is_public(address: Address) -> bool:
    """Say whether an address is of the internet at large: not private, loopback, link-local or multicast."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if any(address in carrier for carrier in _CARRIERS):
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def public_or_in(networks: Sequence[str]) -> Allow:
    """Return what allows public addresses, and those of networks such as `10.1.0.0/16` besides."""
    known = [ipaddress.ip_network(text) for text in networks]

    def allow(address: Address) -> bool:
        plain = getattr(address, "ipv4_mapped", None) or address
        return is_public(address) or any(plain in network for network in known)

    return allow


def read_url(url: str) -> httpx.URL:
    """Return an address in its parts; raises AddressRefused unless it is one of http with a host alone."""
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        parsed = httpx.URL("")
    if len(url) > URL_CHARACTERS_MAX or parsed.scheme not in PORTS or not parsed.host or parsed.userinfo:
        raise AddressRefused(path="/url", found=url, expected=EXPECTED)
    return parsed


async def checked_address(parsed: httpx.URL, allow: Allow, lookup: Lookup | None = None) -> Address:
    """Return an address of the host; raises AddressRefused unless all that it has are allowed."""
    port = parsed.port or PORTS[parsed.scheme]
    try:
        found = await (lookup or _looked_up)(parsed.host, port)
    except (OSError, UnicodeError):
        raise AddressRefused(path="/url", found=parsed.host, expected=EXPECTED) from None
    addresses = [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    if not addresses or not all(allow(address) for address in addresses):
        raise AddressRefused(path="/url", found=parsed.host, expected=EXPECTED)
    return addresses[0]


async def checked_request(
    client: httpx.AsyncClient,
    method: str,
    url: str,
    allow: Allow,
    *,
    lookup: Lookup | None = None,
    headers: Mapping[str, str] | None = None,
    content: bytes | None = None,
) -> httpx.Request:
    """Return a request to the very address that was checked, with the host's name in its headers."""
    parsed = read_url(url)
    address = await checked_address(parsed, allow, lookup)
    return client.build_request(
        method,
        parsed.copy_with(host=str(address)),
        headers={
            **(headers or {}),
            "Host": parsed.netloc.decode("ascii"),
            "Accept-Encoding": "identity",
        },
        content=content,
        extensions={"sni_hostname": parsed.raw_host.decode("ascii")},
    )


async def _looked_up(host: str, port: int) -> Sequence[tuple[Any, ...]]:
    return await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)

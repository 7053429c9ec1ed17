"""Reads a public address for its bytes, and reaches nothing that is not public.

The name is resolved here, every address it has must be public, and the connection goes to the one that was
checked, so that a name which answers differently the second time (DNS rebinding) gains nothing. Every
redirect is checked in the same way.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Callable
from typing import IO, NamedTuple
from urllib.parse import urljoin

import httpx
from blake3 import blake3

from annotary.catalog.errors import AddressRefused
from annotary.kernel import limits
from annotary.kernel.errors import Invalid, TooLarge

TIMEOUT_SECONDS = 15.0
READ_BYTES = 256 * 1024
PORTS = {"http": 80, "https": 443}
EXPECTED = "an http or https address of a public host"
# Ranges that carry an address of version 4 within one of version 6, which may be private.
_CARRIERS = [
    ipaddress.ip_network(text) for text in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")
]

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Allow = Callable[[Address], bool]


class Fetched(NamedTuple):
    """What an address gave: the BLAKE3 hash of its bytes, their number, and what it calls them."""

    digest: bytes
    size_bytes: int
    media_type: str | None


def is_public(address: Address) -> bool:
    """Say whether an address is of the internet at large: not private, loopback, link-local or multicast."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if any(address in carrier for carrier in _CARRIERS):
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


async def fetch(
    url: str, into: IO[bytes], allow: Allow = is_public, bytes_max: int = limits.REFERENCE_BYTES_MAX
) -> Fetched:
    """Write the bytes at an address into a file; raises AddressRefused, TooLarge or Invalid."""
    async with httpx.AsyncClient(trust_env=False, follow_redirects=False, timeout=TIMEOUT_SECONDS) as client:
        for _ in range(limits.REFERENCE_REDIRECTS_MAX + 1):
            request = await _request(client, url, allow)
            try:
                response = await client.send(request, stream=True)
                try:
                    if response.is_redirect:
                        url = urljoin(url, response.headers["location"])
                        continue
                    return await _read(response, into, bytes_max)
                finally:
                    await response.aclose()
            except httpx.HTTPError as error:
                expected = "an address that can be read"
                raise Invalid(
                    path="/url", found=f"{url}: {type(error).__name__} {error}", expected=expected
                ) from None
    raise AddressRefused(
        path="/url", found=url, expected=f"at most {limits.REFERENCE_REDIRECTS_MAX} redirects"
    )


async def _request(client: httpx.AsyncClient, url: str, allow: Allow) -> httpx.Request:
    """Return a request to the very address that was checked, with the host's name in its headers."""
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        parsed = httpx.URL("")
    if (
        len(url) > limits.URL_CHARACTERS_MAX
        or parsed.scheme not in PORTS
        or not parsed.host
        or parsed.userinfo
    ):
        raise AddressRefused(path="/url", found=url, expected=EXPECTED)
    address = await _resolve(parsed.host, parsed.port or PORTS[parsed.scheme], allow)
    return client.build_request(
        "GET",
        parsed.copy_with(host=str(address)),
        headers={"Host": parsed.netloc.decode("ascii"), "Accept-Encoding": "identity"},
        extensions={"sni_hostname": parsed.raw_host.decode("ascii")},
    )


async def _resolve(host: str, port: int, allow: Allow) -> Address:
    """Return an address of the host; raises AddressRefused unless all that it has are allowed."""
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise AddressRefused(path="/url", found=host, expected=EXPECTED) from None
    addresses = [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    if not addresses or not all(allow(address) for address in addresses):
        raise AddressRefused(path="/url", found=host, expected=EXPECTED)
    return addresses[0]


async def _read(response: httpx.Response, into: IO[bytes], bytes_max: int) -> Fetched:
    if response.status_code != 200:
        raise Invalid(path="/url", found=f"the answer {response.status_code}", expected="the answer 200")
    if response.headers.get("content-encoding", "identity") != "identity":
        raise Invalid(path="/url", found="a compressed answer", expected="the bytes themselves")
    hasher, size_bytes = blake3(), 0
    async for piece in response.aiter_raw(READ_BYTES):
        size_bytes += len(piece)
        if size_bytes > bytes_max:
            raise TooLarge(f"/url: more than {bytes_max} bytes.", path="/url")
        hasher.update(piece)
        await asyncio.to_thread(into.write, piece)
    into.flush()
    return Fetched(hasher.digest(), size_bytes, response.headers.get("content-type"))

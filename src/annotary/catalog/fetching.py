"""Reads a public address for its bytes, and reaches nothing that is not public.

Every redirect is checked as the first address was: see `infra/addresses.py`.
"""

from __future__ import annotations

import asyncio
from typing import IO, NamedTuple
from urllib.parse import urljoin

import httpx
from blake3 import blake3

from annotary.infra.addresses import AddressRefused, Allow, checked_request, is_public
from annotary.kernel import limits
from annotary.kernel.errors import Invalid, TooLarge

TIMEOUT_SECONDS = 15.0
READ_BYTES = 256 * 1024


class Fetched(NamedTuple):
    """What an address gave: the BLAKE3 hash of its bytes, their number, and what it calls them."""

    digest: bytes
    size_bytes: int
    media_type: str | None


async def fetch(
    url: str, into: IO[bytes], allow: Allow = is_public, bytes_max: int = limits.REFERENCE_BYTES_MAX
) -> Fetched:
    """Write the bytes at an address into a file; raises AddressRefused, TooLarge or Invalid."""
    async with httpx.AsyncClient(trust_env=False, follow_redirects=False, timeout=TIMEOUT_SECONDS) as client:
        for _ in range(limits.REFERENCE_REDIRECTS_MAX + 1):
            request = await checked_request(client, "GET", url, allow)
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

"""One try: a message sent to one receiver, within limits of time and size, to nothing that is not public."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx

import annotary
from annotary.infra.addresses import AddressRefused, Allow, checked_request
from annotary.kernel import limits
from annotary.kernel.clock import Clock, Monotonic, monotonic_seconds, system_clock
from annotary.streams.webhooks import rules
from annotary.streams.webhooks.values import Answer, Signed

READ_BYTES = 16 * 1024


class Sender:
    """Sends to one receiver, over connections of its own.

    Its name is looked up in a thread of its own: a resolver that hangs over one name holds up no other.
    """

    def __init__(
        self,
        allow: Allow,
        tls: ssl.SSLContext,
        *,
        clock: Clock = system_clock,
        monotonic: Monotonic = monotonic_seconds,
        seconds_max: float = limits.WEBHOOK_TRY_SECONDS_MAX,
    ) -> None:
        self._allow = allow
        self._clock = clock
        self._monotonic = monotonic
        self._seconds_max = seconds_max
        self._looking = ThreadPoolExecutor(1, thread_name_prefix="webhook-name")
        self._http = httpx.AsyncClient(
            trust_env=False,
            follow_redirects=False,
            verify=tls,
            timeout=seconds_max,
            limits=httpx.Limits(max_keepalive_connections=limits.WEBHOOK_TRIES_AT_ONCE_MAX),
            headers={"User-Agent": f"Annotary-Webhooks/{annotary.__version__}"},
        )

    async def send(self, url: str, message: Signed) -> Answer:
        """Send a message once and return what it came to; never raises but when it is cancelled."""
        begun = self._monotonic()
        try:
            async with asyncio.timeout(self._seconds_max):
                code, headers = await self._asked(url, message)
        except AddressRefused:
            return self._failed(begun, "the address is not known, or not public")
        except (TimeoutError, httpx.TimeoutException):
            return self._failed(begun, f"no whole answer within {self._seconds_max:g} s")
        except Exception as error:
            return self._failed(begun, f"{type(error).__name__}: {error}".removesuffix(": "))
        return rules.read_answer(code, headers, self._monotonic() - begun, self._clock())

    async def close(self) -> None:
        """Close the connections."""
        self._looking.shutdown(wait=False, cancel_futures=True)
        with contextlib.suppress(Exception):
            await self._http.aclose()

    async def _asked(self, url: str, message: Signed) -> tuple[int, Mapping[str, str]]:
        """Return the answer's code and headers once it has come whole, or as far as anybody needs."""
        request = await checked_request(
            self._http,
            "POST",
            url,
            self._allow,
            lookup=self._look_up,
            headers=message.headers,
            content=message.body,
        )
        response = await self._http.send(request, stream=True)
        try:
            size_bytes = 0
            async for piece in response.aiter_raw(READ_BYTES):
                size_bytes += len(piece)
                if size_bytes > limits.WEBHOOK_ANSWER_BYTES_MAX:
                    break
        finally:
            await response.aclose()
        return response.status_code, response.headers

    def _failed(self, begun: float, wrong: str) -> Answer:
        return Answer(None, self._monotonic() - begun, wrong)

    async def _look_up(self, host: str, port: int) -> Sequence[tuple[Any, ...]]:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._looking, _addresses, host, port)


def _addresses(host: str, port: int) -> Sequence[tuple[Any, ...]]:
    return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)

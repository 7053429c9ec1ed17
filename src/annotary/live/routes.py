"""The WebSocket of a service. What is said on it is in docs/api.md."""

from __future__ import annotations

from typing import Any, cast

from litestar import WebSocket, websocket

from annotary.identity.rules_sessions import require_own_origin
from annotary.identity.service import authenticate
from annotary.infra.asgi import PROBLEM, Message, Receive, Send, send_reply
from annotary.infra.problems import reply_to
from annotary.infra.telemetry import LIVE_ENDED
from annotary.kernel.errors import AnnotaryError, Unauthenticated
from annotary.live.service import Live
from annotary.live.service_connection import Connection
from annotary.live.values import Closing

Socket = WebSocket[Any, Any, Any]


@websocket("/live")
async def listen(socket: Socket) -> None:
    """Serve one tab for as long as it listens."""
    live = cast(Live, socket.app.state.live)
    try:
        live.require_room()
        if socket.headers.get("origin") is not None:
            require_own_origin(socket.headers["origin"], socket.headers.get("host"))
        caller = await authenticate(socket)
    except Unauthenticated:
        # A browser tells a page nothing of a refused handshake: this it must know, to sign in again.
        await _send_away(socket, Closing.UNAUTHENTICATED)
        return
    except AnnotaryError as error:
        await _refuse(socket, error)
        return
    if (why := live.unwanted(caller)) is not None:
        await _send_away(socket, why)
        return
    connection = Connection(
        cast(Receive, socket.receive),
        cast(Send, socket.send),
        caller,
        check=lambda: authenticate(socket),
        allow=live.allow,
        monotonic=live.monotonic,
    )
    with live.listening(connection):
        await socket.accept()
        await connection.run(live.obey)


async def _send_away(socket: Socket, why: Closing) -> None:
    LIVE_ENDED.labels(why.name.lower()).inc()
    await socket.accept()
    await socket.close(int(why), why.name.lower().replace("_", " "))


async def _refuse(socket: Socket, error: AnnotaryError) -> None:
    """Answer the handshake as any request that is refused."""
    LIVE_ENDED.labels("refused").inc()
    code, headers, body = reply_to(error, socket.scope["path"], "")

    async def send(message: Message) -> None:
        await socket.send(cast(Any, {**message, "type": f"websocket.{message['type']}"}))

    await socket.receive()
    await send_reply(send, code, body, PROBLEM, headers)


ROUTES = [listen]

"""Free ports on the loopback address."""

from __future__ import annotations

import secrets
import socket

LOOPBACK = "127.0.0.1"
_LOWEST = 20_000
# From here on Linux gives ports to outgoing connections: a server that starts again may find its own taken.
_EPHEMERAL = 32_768
_held: dict[int, socket.socket] = {}


def is_free(port: int, host: str = LOOPBACK) -> bool:
    """Whether a server could listen on this port now."""
    with socket.socket() as probe:
        # As servers do: a connection in TIME_WAIT does not make a port taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except (OSError, OverflowError):
            return False
        return True


def choose(wanted: int = 0, host: str = LOOPBACK, taken: frozenset[int] = frozenset()) -> int:
    """Return `wanted` when it is free, else any free port that is not in `taken`.

    The port is ours until this process ends: another installation that starts at the same moment chooses
    another one, although nobody listens on this one yet.
    """
    if wanted and wanted not in taken and is_free(wanted, host) and _hold(wanted):
        return wanted
    while True:
        port = _LOWEST + secrets.randbelow(_EPHEMERAL - _LOWEST)
        if port not in taken and is_free(port, host) and _hold(port):
            return port


def _hold(port: int) -> bool:
    """Take the name of a port; servers may share one (SO_REUSEPORT), so binding it says nothing."""
    if port in _held:
        return True
    name = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    try:
        name.bind(f"\0annotary-port-{port}")
    except OSError:
        name.close()
        return False
    _held[port] = name
    return True

"""A port is chosen once, also by two installations that start at the same moment."""

from __future__ import annotations

import subprocess
import sys

from annotary.infra.embedded import ports

CHOOSE = "import sys; from annotary.infra.embedded import ports; print(ports.choose(int(sys.argv[1])))"


def chosen_elsewhere(port: int) -> int:
    done = subprocess.run(
        [sys.executable, "-c", CHOOSE, str(port)], capture_output=True, text=True, check=True
    )
    return int(done.stdout)


def test_a_chosen_port_is_not_chosen_again_by_another_process() -> None:
    port = ports.choose()
    assert ports.is_free(port), "nobody listens on it yet"
    assert ports.choose(port) == port, "it is ours"
    assert chosen_elsewhere(port) != port


def test_a_port_in_use_or_taken_is_not_chosen() -> None:
    import socket

    with socket.socket() as server:
        server.bind((ports.LOOPBACK, 0))
        server.listen(1)
        port = server.getsockname()[1]
        assert ports.choose(port) != port
    free = ports.choose()
    assert ports.choose(free, taken=frozenset({free})) != free

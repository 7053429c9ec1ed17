"""What the tests of bounded calls run in the child."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from annotary.kernel.errors import Invalid


def echo(file: io.RawIOBase, argument: Any) -> Any:
    return {"file": (file.read() or b"").decode(), "argument": argument}


def burn(file: io.RawIOBase, argument: Any) -> None:
    while True:
        pass


def sleep(file: io.RawIOBase, argument: str) -> None:
    """Sleep, with a child of its own that writes its process id where it is told."""
    command = "import os, sys, time; open(sys.argv[1], 'w').write(str(os.getpid())); time.sleep(600)"
    subprocess.Popen([sys.executable, "-c", command, argument])
    time.sleep(600)


def eat(file: io.RawIOBase, argument: Any) -> int:
    return len(bytearray(4 << 30))


def fill(file: io.RawIOBase, argument: str) -> int:
    return Path(argument).write_bytes(b"x" * (1 << 20))


def talk(file: io.RawIOBase, argument: Any) -> str:
    print("noise on standard output")
    return "y" * (1 << 21)


def die(file: io.RawIOBase, argument: Any) -> None:
    os._exit(0)


def refuse(file: io.RawIOBase, argument: Any) -> None:
    raise Invalid(path="/here", found=argument, expected="something else")


def environment(file: io.RawIOBase, argument: Any) -> list[str]:
    return sorted(os.environ)

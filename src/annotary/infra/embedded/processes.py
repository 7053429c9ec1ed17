"""Starting child processes that never outlive us, with their output in a log file."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NoReturn

_LIBC = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_CLONE_NEWUSER = 0x10000000


def die_with_parent(parent: int, number: int = signal.SIGKILL) -> None:
    """Ask the kernel to send this process a signal when its parent `parent` ends, however it ends."""
    if sys.platform == "linux":
        _LIBC.prctl(_PR_SET_PDEATHSIG, number)
        if os.getppid() != parent:
            os.kill(os.getpid(), number)


def adopt_orphans() -> None:
    """Become the parent of grandchildren whose own parent died, so that none is left behind as a zombie."""
    if sys.platform == "linux":
        _LIBC.prctl(_PR_SET_CHILD_SUBREAPER, 1)


def enter_user_namespace(inside: int) -> None:
    """Move this process into a user namespace in which its own user has the id `inside`.

    Raises OSError where the kernel or the container refuses it.
    """
    user, group = os.geteuid(), os.getegid()
    if _LIBC.unshare(_CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "user namespaces are refused here")
    for file, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{inside} {user} 1"),
        ("gid_map", f"{inside} {group} 1"),
    ):
        Path(f"/proc/self/{file}").write_text(text, encoding="ascii")


def fork(program: Callable[[], object], *, log: Path | None, death_signal: int = signal.SIGKILL) -> int:
    """Run `program` in a child of our own and return its process id; it exits 0, or 1 when it raises.

    The child has a session of its own, so that Ctrl-C in the terminal reaches the parent only.
    """
    parent = os.getpid()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    pid = os.fork()
    if not pid:
        _in_child(program, log, parent, death_signal)
    return pid


def _in_child(program: Callable[[], object], log: Path | None, parent: int, death_signal: int) -> NoReturn:
    code = 1
    try:
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        os.setsid()
        die_with_parent(parent, death_signal)
        if log is not None:
            _redirect(log)
        program()
        code = 0
    except SystemExit as request:
        code = request.code if isinstance(request.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError, ValueError):
                stream.flush()
        os._exit(code)


def execute(
    arguments: Sequence[str | Path],
    *,
    log: Path | None,
    death_signal: int = signal.SIGKILL,
    environment: Mapping[str, str] | None = None,
    prepare: Callable[[], None] | None = None,
) -> int:
    """Run a program in a child of our own and return its process id. `prepare` runs in the child first."""
    parent = os.getpid()

    def program() -> None:
        if prepare is not None:
            prepare()
            # A change of user takes the request away.
            die_with_parent(parent, death_signal)
        os.execve(arguments[0], [str(part) for part in arguments], dict(environment or os.environ))

    return fork(program, log=log, death_signal=death_signal)


def wait(pid: int) -> int:
    """Wait for a child to end; returns its exit status, negative for a signal."""
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)


def start_ticks(pid: int) -> int | None:
    """When a process was started, in ticks since boot, or None when it is gone: ids are used again."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return None
    state, *fields = text.rpartition(")")[2].split()
    return None if state == "Z" else int(fields[18])


def _redirect(log: Path) -> None:
    out = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC)
    for target, source in ((0, nothing), (1, out), (2, out)):
        os.dup2(source, target)
    os.close(out)
    os.close(nothing)

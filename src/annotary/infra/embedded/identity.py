"""As whom Postgres runs: it refuses root, so root gives it a user namespace, or else another user."""

from __future__ import annotations

import functools
import os
import pwd
from collections.abc import Callable
from pathlib import Path

import msgspec

from annotary.infra.embedded import processes
from annotary.kernel.errors import Unavailable


class Identity(msgspec.Struct, frozen=True):
    """`become` is run in the child; `user` and `group` must own the data files, as seen from here."""

    user: int
    group: int
    become: Callable[[], None] | None


def server_identity() -> Identity:
    """Return as whom the embedded Postgres runs on this machine."""
    user, group = os.geteuid(), os.getegid()
    if user != 0:
        return Identity(user, group, None)
    inside = _ordinary_user()
    if _namespaces_work(inside.pw_uid):
        return Identity(user, group, functools.partial(processes.enter_user_namespace, inside.pw_uid))
    nobody = pwd.getpwnam("nobody")
    become = functools.partial(_become_user, nobody.pw_uid, nobody.pw_gid)
    return Identity(nobody.pw_uid, nobody.pw_gid, become)


def own(folder: Path, identity: Identity) -> None:
    """Give a folder and all in it to the identity; the folders above it must let the identity through."""
    if folder.stat().st_uid == identity.user:
        return
    for root, folders, files in os.walk(folder):
        for name in (".", *folders, *files):
            os.chown(Path(root) / name, identity.user, identity.group, follow_symlinks=False)
    folder.parent.chmod(folder.parent.stat().st_mode | 0o011)
    closed = [str(above) for above in folder.absolute().parents if not above.stat().st_mode & 0o001]
    if closed:
        raise Unavailable(
            "Postgres cannot run as root, and user namespaces are refused here, so it runs as nobody, "
            f"who cannot reach {', '.join(closed)}. Choose a --data-dir whose parent folders everybody "
            "may enter, or run `annotary up` as a normal user."
        )


def _become_user(user: int, group: int) -> None:
    os.setgroups([])
    os.setgid(group)
    os.setuid(user)


def _ordinary_user() -> pwd.struct_passwd:
    """Return some user that is not root: Postgres wants its user to have a name."""
    return min((entry for entry in pwd.getpwall() if entry.pw_uid), key=lambda entry: entry.pw_uid)


def _namespaces_work(inside: int) -> bool:
    enter = functools.partial(processes.enter_user_namespace, inside)
    return processes.wait(processes.fork(enter, log=Path(os.devnull))) == 0

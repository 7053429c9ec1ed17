"""Sessions: their secrets, the cookie that carries them, and which requests a cookie may speak for. Pure."""

from __future__ import annotations

import hmac
import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from hashlib import sha256
from urllib.parse import urlsplit

from annotary.identity.errors import ForeignRequest

COOKIE = "annotary_session"
MARK = "x-annotary-request"
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
_PREFIX = b"ans_"
_NOISE_BYTES = 20
_SEAL_BYTES = 12
_SESSION = re.compile(rb"ans_[A-Za-z0-9_-]{43}")
_SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac OS X", "CrOS", "Linux")
_BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)


def new_session(signing_key: bytes) -> str:
    """Return a new secret: `ans_` and 43 base64url characters, 160 random bits and a seal of 96.

    By the seal every service knows a secret that was given out from one that was made up, without asking its
    database: only for the former it is worth waiting that the copy of a session just begun arrives.
    """
    noise = secrets.token_bytes(_NOISE_BYTES)
    return (_PREFIX + urlsafe_b64encode(noise + _seal(signing_key, noise)).rstrip(b"=")).decode()


def is_session(secret: bytes, signing_key: bytes) -> bool:
    """Say whether this is a secret that was given out with this key, whether or not it is still good."""
    if _SESSION.fullmatch(secret) is None:
        return False
    sealed = urlsafe_b64decode(secret[len(_PREFIX) :] + b"=")
    return hmac.compare_digest(_seal(signing_key, sealed[:_NOISE_BYTES]), sealed[_NOISE_BYTES:])


def session_hash(secret: bytes) -> bytes:
    """Return the 32 bytes that are stored instead of a session.

    They are others than those of a token with the same characters, so that neither is ever found in the
    other's place, in a table or in a cache.
    """
    return sha256(b"session\0" + secret).digest()


def session_in(headers: Iterable[tuple[bytes, bytes]]) -> bytes | None:
    """Return what the session's cookie holds, or None without one."""
    wanted = COOKIE.encode()
    for name, value in headers:
        if name == b"cookie":
            for pair in value.split(b";"):
                key, _, held = pair.strip().partition(b"=")
                if key == wanted:
                    return held
    return None


def require_own_page(mark: str | None, origin: str | None, host: str | None) -> None:
    """Raise ForeignRequest unless a write with a cookie comes from a page of this very address.

    A page of another origin cannot set the mark (a header that needs CORS, which is never allowed), and a
    browser says the truth in `Origin`.
    """
    if mark is None:
        raise ForeignRequest(f"A request that relies on the session's cookie needs the header `{MARK}: 1`.")
    if origin is not None:
        require_own_origin(origin, host)


def require_own_origin(origin: str | None, host: str | None) -> None:
    """Raise ForeignRequest unless `Origin` names the host that was asked."""
    if origin is None or not host or _host_of(origin) != host.lower():
        raise ForeignRequest(
            f"Origin: found {origin!r}, expected the address that was asked, {host!r}. A proxy in front must "
            "pass the Host header on."
        )


def is_secure(domain: str, origin: str | None) -> bool:
    """Say whether the browser came by TLS: the installation's own, or that of a proxy in front of it."""
    return bool(domain) or (origin or "").lower().startswith("https://")


def own_address(domain: str, origin: str | None, host: str | None) -> str:
    """Return the address under which people reach this installation, as far as a request tells."""
    if domain:
        return f"https://{domain}"
    if origin and host and _host_of(origin) == host.lower():
        return origin.lower()
    return f"http://{host}"


def browser_name(user_agent: str | None) -> str:
    """Return words by which somebody knows a session again, such as `Firefox on Linux`."""
    agent = user_agent or ""
    browser = next((name for sign, name in _BROWSERS if sign in agent), "Browser")
    system = next((name for name in _SYSTEMS if name in agent), "")
    return f"{browser} on {system}" if system else browser


def _seal(signing_key: bytes, noise: bytes) -> bytes:
    assert signing_key, "sealing needs a key"
    return hmac.digest(signing_key, b"session\0" + noise, "sha256")[:_SEAL_BYTES]


def _host_of(origin: str) -> str:
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""

"""Passwords: which are refused, how they are kept, and how often one may be tried. Pure."""

from __future__ import annotations

import hmac
import unicodedata
from hashlib import scrypt
from ipaddress import IPv6Address, ip_address, ip_network
from typing import NamedTuple

from annotary.kernel import limits
from annotary.kernel.errors import Invalid

SALT_BYTES = 16
HASH_BYTES = 32
# What is left of a password without the member's own words must still be worth guessing.
_LEFT_CHARACTERS_MIN = 6
_DISTINCT_CHARACTERS_MIN = 4
# From the top of published lists of leaked passwords: those that are long enough to pass otherwise.
_LIST = """
1234567890 0123456789 0987654321 9876543210 12345678910 123456789012 1234512345 1122334455
123123123123 1234567891 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx3edc q1w2e3r4t5 q1w2e3r4t5y6 qwertyuiop
qwertyuiop123 qwerty12345 qwerty123456 qwertyqwerty asdfghjkl123 asdfghjkl; zxcvbnm123 qazwsxedcrfv
abcdefghij abcdefghijk abcd123456 abc1234567 a123456789 a1234567890 aa12345678 password12
password123 password1234 password12345 passwordpassword mypassword password01 passw0rd123
p@ssw0rd123 p@ssword123 iloveyou12 iloveyou123 iloveyou1234 iloveyouforever letmein123 letmein1234
welcome123 welcome1234 welcome12345 admin12345 admin123456 administrator changeme123 changemenow
sunshine123 princess123 football123 baseball123 superman123 batman12345 trustno1trustno1 dragon12345
monkey12345 michael123 jordan23jordan starwars123 whatever123 computer123 internet123 basketball
liverpool123 manchester chocolate1 strawberry california unbelievable correcthorsebatterystaple
"""
COMMONEST = frozenset(_LIST.split())


class Cost(NamedTuple):
    """What one scrypt takes: `cost` (a power of two) x 128 x `block_size` bytes, `parallelism` times over."""

    cost: int
    block_size: int
    parallelism: int


class Kept(NamedTuple):
    """What is kept of a password."""

    salt: bytes
    hash: bytes
    cost: Cost


class Attempts(NamedTuple):
    """How often a key may try: `attempts` at once, one of them forgiven every `seconds`."""

    key: bytes
    seconds: float
    attempts: int


COST = Cost(limits.PASSWORD_COST, limits.PASSWORD_BLOCK_SIZE, limits.PASSWORD_PARALLELISM)
# What an unknown e-mail's password is compared with, so that it takes as long as a known one's.
NOBODYS = Kept(bytes(SALT_BYTES), bytes(HASH_BYTES), COST)


def check_password(password: str, *words: str | None) -> str:
    """Return the password; raises Invalid when it is too short or one of the first to be tried.

    There are no rules of composition: they make passwords worse (NIST SP 800-63B, section 3.1.1.2).
    """
    length = len(password)
    if not limits.PASSWORD_CHARACTERS_MIN <= length <= limits.PASSWORD_CHARACTERS_MAX:
        bounds = f"{limits.PASSWORD_CHARACTERS_MIN} to {limits.PASSWORD_CHARACTERS_MAX}"
        raise Invalid(path="/password", found=f"{length} characters", expected=f"{bounds} characters")
    folded = _folded(password)
    if folded in COMMONEST or len(set(folded)) < _DISTINCT_CHARACTERS_MIN:
        raise Invalid("/password: this is among the first that anybody tries.", path="/password")
    for word in words:
        if word and len(folded.replace(_folded(word), "")) < _LEFT_CHARACTERS_MIN and _folded(word) in folded:
            raise Invalid("/password: it says little more than your name or e-mail.", path="/password")
    return password


def own_words(email: str | None, name: str | None) -> tuple[str | None, ...]:
    """Return the words that a member's password must not consist of."""
    return email, (email or "").partition("@")[0], name, "annotary"


def digest(password: str, salt: bytes, cost: Cost) -> bytes:
    """Return the scrypt of a password (RFC 7914): a fifth of a second of one core, 32 MiB."""
    return scrypt(
        unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass"),
        salt=salt,
        n=cost.cost,
        r=cost.block_size,
        p=cost.parallelism,
        maxmem=128 * cost.block_size * (cost.cost + cost.parallelism + 2),
        dklen=HASH_BYTES,
    )


def attempts_of(signing_key: bytes, email: str, address: str) -> list[Attempts]:
    """Return what an attempt counts for: this e-mail from this address, the e-mail, the address.

    The first is the strictest, so that a stranger who guesses does not shut the member out.
    """
    email = _folded(email.strip())
    return [
        _attempts(signing_key, f"both\0{email}\0{address}", limits.SIGN_IN_ATTEMPTS_BOTH_MAX),
        _attempts(signing_key, f"email\0{email}", limits.SIGN_IN_ATTEMPTS_EMAIL_MAX),
        _attempts(signing_key, f"address\0{address}", limits.SIGN_IN_ATTEMPTS_ADDRESS_MAX),
    ]


def caller_address(forwarded: str | None, peer: str) -> str:
    """Return the address a request comes from, as the edge saw it; of IPv6 the network of 64 bits."""
    text = (forwarded or "").rpartition(",")[2].strip() or peer
    try:
        found = ip_address(text)
    except ValueError:
        return peer
    return str(ip_network((found, 64), strict=False)) if isinstance(found, IPv6Address) else str(found)


def _attempts(signing_key: bytes, text: str, attempts: int) -> Attempts:
    key = hmac.digest(signing_key, f"attempts\0{text}".encode("utf-8", "surrogatepass"), "sha256")
    return Attempts(key, limits.SIGN_IN_WINDOW_SECONDS / attempts, attempts)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()

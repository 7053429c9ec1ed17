"""The key that signs segments and heads: a file that only its owner reads, made at its first use."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from annotary.eventlog.chain.errors import BadKey
from annotary.eventlog.chain.rules import key_id

FILE = "audit.key"
VARIABLE = "ANNOTARY_AUDIT_KEY"


class SigningKey(NamedTuple):
    """A key with the name that is made from its public half."""

    id: str
    public: bytes
    private: Ed25519PrivateKey

    def sign(self, statement: bytes) -> bytes:
        """Return the 64 bytes of an Ed25519 signature (RFC 8032)."""
        return self.private.sign(statement)


def key_file(data_dir: Path, environment: Mapping[str, str] | None = None) -> Path:
    """Return where the key lies: in the data folder, or where `ANNOTARY_AUDIT_KEY` says."""
    env = os.environ if environment is None else environment
    return Path(env.get(VARIABLE) or data_dir / "keys" / FILE)


def signing_key(file: Path) -> SigningKey:
    """Return the key in a file (PEM, PKCS #8); makes it where there is none, once, whoever comes first."""
    if not file.exists():
        _make(file)
    try:
        private = serialization.load_pem_private_key(file.read_bytes(), None)
    except (ValueError, TypeError):
        private = None
    if not isinstance(private, Ed25519PrivateKey):
        raise BadKey(
            f"{file}: found no Ed25519 private key in PEM, expected one. Put the right file there, or "
            "take it away: then a new one is made; its public half still checks what it signed."
        )
    public = private.public_key().public_bytes_raw()
    return SigningKey(key_id(public), public, private)


def public_key(text: str) -> bytes:
    """Return the 32 bytes of a public key given as 64 hexadecimal digits, or as the name of a file in PEM."""
    with contextlib.suppress(ValueError):
        if len(raw := bytes.fromhex(text)) == 32:
            return raw
    try:
        found = serialization.load_pem_public_key(Path(text).read_bytes())
    except (ValueError, OSError):
        found = None
    if not isinstance(found, Ed25519PublicKey):
        raise BadKey(
            f"{text}: found no Ed25519 public key, expected 64 hexadecimal digits or a file in PEM. "
            "`annotary audit keys` shows those of an installation."
        )
    return found.public_bytes_raw()


def _make(file: Path) -> None:
    private = Ed25519PrivateKey.generate()
    text = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    own = file.with_name(f".{file.name}.{os.getpid()}.{private.public_key().public_bytes_raw().hex()[:8]}")
    handle = os.open(own, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        # A link is made whole or not at all, and by one of those who try at once.
        with contextlib.suppress(FileExistsError):
            os.link(own, file)
    finally:
        own.unlink()

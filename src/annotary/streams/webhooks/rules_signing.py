"""Secrets of webhooks, and signatures with them: Standard Webhooks 1.0, and GitHub's header beside it. Pure.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import hmac
from base64 import b64decode, b64encode
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

PREFIX = "whsec_"
# Structured mode of CloudEvents over HTTP.
MEDIA_TYPE = "application/cloudevents+json; charset=utf-8"


def secret(signing_key: bytes, webhook_id: UUID, number: int) -> str:
    """Return a webhook's `number`-th secret: 256 bits that need the installation's key.

    So no table holds a secret, and a repeated request shows the same one.
    """
    assert signing_key, "deriving needs a key"
    text = f"webhook\0{webhook_id.hex}\0{number}".encode()
    return PREFIX + b64encode(hmac.digest(signing_key, text, "sha256")).decode()


def secrets_now(
    signing_key: bytes, webhook_id: UUID, number: int, former_until: datetime | None, now: datetime
) -> list[str]:
    """Return the secrets that sign now, the newest first: two while the former one still does."""
    numbers = [number, number - 1] if former_until is not None and now < former_until else [number]
    return [secret(signing_key, webhook_id, one) for one in numbers]


def headers(message_id: str, at: datetime, body: bytes, secrets: Sequence[str]) -> dict[str, str]:
    """Return the headers of a message: its id, when it is sent, and a signature with each secret.

    `X-Hub-Signature-256` has room for one: that of the newest secret, whose text is its key.
    """
    seconds = str(int(at.timestamp()))
    signed = b".".join((message_id.encode(), seconds.encode(), body))
    signatures = (hmac.digest(b64decode(one.removeprefix(PREFIX)), signed, "sha256") for one in secrets)
    return {
        "Content-Type": MEDIA_TYPE,
        "webhook-id": message_id,
        "webhook-timestamp": seconds,
        "webhook-signature": " ".join(f"v1,{b64encode(one).decode()}" for one in signatures),
        "X-Hub-Signature-256": "sha256=" + hmac.digest(secrets[0].encode(), body, "sha256").hex(),
    }

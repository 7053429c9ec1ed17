"""Proofs that events are in the log, and erasing what an event says."""

from __future__ import annotations

from typing import Any

import msgspec

from annotary.client.transport import Transport


class Redaction(msgspec.Struct):
    """An event whose content was erased; `leaf` is the hash by which it still stands in the chain."""

    event: str
    type: str
    reason: str
    leaf: str


class Audit:
    """What an auditor asks about single events; an event id is `<service>.<sequence>`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def proof(self, event: str) -> dict[str, Any]:
        """Return the inclusion proof of an event. For managers."""
        return self._transport.read(f"{_path(event)}/proof", dict[str, Any])

    def redact(self, event: str, reason: str) -> Redaction:
        """Erase what an event says. For owners."""
        return self._transport.write("POST", f"{_path(event)}/redact", Redaction, {"reason": reason})


def _path(event: str) -> str:
    service, _, sequence = event.partition(".")
    return f"/v1{'' if service == 'platform' else '/' + service}/events/{sequence}"

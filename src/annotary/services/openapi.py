"""The services' descriptions of their APIs (OpenAPI 3.1), without running any of them."""

from __future__ import annotations

from typing import Any

from litestar import Litestar
from litestar.serialization import default_serializer, encode_json

from annotary.infra.gate import Gate
from annotary.infra.settings import SERVICES, Settings
from annotary.kernel.errors import Invalid
from annotary.services.modality import modality_application
from annotary.services.platform import platform_application


def describe(service: str) -> bytes:
    """Return as JSON what `/schema/{service}/openapi.json` answers; `Invalid` for a service there is not."""
    if service not in SERVICES:
        raise Invalid(
            path="service", found=service, expected=" or ".join(SERVICES), hint="Name one of the services."
        )
    settings = Settings()
    gate = (
        platform_application(settings) if service == "platform" else modality_application(service, settings)
    )
    return encode_json(_framework(gate).openapi_schema.to_schema(), serializer=default_serializer)


def _framework(gate: Gate) -> Litestar:
    """Return what the gate and the direct routes are wrapped around."""
    app: Any = gate
    while not isinstance(app, Litestar):
        app = app.app
    return app

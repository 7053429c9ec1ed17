"""An item as it is shown to whoever works on it: assets inside become signed, expiring URLs."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from annotary.catalog.rules import sign_asset_url
from annotary.kernel.limits import ASSET_URL_SECONDS_MAX

_decode = msgspec.json.Decoder(dict[str, object]).decode
_encode = msgspec.json.Encoder().encode


def shown_payload(signing_key: bytes, organisation_id: UUID, payload: str, until: datetime) -> msgspec.Raw:
    """Return an item's payload; what names an asset gets a `url` that works a while longer than the lease.

    So what was drawn while the lease ran out is still seen, and a renewed lease does not lose its video.
    """
    if '"asset"' not in payload:
        return msgspec.Raw(payload.encode())
    fields = _decode(payload)
    asset = fields.get("asset")
    if isinstance(asset, str):
        fields["url"] = sign_asset_url(
            signing_key, organisation_id, asset, int(until.timestamp()) + ASSET_URL_SECONDS_MAX
        )
    return msgspec.Raw(_encode(fields))

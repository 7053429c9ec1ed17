"""What an item of the image modality carries."""

from __future__ import annotations

from typing import Annotated

import msgspec

Pixels = Annotated[int, msgspec.Meta(ge=1)]


class ImageItem(msgspec.Struct, frozen=True):
    """One image: the content hash of its bytes and its size in pixels, as displayed."""

    asset: str
    width: Pixels
    height: Pixels
    url: str | None = None
    media_type: str | None = None

"""Looks into images. Runs only in the bounded child process: nothing else imports Pillow."""

from __future__ import annotations

import io
import warnings
from typing import Any

from annotary.infra.bounded import Unreadable
from annotary.kernel.limits import IMAGE_PIXELS_MAX, IMAGE_SIDE_PIXELS_MAX

IMAGE_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF")
ORIENTATION = 0x0112
SIDEWAYS = (5, 6, 7, 8)


def image_facts(raw: io.RawIOBase, media_type: str) -> dict[str, Any]:
    """Return the fields of ImageFacts; every pixel is decoded, so a file that is cut short is refused."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = IMAGE_PIXELS_MAX
    with warnings.catch_warnings():
        # Pillow warns at its limit and refuses at twice that; at our limit it ends.
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        image = Image.open(io.BufferedReader(raw), formats=IMAGE_FORMATS)
        width, height = image.size
        if max(width, height) > IMAGE_SIDE_PIXELS_MAX or width * height > IMAGE_PIXELS_MAX:
            expected = f"at most {IMAGE_SIDE_PIXELS_MAX} a side and {IMAGE_PIXELS_MAX} in all"
            raise Unreadable(path="/", found=f"{width} x {height} pixels", expected=expected)
        orientation = image.getexif().get(ORIENTATION, 1)
        image.load()
    orientation = orientation if isinstance(orientation, int) and 1 <= orientation <= 8 else 1
    if orientation in SIDEWAYS:
        width, height = height, width
    return {
        "media_type": Image.MIME[image.format or ""],
        "width": width,
        "height": height,
        "orientation": orientation,
        "frame_count": getattr(image, "n_frames", 1),
    }

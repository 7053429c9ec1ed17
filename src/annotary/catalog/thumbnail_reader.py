"""Makes small pictures of images and videos. Runs only in the bounded child process."""

from __future__ import annotations

import base64
import io
import warnings
from typing import TYPE_CHECKING

from annotary.catalog.probe_reader import IMAGE_FORMATS
from annotary.catalog.video_opening import opened
from annotary.infra.bounded import Unreadable
from annotary.kernel.limits import IMAGE_PIXELS_MAX, THUMBNAIL_QUALITY, THUMBNAIL_SIDE_PIXELS

if TYPE_CHECKING:
    from PIL.Image import Image

_SMALL = (THUMBNAIL_SIDE_PIXELS, THUMBNAIL_SIDE_PIXELS)


def thumbnail(raw: io.RawIOBase, media_type: str) -> str:
    """Return an image, or a video's first frame, as a small WebP file in base64."""
    picture = _first_frame(raw) if media_type.startswith("video/") else _image(raw)
    picture.thumbnail(_SMALL)
    out = io.BytesIO()
    picture.convert("RGB").save(out, "WEBP", quality=THUMBNAIL_QUALITY)
    return base64.b64encode(out.getvalue()).decode()


def _image(raw: io.RawIOBase) -> Image:
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = IMAGE_PIXELS_MAX
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        image = Image.open(io.BufferedReader(raw), formats=IMAGE_FORMATS)
        # A JPEG is decoded at an eighth of its size where that is enough.
        image.draft("RGB", (2 * THUMBNAIL_SIDE_PIXELS, 2 * THUMBNAIL_SIDE_PIXELS))
        image.load()
    turned = ImageOps.exif_transpose(image)
    return turned if turned.mode in ("RGB", "L") else turned.convert("RGBA")


def _first_frame(raw: io.RawIOBase) -> Image:
    from PIL import Image

    with opened(raw) as container:
        for frame in container.decode(video=0):
            picture = Image.fromarray(frame.to_ndarray(format="rgb24"))
            return picture.rotate(frame.rotation, expand=True) if frame.rotation else picture
    raise Unreadable(path="/", found="no frame", expected="a video with a frame to show")

"""HTTP of the frames of videos: the frame table, and strips of pictures."""

from __future__ import annotations

import gzip
from typing import Any

from litestar import Response, get
from litestar.params import FromPath, FromQuery

from annotary.catalog import rules, service_assets, service_thumbnails
from annotary.catalog.frame_table import TABLE_MEDIA_TYPE
from annotary.catalog.routes_assets import objects, settings
from annotary.catalog.service_frames import Frames
from annotary.catalog.strip_cache import StripCache
from annotary.infra.http import Request, database
from annotary.infra.postgres import Row
from annotary.kernel.clock import system_clock
from annotary.kernel.limits import THUMBNAILS_KEPT_BYTES_MAX, VIDEO_STRIPS_KEPT_BYTES_MAX


def frames(request: Request) -> Frames:
    """Return where frames of videos are found."""
    cache = StripCache(settings(request).data_dir / "cache" / "strips", VIDEO_STRIPS_KEPT_BYTES_MAX)
    return Frames(objects(request), settings(request).asset_roots, cache)


@get("/v1/assets/{hash:str}/frames")
async def read_frames(
    request: Request,
    hash: FromPath[str],
    organisation: FromQuery[str],
    expires: FromQuery[str],
    signature: FromQuery[str],
) -> Response[Any]:
    """Return the frame table of a video, to whoever has a signed address of its content (with its query).

    Which packet holds which displayed frame, where it lies in the file, and what a decoder must be told:
    with ranges of the content that is enough to show any frame exactly.
    """
    row = await _signed(request, hash, organisation, expires, signature)
    headers = rules.content_headers(hash, TABLE_MEDIA_TYPE)
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(b"", status_code=304, headers=headers)
    encoded = await frames(request).table(row)
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
    else:
        encoded = gzip.decompress(encoded)
    headers["Vary"] = "Accept-Encoding"
    return Response(encoded, headers=headers, media_type=TABLE_MEDIA_TYPE)


@get("/v1/assets/{hash:str}/frames/strips/{number:int}")
async def read_strip(
    request: Request,
    hash: FromPath[str],
    number: FromPath[int],
    organisation: FromQuery[str],
    expires: FromQuery[str],
    signature: FromQuery[str],
) -> Response[Any]:
    """Return a strip: pictures of the next `strip_frames` frames from number * strip_frames on, decoded here.

    For browsers that cannot decode the video themselves. First how many there are, then the size of each in
    bytes (unsigned, 32 bits, the greatest byte first), then as many JPEG files.
    """
    row = await _signed(request, hash, organisation, expires, signature)
    strip = await frames(request).strip(row, number)
    headers = rules.content_headers(f"{hash}-{number}", "application/octet-stream")
    del headers["Accept-Ranges"]
    return Response(strip, headers=headers, media_type="application/octet-stream")


@get("/v1/assets/{hash:str}/thumbnail")
async def read_thumbnail(
    request: Request,
    hash: FromPath[str],
    organisation: FromQuery[str],
    expires: FromQuery[str],
    signature: FromQuery[str],
) -> Response[Any]:
    """Return a small WebP picture of an image or a video's first frame, to whoever has a signed address."""
    row = await _signed(request, hash, organisation, expires, signature)
    headers = rules.content_headers(f"{hash}-thumbnail", service_thumbnails.MEDIA_TYPE)
    del headers["Accept-Ranges"]
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(b"", status_code=304, headers=headers)
    cache = StripCache(settings(request).data_dir / "cache" / "thumbnails", THUMBNAILS_KEPT_BYTES_MAX)
    picture = await service_thumbnails.thumbnail(row, frames(request), cache)
    return Response(picture, headers=headers, media_type=service_thumbnails.MEDIA_TYPE)


async def _signed(request: Request, hash: str, organisation: str, expires: str, signature: str) -> Row:
    now_seconds = system_clock().timestamp()
    key = settings(request).signing_key
    organisation_id = rules.check_asset_url(key, organisation, hash, expires, signature, now_seconds)
    async with database(request).connection() as uow:
        return await service_assets.find_asset(uow, organisation_id, hash)


ROUTES = [read_frames, read_strip, read_thumbnail]

"""Decisions about assets: their keys, signed addresses, chunks, byte ranges, media types. Pure."""

from __future__ import annotations

import hmac
import re
from uuid import UUID

from annotary.catalog.errors import AddressExpired, BadSignature
from annotary.kernel import limits
from annotary.kernel.errors import Invalid, TooLarge

HASH_CHARACTERS = 64
_HASH = re.compile(r"[0-9a-f]{64}")
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*")
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
# What a browser may show without running anything that stands in it.
_SHOWN = ("image/", "video/", "audio/", "text/plain")
_RUNS = ("image/svg+xml",)


class UnsatisfiableRange(Exception):
    """The range lies outside the bytes there are."""


def asset_key(digest: bytes) -> str:
    """Return the key under which an asset's bytes are stored: `assets/<2 hex>/<hash>`."""
    text = digest.hex()
    return f"assets/{text[:2]}/{text}"


def frames_key(digest: bytes) -> str:
    """Return the key under which the frame table of a video is kept: beside the asset, by the same hash."""
    text = digest.hex()
    return f"frames/{text[:2]}/{text}.json.gz"


def chunks_prefix(upload_id: UUID) -> str:
    """Return what the keys of an upload's chunks begin with."""
    return f"uploads/{upload_id.hex}"


def chunk_key(upload_id: UUID, number: int, digest: bytes) -> str:
    """Return the key of a chunk. Other bytes have another key, so that what is being read never changes."""
    return f"{chunks_prefix(upload_id)}/{number:06d}-{digest.hex()}"


def read_hash(text: str, path: str = "/hash") -> bytes:
    """Return the 32 bytes of a BLAKE3 hash in hexadecimal; raises Invalid."""
    if not _HASH.fullmatch(text):
        raise Invalid(path=path, found=text, expected="a BLAKE3 hash: 64 hexadecimal digits in lower case")
    return bytes.fromhex(text)


def read_media_type(text: str | None, path: str = "/media_type") -> str:
    """Return a media type without its parameters, in lower case; raises Invalid."""
    clean = (text or "application/octet-stream").split(";")[0].strip().lower()
    if len(clean) > limits.MEDIA_TYPE_CHARACTERS_MAX or not _MEDIA_TYPE.fullmatch(clean):
        raise Invalid(path=path, found=text, expected="a media type such as image/png")
    return clean


def sign_asset_url(key: bytes, organisation_id: UUID, hash: str, expires_at: int) -> str:
    """Return the path that serves an asset to whoever has it, until `expires_at` (seconds since 1970)."""
    organisation = organisation_id.hex
    signature = _signature(key, organisation, hash, str(expires_at))
    return f"/v1/assets/{hash}/content?organisation={organisation}&expires={expires_at}&signature={signature}"


def check_asset_url(
    key: bytes, organisation: str, hash: str, expires: str, signature: str, now_seconds: float
) -> UUID:
    """Return the organisation that a signed address speaks for; raises BadSignature or AddressExpired."""
    expected = _signature(key, organisation, hash, expires)
    if not hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace")):
        raise BadSignature
    if now_seconds >= int(expires):
        raise AddressExpired
    return UUID(hex=organisation)


def _signature(key: bytes, organisation: str, hash: str, expires: str) -> str:
    assert key, "signing needs a key"
    text = f"asset\0{organisation}\0{hash}\0{expires}".encode("utf-8", "replace")
    return hmac.digest(key, text, "sha256").hex()


def chunks_of(size_bytes: int, chunk_bytes: int) -> int:
    """Return how many chunks a file of this size has."""
    return -(-size_bytes // chunk_bytes)


def check_upload_size(size_bytes: int) -> int:
    """Return the size of a file to be uploaded; raises when it is empty or too large."""
    if size_bytes < 1:
        raise Invalid(path="/size_bytes", found=size_bytes, expected="at least 1 byte")
    if size_bytes > limits.UPLOAD_BYTES_MAX:
        raise TooLarge(
            f"/size_bytes: {size_bytes}, expected at most {limits.UPLOAD_BYTES_MAX}.", path="/size_bytes"
        )
    return size_bytes


def check_chunk(size_bytes: int, chunk_bytes: int, number: int, found_bytes: int) -> None:
    """Raise Invalid unless chunk `number` of a file has as many bytes as it must."""
    chunks = chunks_of(size_bytes, chunk_bytes)
    if not 0 <= number < chunks:
        raise Invalid(path="/number", found=number, expected=f"a chunk from 0 to {chunks - 1}")
    expected = min(chunk_bytes, size_bytes - number * chunk_bytes)
    if found_bytes != expected:
        raise Invalid(path="/", found=f"{found_bytes} bytes", expected=f"{expected} bytes in chunk {number}")


def read_range(header: str | None, size_bytes: int) -> tuple[int, int] | None:
    """Return the first byte and the one after the last that a Range header asks for, or None for all of them.

    What is not one range of bytes is ignored (RFC 9110, section 14.2); a range behind the end raises
    UnsatisfiableRange.
    """
    found = _RANGE.fullmatch(header.strip()) if header else None
    if found is None or found.group(1) == found.group(2) == "":
        return None
    first, last = found.groups()
    if first == "":
        length = int(last)
        if length == 0:
            raise UnsatisfiableRange
        return max(0, size_bytes - length), size_bytes
    start, end = int(first), int(last) + 1 if last else size_bytes
    if last and end <= start:
        return None
    if start >= size_bytes:
        raise UnsatisfiableRange
    return start, min(end, size_bytes)


def content_headers(hash: str, media_type: str) -> dict[str, str]:
    """Return the headers for bytes we do not trust: nothing in them runs, nothing is guessed."""
    shown = media_type.startswith(_SHOWN) and media_type not in _RUNS
    return {
        "Content-Disposition": f'{"inline" if shown else "attachment"}; filename="{hash}"',
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cross-Origin-Resource-Policy": "same-site",
        "Accept-Ranges": "bytes",
        "ETag": f'"{hash}"',
        "Cache-Control": f"private, max-age={limits.ASSET_URL_SECONDS_MAX}, immutable",
    }

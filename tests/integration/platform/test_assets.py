"""Assets: content addresses, signed and expiring URLs, ranges, facts, and what is served without running."""

from __future__ import annotations

import io
from typing import Any

import pytest
from blake3 import blake3
from PIL import Image

from annotary.catalog.rules import asset_key, sign_asset_url
from annotary.infra.settings import Settings
from annotary.kernel.ids import parse_id
from integration.platform.people import People, rows

pytestmark = pytest.mark.asyncio(loop_scope="module")


def picture(width: int = 31, height: int = 17, orientation: int = 1) -> bytes:
    """Return a small JPEG."""
    image = Image.new("RGB", (width, height), (200, 30, 90))
    exif = image.getexif()
    exif[0x0112] = orientation
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


async def _store(
    people: People, content: bytes, media_type: str, expect: int = 201, who: str = "owner"
) -> Any:
    headers = {"Content-Type": media_type}
    return await people.ask(who, "POST", "/v1/assets", content=content, headers=headers, expect=expect)


async def _address(people: People, hash: str) -> str:
    signed = await people.ask("owner", "GET", f"/v1/assets/{hash}/url", expect=200)
    return str(signed["url"])


async def test_the_same_bytes_are_the_same_asset_to_each_organisation_its_own(
    people: People, settings: Settings
) -> None:
    content = b"shared by chance"
    first = await _store(people, content, "text/plain")
    assert first["hash"] == blake3(content).hexdigest() and first["size_bytes"] == len(content)
    again = await _store(people, content, "application/octet-stream", expect=200)
    assert again == first
    await people.ask("stranger", "GET", f"/v1/assets/{first['hash']}", expect=404)
    await _store(people, content, "text/plain", who="stranger")
    stored = settings.data_dir / "objects" / asset_key(bytes.fromhex(first["hash"]))
    assert stored.read_bytes() == content


async def test_an_image_says_what_it_is_whatever_it_was_called(people: People) -> None:
    asset = await _store(people, picture(31, 17, orientation=6), "image/png")
    assert asset["media_type"] == "image/jpeg"
    # Turned by a quarter: as displayed it is as high as it was wide.
    assert (asset["facts"]["width"], asset["facts"]["height"], asset["facts"]["orientation"]) == (17, 31, 6)
    body = {"name": "pictures", "modality": "image"}
    dataset = await people.ask("owner", "POST", "/v1/datasets", body, expect=201)
    path = f"/v1/datasets/{dataset['id']}/items"
    item = await people.ask("owner", "POST", path, {"payload": {"asset": asset["hash"]}}, expect=201)
    assert item["payload"] == {
        "asset": asset["hash"],
        "media_type": "image/jpeg",
        "width": 17,
        "height": 31,
    }


@pytest.mark.parametrize(
    "content", [b"not an image at all", picture()[:200], b"\x89PNG\r\n\x1a\n" + b"\0" * 50]
)
async def test_a_broken_image_is_refused_and_not_kept(
    people: People, settings: Settings, content: bytes
) -> None:
    problem = await _store(people, content, "image/png", expect=422)
    assert problem["detail"]
    assert not (settings.data_dir / "objects" / asset_key(blake3(content).digest())).exists()
    assert not await rows(settings, "SELECT 1 FROM assets WHERE hash = $1", blake3(content).digest())


async def test_a_signed_address_serves_ranges_without_a_token(people: People) -> None:
    content = bytes(range(256)) * 20
    asset = await _store(people, content, "application/octet-stream")
    url = await _address(people, asset["hash"])
    whole = await people.client.get(url)
    assert whole.status_code == 200 and whole.content == content
    assert whole.headers["accept-ranges"] == "bytes" and int(whole.headers["content-length"]) == len(content)
    size = len(content)
    for header, start, end in (
        ("bytes=0-0", 0, 1),
        ("bytes=10-19", 10, 20),
        (f"bytes={size - 5}-", size - 5, size),
        ("bytes=-7", size - 7, size),
        (f"bytes=5-{size * 9}", 5, size),
        (f"bytes=-{size * 9}", 0, size),
    ):
        part = await people.client.get(url, headers={"Range": header})
        assert part.status_code == 206 and part.content == content[start:end], header
        assert part.headers["content-range"] == f"bytes {start}-{end - 1}/{size}"
    for header in (f"bytes={size}-", "bytes=-0"):
        refused = await people.client.get(url, headers={"Range": header})
        assert refused.status_code == 416 and refused.headers["content-range"] == f"bytes */{size}"
    for header in ("bytes=5-2", "bytes=0-1,4-5", "lines=1-2", "bytes=a-b"):
        assert (await people.client.get(url, headers={"Range": header})).content == content
    head = await people.client.head(url)
    assert head.status_code == 200 and int(head.headers["content-length"]) == size and not head.content
    unchanged = await people.client.get(url, headers={"If-None-Match": whole.headers["etag"]})
    assert unchanged.status_code == 304


@pytest.mark.parametrize("media_type", ["text/html", "image/svg+xml", "application/javascript"])
async def test_what_could_run_is_never_shown(people: People, media_type: str) -> None:
    content = b"<script>alert(1)</script>" + media_type.encode()
    if media_type == "image/svg+xml":
        await _store(people, content, media_type, expect=422)
        return
    asset = await _store(people, content, media_type)
    response = await people.client.get(await _address(people, asset["hash"]))
    assert response.headers["content-disposition"].startswith("attachment")
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in response.headers["content-security-policy"]


async def test_a_changed_or_expired_address_is_refused(people: People, settings: Settings) -> None:
    asset, other = await _store(people, b"one", "text/plain"), await _store(people, b"two", "text/plain")
    url = await _address(people, asset["hash"])
    signature = url.rpartition("=")[2]
    organisation = (await people.ask("owner", "GET", "/v1/organisation", expect=200))["id"]
    stranger = (await people.ask("stranger", "GET", "/v1/organisation", expect=200))["id"]
    changed = [
        url.replace(asset["hash"], other["hash"]),
        url.replace("expires=1", "expires=2"),
        url.replace(organisation[4:], stranger[4:]),
        url.replace(signature, signature[:-1] + ("0" if signature[-1] != "0" else "1")),
        url.replace(signature, ""),
        url.replace(signature, "é" * 64),
        url.replace("expires=", "expires=0"),
    ]
    for bad in changed:
        response = await people.client.get(bad)
        assert response.status_code == 403, bad
        assert response.json()["code"] == "bad_signature"
    owner = parse_id("organisation", organisation)
    expired = sign_asset_url(settings.signing_key, owner, asset["hash"], 1_000_000_000)
    assert (await people.client.get(expired)).json()["code"] == "address_expired"
    # Signed rightly for an organisation that does not have the bytes.
    other_organisation = parse_id("organisation", stranger)
    wrong = sign_asset_url(settings.signing_key, other_organisation, asset["hash"], 9_999_999_999)
    assert (await people.client.get(wrong)).status_code == 404


async def test_a_full_disk_refuses_and_stores_nothing(people: People, settings: Settings) -> None:
    objects: Any = people.app.state.objects
    before = objects._free_bytes_min
    objects._free_bytes_min = 1 << 62
    try:
        problem = await _store(people, b"no room for this", "text/plain", expect=507)
    finally:
        objects._free_bytes_min = before
    assert problem["code"] == "storage_full" and problem["retryable"]
    digest = blake3(b"no room for this").digest()
    assert not (settings.data_dir / "objects" / asset_key(digest)).exists()


@pytest.mark.parametrize("media_type", ["not a type", "text", "a/b/c", "x" * 200 + "/y"])
async def test_a_bad_media_type_is_refused(people: People, media_type: str) -> None:
    problem = await _store(people, b"bytes", media_type, expect=422)
    assert problem["path"] == "Content-Type"


async def test_an_empty_body_and_a_huge_one_are_refused(people: People) -> None:
    await _store(people, b"", "text/plain", expect=422)
    await _store(people, bytes(17 * 1024 * 1024), "text/plain", expect=413)

"""Pictures and videos in a browser: by a signed address, in ranges, for who holds the lease."""

from __future__ import annotations

import httpx
import pytest

from acceptance.access.conftest import Place
from acceptance.access.test_browser import claim


@pytest.mark.parametrize("modality", ["image", "video"])
def test_a_lease_comes_with_an_address_that_serves_ranges(place: Place, modality: str) -> None:
    page, _ = place.newcomer()
    lease = claim(page, place, modality)
    item = lease["task"]["item"]
    # Neither cookie nor header: what stands in the page is enough.
    with httpx.Client(base_url=place.stand.url) as bare:
        whole = bare.get(item["url"])
        part = bare.get(item["url"], headers={"Range": "bytes=2-9"})
        assert whole.status_code == 200 and len(whole.content) > 10
        assert (part.status_code, part.content) == (206, whole.content[2:10])
        assert part.headers["content-range"] == f"bytes 2-9/{len(whole.content)}"
        for reply in (whole, part):
            assert (
                "immutable" in reply.headers["cache-control"] and "private" in reply.headers["cache-control"]
            )
            assert not [name for name in reply.headers if name.startswith("access-control")]
        assert bare.get(item["url"], headers={"Range": f"bytes={10**9}-"}).status_code == 416
        assert bare.get(item["url"], headers={"If-None-Match": whole.headers["etag"]}).status_code == 304
        # Another asset, or another end, is another signature.
        forged = item["url"].replace(item["asset"], "0" * 64), item["url"].replace("expires=", "expires=9")
        assert [bare.get(url).status_code for url in forged] == [403, 403]


def test_the_holder_and_nobody_else_gets_the_task_again_with_a_fresh_address(place: Place) -> None:
    page, _ = place.newcomer()
    other, _ = place.newcomer()
    lease = claim(page, place, "image")
    path = f"/v1/image/assignments/{lease['id']}/task"
    again = page.ask("GET", path, expect=200)
    assert {**again, "task": {**again["task"], "item": None}} == {
        **lease,
        "task": {**lease["task"], "item": None},
    }
    assert again["task"]["item"]["asset"] == lease["task"]["item"]["asset"]
    assert httpx.get(place.stand.url + again["task"]["item"]["url"]).status_code == 200
    assert other.ask("GET", path).status_code == 404
    # The bytes are not had by their hash alone, nor a signature by whoever is no manager.
    for tail in ("", "/url"):
        assert page.ask("GET", f"/v1/assets/{lease['task']['item']['asset']}{tail}").status_code == 403
    page.ask("POST", f"/v1/image/assignments/{lease['id']}/release", {"fence": lease["fence"]}, expect=204)
    assert page.ask("GET", path).status_code == 409

"""References: files beneath allowed folders only, and addresses of the public internet only."""

from __future__ import annotations

import asyncio
import contextlib
import io
import ipaddress
import os
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from blake3 import blake3

from annotary.catalog import fetching
from annotary.infra.addresses import Address, AddressRefused
from annotary.infra.settings import Settings
from annotary.kernel.errors import Invalid, TooLarge
from integration.platform.people import People

pytestmark = pytest.mark.asyncio(loop_scope="module")

PATH = "/v1/assets/reference"
LOCAL = ipaddress.ip_address("127.0.0.1")


@pytest.fixture(scope="module")
def folder(settings: Settings) -> Path:
    return settings.asset_roots[0]


async def test_a_file_in_an_allowed_folder_stays_there(people: People, folder: Path) -> None:
    file = folder / "notes.txt"
    file.write_bytes(b"0123456789")
    body = {"path": str(file), "media_type": "text/plain", "hash": blake3(b"0123456789").hexdigest()}
    asset = await people.ask("owner", "POST", PATH, body, expect=201)
    assert (asset["source"], asset["size_bytes"]) == ("path", 10)
    url = (await people.ask("owner", "GET", f"/v1/assets/{asset['hash']}/url", expect=200))["url"]
    assert (await people.client.get(url, headers={"Range": "bytes=3-5"})).content == b"345"
    # Another file in its place is not served under the old hash.
    file.write_bytes(b"something else")
    assert (await people.client.get(url)).json()["code"] == "asset_changed"
    file.unlink()
    assert (await people.client.get(url)).json()["code"] == "asset_changed"


async def test_a_wrong_hash_of_a_reference_is_refused_with_both(people: People, folder: Path) -> None:
    file = folder / "wrong.txt"
    file.write_bytes(b"right")
    problem = await people.ask("owner", "POST", PATH, {"path": str(file), "hash": "0" * 64}, expect=422)
    assert blake3(b"right").hexdigest() in problem["detail"] and "0" * 64 in problem["detail"]


async def test_nothing_outside_the_folders_is_read(people: People, folder: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"secret")
    (folder / "link").symlink_to(secret)
    (folder / "out").symlink_to(tmp_path)
    beside = folder.with_name(folder.name + "-beside")
    beside.mkdir()
    (beside / "file").write_bytes(b"beside")
    os.mkfifo(folder / "pipe")
    bad = [
        str(secret),
        str(folder / "link"),
        str(folder / "out" / "secret"),
        f"{folder}/../{tmp_path.name}/secret",
        str(beside / "file"),
        str(folder),
        str(folder / "pipe"),
        str(folder / "missing"),
        "notes.txt",
        "/etc/passwd",
        "/proc/self/environ",
        f"{folder}/a\0b",
        "",
        "x" * 5000,
    ]
    details = set()
    for path in bad:
        problem = await people.ask("owner", "POST", PATH, {"path": path}, expect=422)
        assert problem["path"] == "/path" and "secret" not in problem["detail"].replace(path, "")
        details.add(problem["expected"])
    assert len(details) == 1, "the answer tells what is there and what is not"


async def test_a_file_swapped_for_a_link_is_not_served(people: People, folder: Path, tmp_path: Path) -> None:
    file = folder / "swapped"
    file.write_bytes(b"sixteen bytes ..")
    asset = await people.ask("owner", "POST", PATH, {"path": str(file)}, expect=201)
    url = (await people.ask("owner", "GET", f"/v1/assets/{asset['hash']}/url", expect=200))["url"]
    secret = tmp_path / "other"
    secret.write_bytes(b"sixteen secrets.")
    file.unlink()
    file.symlink_to(secret)
    assert (await people.client.get(url)).json()["code"] == "asset_changed"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost:8080/x",
        "http://[::1]/",
        "http://10.1.2.3/",
        "http://172.16.0.1/",
        "http://192.168.1.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://100.64.0.1/",
        "http://0.0.0.0/",
        "http://[fe80::1]/",
        "http://[fc00::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://224.0.0.1/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://127.1/",
        "ftp://example.org/",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "http://user:secret@93.184.216.34/",
        "http://",
        "not an address",
        "http://" + "a" * 3000,
        "http://exa mple/",
        "http://\u0000/",
    ],
)
async def test_no_private_address_is_reached(people: People, url: str) -> None:
    problem = await people.ask("owner", "POST", PATH, {"url": url}, expect=422)
    assert problem["code"] == "address_refused" and problem["path"] == "/url"


@contextlib.asynccontextmanager
async def serving(*answers: bytes) -> AsyncIterator[tuple[int, list[bytes]]]:
    """Serve HTTP answers on a free port, one a connection; yields the port and the requests that came."""
    asked: list[bytes] = []
    left = list(answers)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(left.pop(0))
        with contextlib.suppress(ConnectionError):
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1], asked


def reply(body: bytes, head: bytes = b"200 OK", more: bytes = b"") -> bytes:
    return b"HTTP/1.1 %s\r\nContent-Length: %d\r\n%s\r\n%s" % (head, len(body), more, body)


def only_local(address: Address) -> bool:
    return address == LOCAL


async def test_an_address_is_read_at_the_very_host_that_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    async with serving(reply(b"bytes", more=b"Content-Type: text/plain\r\n")) as (port, asked):
        loop, lookups = asyncio.get_running_loop(), []

        async def resolve(host: str, *_: object, **__: object) -> list[object]:
            lookups.append(host)
            return [(socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1", port))]

        monkeypatch.setattr(loop, "getaddrinfo", resolve)
        into = io.BytesIO()
        found = await fetching.fetch(f"http://images.example:{port}/a?b=c", into, only_local)
    assert (found.digest, found.media_type) == (blake3(b"bytes").digest(), "text/plain")
    assert into.getvalue() == b"bytes"
    # The name was looked up once, and the connection went to that answer with the name in its header.
    assert lookups.count("images.example") == 1
    assert f"host: images.example:{port}".encode() in asked[0].lower() and b"GET /a?b=c " in asked[0]


async def test_a_redirect_is_checked_as_the_first_address_was() -> None:
    inside = b"Location: http://127.0.0.2:1/secret\r\n"
    async with serving(reply(b"", b"302 Found", inside)) as (port, asked):
        with pytest.raises(AddressRefused):
            await fetching.fetch(f"http://127.0.0.1:{port}/", io.BytesIO(), only_local)
        assert len(asked) == 1
    relative = b"Location: /next\r\nConnection: close\r\n"
    async with serving(reply(b"", b"301 Moved", relative), reply(b"there")) as (port, asked):
        found = await fetching.fetch(f"http://127.0.0.1:{port}/", io.BytesIO(), only_local)
        assert found.size_bytes == 5 and b"GET /next " in asked[1]


async def test_redirects_bytes_and_codings_are_bounded() -> None:
    again = reply(b"", b"302 Found", b"Location: /again\r\nConnection: close\r\n")
    async with serving(*[again] * 9) as (port, asked):
        with pytest.raises(AddressRefused, match="redirects"):
            await fetching.fetch(f"http://127.0.0.1:{port}/", io.BytesIO(), only_local)
        assert len(asked) == 6
    async with serving(reply(bytes(5000))) as (port, _):
        with pytest.raises(TooLarge):
            await fetching.fetch(f"http://127.0.0.1:{port}/", io.BytesIO(), only_local, bytes_max=4999)
    packed = reply(b"\x1f\x8b", more=b"Content-Encoding: gzip\r\n")
    for answer in (
        packed,
        reply(b"no", b"404 Not Found"),
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort",
    ):
        async with serving(answer) as (port, _):
            with pytest.raises(Invalid):
                await fetching.fetch(f"http://127.0.0.1:{port}/", io.BytesIO(), only_local)


async def test_a_reference_names_one_place(people: People) -> None:
    for body in ({}, {"path": "/a", "url": "http://b/"}):
        await people.ask("owner", "POST", PATH, body, expect=422)

"""The edge serves the pages: kept for ever or never, compressed beforehand, shut to all that is not ours."""

from __future__ import annotations

import gzip
import http.server
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from socket import create_connection

import httpx
import pytest

from annotary.infra.embedded import ports
from annotary.infra.embedded.binaries import caddy_program
from annotary.services.edge import pages
from annotary.services.edge.config import edge_config, write_edge_config

SCRIPT = b"console.log('a page of its own');\n" * 40
HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
UPGRADE = (
    "GET /v1/live HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)
START_SECONDS_MAX = 20.0


class Platform(http.server.BaseHTTPRequestHandler):
    """Stands where the platform would: it answers everything with its path, and echoes after an upgrade."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.headers.get("Upgrade") == "websocket":
            self.send_response(101)
            self.send_header("Connection", "Upgrade")
            self.send_header("Upgrade", "websocket")
            self.end_headers()
            while heard := self.connection.recv(100):
                self.connection.sendall(heard[::-1])
            self.close_connection = True
            return
        body = f"the platform answers {self.path}".encode()
        self.send_response(404 if self.path.startswith("/none") else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    (folder / "assets").mkdir()
    (folder / "index.html").write_text("<!doctype html><title>the one page</title>")
    (folder / "mark.svg").write_text("<svg/>")
    (folder / "assets" / "index-aaaa.js").write_bytes(SCRIPT)
    (folder / "assets" / "index-aaaa.js.gz").write_bytes(gzip.compress(SCRIPT))
    (folder / "assets" / "index-aaaa.js.br").write_bytes(b"as brotli")
    return folder


@pytest.fixture(scope="module")
def edge(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of an edge that has these pages, and the stand-in for the platform."""
    place = tmp_path_factory.mktemp("edge")
    platform = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Platform)
    platform.daemon_threads = True
    threading.Thread(target=platform.serve_forever, daemon=True).start()
    port = ports.choose(taken=frozenset())
    probe = ports.choose(taken=frozenset({port}))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pages, "BUILT", (place / "absent", dist))
        at = {"platform": platform.server_port}
        config = edge_config(
            host="127.0.0.1", port=port, domain="", ports=at, probe_port=probe, data_dir=place
        )
    write_edge_config(place / "edge.json", config)
    caddy = subprocess.Popen(
        [caddy_program(), "run", "--config", place / "edge.json"], stderr=subprocess.DEVNULL, cwd=place
    )
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
            answering(client)
            yield client
    finally:
        caddy.terminate()
        caddy.wait(30)
        platform.shutdown()
        platform.server_close()


def answering(client: httpx.Client) -> None:
    """Wait until the edge takes connections and knows that the platform is well."""
    deadline = time.monotonic() + START_SECONDS_MAX
    while True:
        try:
            if client.get("/v1/me").status_code == 200:
                return
        except httpx.TransportError:
            pass
        assert time.monotonic() < deadline, "the edge does not start"
        time.sleep(0.05)


@pytest.mark.parametrize("path", ["/", "/sign-in", "/projects/prj_1/annotate", "/settings", "/no-such-page"])
def test_an_address_of_a_page_is_answered_by_the_one_page_and_never_kept(
    edge: httpx.Client, path: str
) -> None:
    page = edge.get(path, headers=HTML)
    assert (page.status_code, "the one page" in page.text) == (200, True)
    assert page.headers["Cache-Control"] == "no-cache"
    assert page.headers["Content-Type"].startswith("text/html")
    # Two releases' pages may have one length and one time: nothing tells a browser that its own is the same.
    assert not {"etag", "last-modified"} & set(page.headers)
    again = {**HTML, "If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT", "If-None-Match": "*"}
    assert edge.get(path, headers=again).status_code == 200


def test_pages_may_load_nothing_that_is_inline_or_elsewhere(edge: httpx.Client) -> None:
    policy = edge.get("/", headers=HTML).headers["Content-Security-Policy"]
    rules = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["connect-src"] == rules["script-src"] == rules["style-src"] == "'self'"
    assert rules["frame-ancestors"] == rules["base-uri"] == "'none'"
    assert "unsafe" not in policy
    assert "http" not in policy
    assert edge.get("/assets/index-aaaa.js").headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "path", ["/v1/me", "/v1/no/such", "/schema/platform", "/services/none", "/healthz", "/readyz", "/metrics"]
)
def test_no_page_stands_in_for_the_services(edge: httpx.Client, path: str) -> None:
    reply = edge.get(path, headers=HTML)
    assert reply.text == f"the platform answers {path}"
    assert "Content-Security-Policy" not in reply.headers


def test_a_program_is_told_that_there_is_no_such_path(edge: httpx.Client) -> None:
    assert edge.get("/none", headers={"Accept": "*/*"}).status_code == 404
    assert edge.post("/sign-in", headers=HTML).status_code != 200


@pytest.mark.parametrize(("accepts", "sent"), [("gzip", "gzip"), ("gzip, br", "br"), ("identity", None)])
def test_assets_are_kept_for_ever_and_were_compressed_beforehand(
    edge: httpx.Client, accepts: str, sent: str | None
) -> None:
    with edge.stream("GET", "/assets/index-aaaa.js", headers={"Accept-Encoding": accepts}) as reply:
        raw = b"".join(reply.iter_raw())
    assert reply.headers.get("Content-Encoding") == sent
    assert (gzip.decompress(raw) if sent == "gzip" else raw) == (b"as brotli" if sent == "br" else SCRIPT)
    assert "immutable" in reply.headers["Cache-Control"]
    assert reply.headers["Content-Type"].startswith("text/javascript")


def test_an_asset_that_is_gone_is_not_the_page(edge: httpx.Client) -> None:
    gone = edge.get("/assets/index-bbbb.js", headers=HTML)
    assert (gone.status_code, gone.text) == (404, "")
    assert "Cache-Control" not in gone.headers


def test_a_websocket_passes_and_stays_open(edge: httpx.Client) -> None:
    with create_connection((edge.base_url.host, edge.base_url.port or 80), timeout=10) as socket:
        socket.sendall(UPGRADE.encode())
        assert socket.recv(4096).startswith(b"HTTP/1.1 101")
        for said in (b"abc", b"defg"):
            socket.sendall(said)
            assert socket.recv(100) == said[::-1]


def test_without_built_pages_a_page_says_how_to_build_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(pages, "BUILT", (tmp_path,))
    assert "make web" in (pages.built_pages() / "index.html").read_text()

"""The real installation by its command: every process killed in turn, and nothing left behind in the end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from typing import Any

import httpx
import pytest

pytestmark = pytest.mark.alone

MAIN = "from annotary.cli.main import main; main()"
MEMORY_BYTES_MAX = 600e6
SERVICES = ("platform", "text", "image", "video", "worker")


def status(data_dir: Any) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", MAIN, "status", "--json", "--data-dir", data_dir],
        capture_output=True,
        text=True,
    )
    return json.loads(done.stdout) if done.stdout else {"ok": False, "error": done.stderr}


@pytest.fixture
def up(start, tmp_path):
    def run():
        return start(
            tmp_path / "d", command=("-c", MAIN, "up", "--json", "--data-dir", tmp_path / "d")
        ).await_ready()

    return run


def member(stand, token):
    return httpx.get(f"{stand.ready['url']}/v1/me", headers={"Authorization": f"Bearer {token}"}, timeout=10)


def test_every_process_comes_back_and_the_token_still_opens(up, until, tmp_path):
    stand = up()
    token = stand.ready["owner_token"]
    before = status(tmp_path / "d")
    assert before["ok"], before
    assert before["memory_bytes"] < MEMORY_BYTES_MAX
    for name in ("postgres", *SERVICES, "edge"):
        stand.kill(name)
        until(lambda name=name: stand.child(name).restarts == 1)
        until(lambda: status(tmp_path / "d")["ok"])
        # The edge asks a service for its health once a second, and sends it requests again from then on.
        until(lambda: member(stand, token).status_code == 200)
    after = status(tmp_path / "d")
    assert after["counts"] == before["counts"]
    family = stand.family()
    assert stand.stop()[0] == 0
    assert [one for one in family if one.is_running()] == []


def test_it_starts_again_after_a_kill_of_everything(up, until):
    stand = up()
    family = stand.family()
    os.kill(stand.process.pid, signal.SIGKILL)
    stand.process.wait()
    again = up()
    assert again.ready["owner_token"] is None
    until(lambda: not any(one.is_running() for one in family), 10.0)
    until(lambda: member(again, stand.ready["owner_token"]).status_code == 200)


def test_the_parent_of_the_services_has_one_thread_and_no_number_crunching():
    program = (
        "import sys, psutil; from annotary.services.supervisor_parts import preload; preload();"
        "heavy = [name for name in ('numpy', 'scipy', 'av', 'PIL') if name in sys.modules];"
        "print(heavy, psutil.Process().num_threads())"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[] 1"


def test_the_edge_gives_pages_their_headers_and_passes_probes_on(up):
    stand = up()
    page = stand.get("/")
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert "Content-Security-Policy" not in stand.get("/v1/me").headers
    for name in SERVICES:
        assert stand.get(f"/services/{name}/readyz").status_code == 200
        assert stand.get(f"/services/{name}/healthz").status_code == 200
        assert "# HELP" in stand.get(f"/services/{name}/metrics").text

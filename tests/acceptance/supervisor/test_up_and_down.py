"""`annotary up` on one data folder: start, second start, taken port, clean stop, and who may run it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import sysconfig
from pathlib import Path

import psutil
import pytest

import annotary

pytestmark = pytest.mark.alone


def test_first_start_says_the_owner_token_once_and_the_second_start_keeps_the_ports(start, tmp_path):
    first = start(tmp_path / "d").await_ready()
    assert first.ready["owner_token"] == "first-token"
    assert first.get("/v1/text/write?7").status_code == 201
    assert first.stop()[0] == 0
    second = start(tmp_path / "d").await_ready()
    assert second.ready["owner_token"] is None
    assert second.ready["url"] == first.ready["url"]
    assert second.get("/v1/text/x").json()["service"] == "text"


def test_a_second_up_on_the_folder_is_refused_and_names_the_url(start, tmp_path):
    running = start(tmp_path / "d").await_ready()
    refused = start(tmp_path / "d")
    status, said = refused.stop(signal.SIGCONT)
    assert status != 0
    assert running.ready["url"] in said and "already runs" in said
    assert running.is_healthy()


def test_a_taken_port_is_said_and_another_is_used(start, tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        stand = start(tmp_path / "d", environment={"ANNOTARY_PORT": str(taken)}).await_ready()
        assert not stand.ready["url"].endswith(f":{taken}")
        assert stand.get("/v1/text/x").status_code == 200
        _, said = stand.stop()
    assert f"port {taken} is taken" in said


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_answers_what_is_under_way_and_leaves_nothing_behind(start, tmp_path, number):
    import threading

    stand = start(tmp_path / "d").await_ready()
    family = stand.family()
    answers = []
    asking = threading.Thread(target=lambda: answers.append(stand.get("/v1/text/slow?1500").status_code))
    asking.start()
    until_connected(stand.child("text").pid)
    status, _ = stand.stop(number)
    asking.join()
    assert (status, answers) == (0, [200])
    assert [process for process in family if process.is_running()] == []
    assert "database system is shut down" in (tmp_path / "d" / "logs" / "postgres.log").read_text()


def until_connected(pid: int) -> None:
    """Wait until a process has a connection from the edge that is not a probe: it lives for a while."""
    seen: set[object] = set()
    while True:
        now = {c.raddr for c in psutil.Process(pid).net_connections("tcp") if c.status == "ESTABLISHED"}
        if seen & now:
            return
        seen = now


def test_what_is_secret_is_for_the_owner_only(start, tmp_path):
    start(tmp_path / "d").await_ready()
    folder = tmp_path / "d"
    for path in (
        folder,
        folder / "postgres.json",
        folder / "keys" / "signing.key",
        folder / "run" / "state.json",
    ):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
    listening = {
        connection.laddr.ip
        for process in psutil.Process(os.getpid()).children(recursive=True)
        for connection in process.net_connections()
        if connection.status == "LISTEN"
    }
    assert listening == {"127.0.0.1"}


def test_a_normal_user_runs_it(start, tmp_path_factory):
    """As `nobody` where that user can run a Python, else as an ordinary user of a namespace of its own."""
    if os.geteuid() != 0:
        pytest.skip("the other tests run as a normal user already")
    folder = Path("/var/tmp") / tmp_path_factory.mktemp("user").name
    folder.mkdir(mode=0o700)
    try:
        stand = start(folder / "d", **_as_normal_user(folder)).await_ready()
        assert stand.get("/v1/text/write?1").status_code == 201
        assert stand.stop()[0] == 0
    finally:
        shutil.rmtree(folder)


def _as_normal_user(folder: Path) -> dict[str, object]:
    setpriv = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
    paths = f"{Path(annotary.__file__).parents[1]}:{sysconfig.get_path('purelib')}"
    for python in (sys.executable, "/usr/bin/python3"):
        probe = [*setpriv, python, "-c", "import annotary.infra.settings, asyncpg"]
        if subprocess.run(probe, env={"PYTHONPATH": paths}, capture_output=True).returncode == 0:
            os.chown(folder, 65534, 65534)
            return {"prefix": (*setpriv, python), "environment": {"PYTHONPATH": paths}}
    return {"prefix": ("unshare", "-U", "--map-user=1", "--map-group=1", sys.executable)}


def test_root_without_user_namespaces_runs_postgres_as_nobody(start, tmp_path_factory):
    if os.geteuid() != 0:
        pytest.skip("only root needs it")
    folder = Path("/var/tmp") / tmp_path_factory.mktemp("nobody").name
    program = (
        "import sys, runpy\n"
        "from annotary.infra.embedded import processes\n"
        "def refused(inside): raise OSError('refused')\n"
        "processes.enter_user_namespace = refused\n"
        "sys.argv = sys.argv[1:]\n"
        "runpy.run_path(sys.argv[0], run_name='__main__')\n"
    )
    stand_file = Path(__file__).parent / "stand.py"
    try:
        stand = start(folder / "d", command=("-c", program, stand_file, folder / "d")).await_ready()
        assert stand.get("/v1/text/write?1").status_code == 201
        assert psutil.Process(stand.child("postgres").pid).uids().real == 65534
        assert stand.stop()[0] == 0
    finally:
        shutil.rmtree(folder)

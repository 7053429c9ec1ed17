"""The installation that is measured: a real `annotary up`, and what is asked of it beforehand."""

from __future__ import annotations

import contextlib
import itertools
import json
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from annotary.infra.embedded import ports
from annotary.infra.embedded.postgres import EmbeddedPostgres
from annotary.infra.settings import MODALITIES
from annotary.services.supervisor_folder import Folder, Record
from bench.connection import Connection

ANNOTARY = Path(sys.executable).with_name("annotary")
# Counting statements costs a little, so it is off until it is asked for. pgbench has connections of its own.
LOCAL_CONF = """
max_connections = 150
shared_preload_libraries = 'pg_stat_statements'
pg_stat_statements.track = 'none'
"""
JOB_SECONDS_MAX = 900.0
ANSWER_SECONDS_MAX = 30.0
ENDED = {"succeeded", "failed", "cancelled"}


_numbers = itertools.count(1)


class Refused(RuntimeError):
    """The API answered something else than expected."""


class Stand:
    """A running installation. `start_seconds` went by until all of it answered."""

    def __init__(self, data_dir: Path, process: subprocess.Popen[str], ready: Mapping[str, Any]) -> None:
        self.data_dir = data_dir
        self.process = process
        self.url = str(ready["url"])
        self.owner_token = ready["owner_token"] or ""
        self.welcome_url = str(ready["welcome_url"] or "")
        self.start_seconds = 0.0
        place = urlsplit(self.url)
        self.address = (place.hostname or "127.0.0.1", place.port or 80)

    @property
    def database_url(self) -> str:
        """The URL of its Postgres."""
        return EmbeddedPostgres(self.data_dir).url()

    def record(self) -> Record:
        """Return what the supervisor says of its processes."""
        record = Folder(self.data_dir).read_record()
        assert record is not None
        return record

    def pid(self, name: str) -> int:
        """Return the process id of a part now."""
        return next(process.pid for process in self.record().processes if process.name == name)

    def pids(self) -> dict[str, int]:
        """Return the process id of every part."""
        return {process.name: process.pid for process in self.record().processes}

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        token: str = "",
        media_type: str = "application/json",
    ) -> Any:
        """Ask the API through the edge and return the decoded reply; raises Refused unless it is a 2xx.

        `body` is encoded as JSON unless it is bytes.
        """
        connection = Connection(self.address, token or self.owner_token, 60.0)
        try:
            sent = body if isinstance(body, bytes) else b"" if body is None else msgspec.json.encode(body)
            deadline = time.monotonic() + ANSWER_SECONDS_MAX
            while True:
                reply = connection.call(method.encode(), path.encode(), sent, media_type=media_type.encode())
                if reply.status != 503 or time.monotonic() > deadline:
                    break
                time.sleep(0.1)
        finally:
            connection.close()
        if not 200 <= reply.status < 300:
            raise Refused(f"{method} {path}: {reply.status} {reply.body[:500]!r}")
        return msgspec.json.decode(reply.body) if reply.body else None

    def project(self, name: str, modality: str, definition: Mapping[str, Any], **more: Any) -> str:
        """Make a project and return its id."""
        body = {"name": f"{name} {next(_numbers)}", "modality": modality, "definition": definition, **more}
        return str(self.call("POST", "/v1/projects", body)["id"])

    def annotators(self, project: str, count: int) -> list[str]:
        """Make members of a project, and return a token for each."""
        tokens = []
        for number in range(count):
            member = self.call("POST", "/v1/members", {"name": f"annotator {number}", "role": "annotator"})[
                "id"
            ]
            self.call("PUT", f"/v1/projects/{project}/members/{member}", {"role": "annotator"})
            tokens.append(str(self.call("POST", "/v1/tokens", {"member": member, "name": "bench"})["token"]))
        return tokens

    def upload(self, file: Path, media_type: str = "application/x-ndjson") -> str:
        """Upload a file in chunks; returns the upload's id."""
        size = file.stat().st_size
        told = {"name": file.name, "media_type": media_type, "size_bytes": size}
        upload = self.call("POST", "/v1/uploads", told)
        with file.open("rb") as content:
            for number in range(upload["chunks"]):
                chunk = content.read(upload["chunk_bytes"])
                self.call("PUT", f"/v1/uploads/{upload['id']}/chunks/{number}", chunk)
        self.call("POST", f"/v1/uploads/{upload['id']}/complete", {})
        return str(upload["id"])

    def import_rows(self, project: str, file: Path) -> dict[str, Any]:
        """Upload a file of JSON lines and import it as tasks of a project; returns the job."""
        upload = self.upload(file)
        asked = {"project": project, "format": "jsonl", "upload": upload, "batch": {}}
        job = self.await_job(self.call("POST", "/v1/imports", asked)["id"])
        if job["progress"].get("refused"):
            raise Refused(f"rows were refused: {self.call('GET', '/v1/imports/' + job['id'] + '/refusals')}")
        return job

    def await_job(self, job: str) -> dict[str, Any]:
        """Wait until a job has ended, and return it; raises Refused unless it succeeded."""
        deadline = time.monotonic() + JOB_SECONDS_MAX
        while (found := self.call("GET", f"/v1/jobs/{job}"))["state"] not in ENDED:
            if time.monotonic() > deadline:
                raise Refused(f"the job does not end: {found}")
            time.sleep(0.1)
        if found["state"] != "succeeded":
            raise Refused(f"the job ended as {found['state']}: {found}")
        return dict(found)


def start(
    data_dir: Path, command: Sequence[str | Path] = (ANNOTARY, "up", "--json"), *, starter: bool = False
) -> Stand:
    """Start an installation on a data folder, with projects to try if so asked, and wait until it is ready.

    Its port is not the usual one: another installation would take that while our edge is killed.
    """
    began = time.monotonic()
    options = ["--data-dir", str(data_dir), "--port", str(ports.choose())]
    options.append("--starter" if starter else "--no-starter")
    process = subprocess.Popen([*command, *options], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise Refused(f"annotary up ended with {process.wait()}")
    stand = Stand(data_dir, process, json.loads(line))
    _await_answers(stand)
    stand.start_seconds = time.monotonic() - began
    return stand


def await_starter(stand: Stand) -> None:
    """Wait until the starter projects are made and their tasks are released."""
    deadline = time.monotonic() + JOB_SECONDS_MAX
    while (stand.data_dir / "run" / "starter").exists():
        if time.monotonic() > deadline:
            raise Refused("the starter projects do not get ready")
        time.sleep(0.05)
    for job in stand.call("GET", "/v1/imports")["items"]:
        stand.await_job(job["id"])


def _await_answers(stand: Stand) -> None:
    """Wait until the edge passes on to every service; a first answer of any kind but 503 will do."""
    deadline = time.monotonic() + ANSWER_SECONDS_MAX
    for path in (b"/v1/me", *(f"/v1/{name}/assignments".encode() for name in MODALITIES)):
        connection = Connection(stand.address, stand.owner_token, ANSWER_SECONDS_MAX)
        while connection.call(b"GET", path).status == 503:
            if time.monotonic() > deadline:
                raise Refused(f"{path.decode()} still answers 503")
            time.sleep(0.02)
        connection.close()


def stop(stand: Stand) -> None:
    """Stop an installation and wait for its end."""
    if stand.process.poll() is None:
        stand.process.send_signal(signal.SIGTERM)
    stand.process.wait(60)


@contextlib.contextmanager
def installation() -> Iterator[Stand]:
    """Yield a fresh installation in a folder of its own, which is removed afterwards."""
    with folder() as data_dir:
        postgres = EmbeddedPostgres(data_dir)
        postgres.prepare()
        with (postgres.folder / "local.conf").open("a", encoding="utf-8") as file:
            file.write(LOCAL_CONF)
        stand = start(data_dir)
        try:
            yield stand
        finally:
            stop(stand)


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    """Yield a path for a data folder; what is there afterwards is removed."""
    path = Path(tempfile.mkdtemp(prefix="annotary-bench-")) / "data"
    path.mkdir()
    try:
        yield path
    finally:
        shutil.rmtree(path.parent, ignore_errors=True)

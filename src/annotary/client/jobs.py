"""Imports and exports: started, followed with their progress, waited for."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import msgspec

from annotary.client.errors import JobFailed
from annotary.client.transport import Transport
from annotary.client.values import Job, OverlapTarget, Priority, Refusal

ImportFormat = Literal["jsonl", "coco", "preference_jsonl"]
ExportFormat = Literal["jsonl", "coco", "preference_jsonl"]
OnJob = Callable[[Job], None]
POLL_SECONDS_FIRST, POLL_SECONDS_LONGEST = 0.05, 1.0


class NewBatch(msgspec.Struct, frozen=True, omit_defaults=True):
    """How the tasks of an import are released; without `overlap` the project's counts, with a `target` it is
    the least: tasks are asked again until it is reached.

    Without an `order` tasks are given out as they come in, and shuffled where the project mixes gold in.
    """

    name: str | None = None
    priority: Priority = "normal"
    deadline: datetime | None = None
    overlap: int | None = None
    order: Literal["shuffled", "imported"] | None = None
    target: OverlapTarget | None = None


class Jobs:
    """`client.jobs`: any long work in the background."""

    def __init__(
        self, transport: Transport, path: str = "/v1/jobs", sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._transport = transport
        self._path = path
        self._sleep = sleep

    def get(self, job: str) -> Job:
        """Return a job and how far it is."""
        return self._transport.read(f"{self._path}/{job}", Job)

    def list(self) -> Iterator[Job]:
        """Yield the jobs."""
        return self._transport.pages(self._path, Job)

    def cancel(self, job: str) -> Job:
        """Stop a job; what it did already stays."""
        return self._transport.write("DELETE", f"/v1/jobs/{job}", Job)

    def wait(self, job: str, *, progress: OnJob | None = None, timeout_seconds: float | None = None) -> Job:
        """Wait until a job has ended, telling `progress` of every look at it.

        Raises JobFailed when it failed or was cancelled, TimeoutError when `timeout_seconds` are over.
        """
        deadline = None if timeout_seconds is None else time.monotonic() + timeout_seconds
        pause = POLL_SECONDS_FIRST
        while True:
            state = self.get(job)
            if progress:
                progress(state)
            if state.state == "succeeded":
                return state
            if state.ended:
                raise _failure(state)
            if deadline is not None and time.monotonic() > deadline:
                raise TimeoutError(
                    f"{state.kind} {job} is still {state.state} after {timeout_seconds:.0f} s."
                )
            self._sleep(pause)
            pause = min(pause * 1.5, POLL_SECONDS_LONGEST)


class Imports(Jobs):
    """`client.imports`: files of rows in, as items and as tasks."""

    def __init__(self, transport: Transport, sleep: Callable[[float], None] = time.sleep) -> None:
        super().__init__(transport, "/v1/imports", sleep)

    def start(
        self,
        upload: str,
        *,
        project: str | None = None,
        dataset: str | None = None,
        format: ImportFormat = "jsonl",
        name: str | None = None,
        release: bool = True,
        batch: NewBatch | None = None,
        files: Mapping[str, str] | None = None,
    ) -> Job:
        """Start importing an uploaded file (an asset's hash, or an upload's id).

        With a `project` the items become its tasks, in a `batch` of these terms, unless `release` is false.
        `files` gives the asset of each file name (COCO).
        """
        body: dict[str, Any] = {"upload": upload, "format": format}
        optional = {"project": project, "dataset": dataset, "name": name, "files": files, "batch": batch}
        body |= {key: value for key, value in optional.items() if value is not None}
        if not release:
            body["batch"] = None
        return self._transport.write("POST", self._path, Job, body)

    def refusals(self, job: str) -> Iterator[Refusal]:
        """Yield the rows that did not go in, with their lines and reasons."""
        return self._transport.pages(f"{self._path}/{job}/refusals", Refusal)


class Exports(Jobs):
    """`client.exports`: the outcomes of a project out, as a file."""

    def __init__(self, transport: Transport, sleep: Callable[[float], None] = time.sleep) -> None:
        super().__init__(transport, "/v1/exports", sleep)

    def start(
        self, project: str, *, format: ExportFormat = "jsonl", include_submissions: bool = False
    ) -> Job:
        """Start exporting; `include_submissions` adds everybody's answers beside each outcome (JSONL)."""
        body: dict[str, Any] = {"project": project, "format": format}
        if include_submissions:
            body["include_submissions"] = True
        return self._transport.write("POST", self._path, Job, body)

    def download(self, job: str, path: Path | str) -> int:
        """Write the file of a finished export, whole or not at all; returns its size in bytes."""
        target = Path(path)
        part = target.with_name(f"{target.name}.part")
        size = 0
        try:
            with part.open("wb") as file, self._transport.stream(f"{self._path}/{job}/content") as pieces:
                for piece in pieces:
                    size += file.write(piece)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
        return size


def _failure(job: Job) -> JobFailed:
    error = job.error or {}
    detail = str(error.get("detail") or f"The {job.kind} {job.id} was {job.state}.")
    return JobFailed(detail, code=str(error.get("code") or job.state), path=error.get("path"))

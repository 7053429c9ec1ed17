"""`annotary import`: a file of rows, or a folder of media, into a project."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from annotary.cli import targets
from annotary.cli.connection import EXIT_COULD_NOT_RUN, EXIT_FOUND, on_platform, read_json
from annotary.cli.finding import find_project
from annotary.cli.options import Json, ProjectOption, print_json, say

if TYPE_CHECKING:
    from annotary.client import Client, NewBatch
    from annotary.client.values import Job, Project, Refusal

REFUSALS_SHOWN = 20
MEDIA = {"image": "image/", "video": "video/"}


class ImportFormat(StrEnum):
    """What can be read. `folder`: the images or videos in a folder."""

    JSONL = "jsonl"
    COCO = "coco"
    PREFERENCE = "preference"
    FOLDER = "folder"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("import")(import_rows)


@on_platform
def import_rows(
    client: Client,
    source: Annotated[
        Path, typer.Argument(metavar="FILE|FOLDER", help="A file of rows, or a folder of media.", exists=True)
    ],
    project: ProjectOption,
    format: Annotated[
        ImportFormat | None,
        typer.Option("--format", "-f", help="Guessed when it is not said.", show_default=False),
    ] = None,
    images: Annotated[
        Path | None,
        typer.Option("--images", help="Where the images of a COCO file are (default: beside it)."),
    ] = None,
    priority: Annotated[str, typer.Option("--priority", help="urgent, high, normal or low.")] = "normal",
    overlap: Annotated[
        int | None, typer.Option("--overlap", help="Answers a task wants (default: the project's).")
    ] = None,
    target_confidence: targets.Confidence = None,
    target_accuracy: targets.Accuracy = None,
    target_budget: targets.Budget = None,
    target_overlap_max: targets.OverlapMax = None,
    target_price: targets.Price = 0.0,
    json: Json = False,
) -> None:
    """Upload, import and release as tasks. Refused rows are shown with line and reason (exit 1)."""
    from annotary.client import NewBatch

    kind = format or guessed(source)
    asked = (target_confidence, target_accuracy, target_budget, target_overlap_max, target_price)
    target = targets.target_of(*asked)
    batch = NewBatch(priority=priority, overlap=overlap, target=target)  # type: ignore[arg-type]
    found = find_project(client, project)
    uploads = Uploads(client)
    job = _start(uploads, client, found, source, kind, images, batch)
    from annotary.cli.shown import follow_job, progress_bar

    with progress_bar("Importing") as update:
        ended = client.imports.wait(job.id, progress=follow_job(update))
    refusals = list(client.imports.refusals(job.id))
    _report(ended, refusals, uploads, json)
    if refusals or uploads.refused:
        raise typer.Exit(EXIT_FOUND)


def guessed(source: Path) -> ImportFormat:
    """Return the format that a name suggests: a folder is one of media, `.json` is COCO, all else lines."""
    if source.is_dir():
        return ImportFormat.FOLDER
    return ImportFormat.COCO if source.suffix == ".json" else ImportFormat.JSONL


def media_files(folder: Path, modality: str) -> list[Path]:
    """Return the files of a modality below a folder, sorted; hidden ones are passed over."""
    from annotary.client.catalog import media_type_of

    kind = MEDIA.get(modality, "text/")
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".") and media_type_of(path.name).startswith(kind)
    )


class Uploads:
    """The media files of an import: their hashes by name, and those the platform refused, with the reason."""

    def __init__(self, client: Client) -> None:
        self.hashes: dict[str, str] = {}
        self.refused: dict[str, str] = {}
        self._client = client

    def send(self, folder: Path, files: Sequence[Path]) -> None:
        """Upload files below a folder; one that is broken does not hold up the others."""
        from annotary.cli.shown import progress_bar
        from annotary.client.errors import InvalidInput

        sizes = {path: path.stat().st_size for path in files}
        with progress_bar(f"Uploading {len(files)} files") as update:
            sent = 0
            for path, size in sizes.items():
                name = str(path.relative_to(folder))
                try:
                    self.hashes[name] = self._client.assets.upload(path).hash
                except InvalidInput as error:
                    self.refused[name] = error.detail
                sent += size
                update(sent, sum(sizes.values()))


def _start(
    uploads: Uploads,
    client: Client,
    project: Project,
    source: Path,
    kind: ImportFormat,
    images: Path | None,
    batch: NewBatch,
) -> Job:
    from annotary.cli.shown import progress_bar

    if kind is ImportFormat.FOLDER:
        rows = b"".join(_rows_of(uploads, project, source))
        asset = client.assets.upload_bytes(rows, "application/jsonl")
        return client.imports.start(asset.hash, project=project.id, batch=batch)
    files: dict[str, str] | None = None
    if kind is ImportFormat.COCO:
        files = _coco_files(uploads, source, images or source.parent)
    with progress_bar(f"Uploading {source.name}") as update:
        asset = client.assets.upload(source, media_type="application/octet-stream", progress=update)
    name = "preference_jsonl" if kind is ImportFormat.PREFERENCE else kind.value
    return client.imports.start(asset.hash, project=project.id, format=name, batch=batch, files=files)  # type: ignore[arg-type]


def _rows_of(uploads: Uploads, project: Project, folder: Path) -> Iterator[bytes]:
    """Upload the media of a folder and yield their rows; text files are rows themselves."""
    import msgspec

    files = media_files(folder, project.modality)
    if not files:
        say(f"annotary: {folder} holds no {project.modality} files.")
        raise typer.Exit(EXIT_COULD_NOT_RUN)
    if project.modality == "text":
        for path in files:
            row = {"unique_id": str(path.relative_to(folder)), "text": path.read_text(encoding="utf-8")}
            yield msgspec.json.encode(row) + b"\n"
        return
    uploads.send(folder, files)
    if not uploads.hashes:
        _show_refused(uploads)
        raise typer.Exit(EXIT_COULD_NOT_RUN)
    for name, asset in uploads.hashes.items():
        yield msgspec.json.encode({"unique_id": name, "asset": asset}) + b"\n"


def _coco_files(uploads: Uploads, document: Path, folder: Path) -> dict[str, str]:
    """Upload the images a COCO file names; those that are not there are left to the import to refuse."""
    named = [one["file_name"] for one in read_json(document)["images"]]
    present = {path.name: path for path in media_files(folder, "image")}
    found = {
        name: folder / name if (folder / name).is_file() else present.get(Path(name).name) for name in named
    }
    uploads.send(folder, [path for path in found.values() if path is not None])
    names = {name: str(path.relative_to(folder)) for name, path in found.items() if path is not None}
    return {name: uploads.hashes[inside] for name, inside in names.items() if inside in uploads.hashes}


def _report(job: Job, refusals: Sequence[Refusal], uploads: Uploads, json: bool) -> None:
    result = job.result or {}
    if json:
        ok = not refusals and not uploads.refused
        shown = {"ok": ok, "job": job.id, "result": result, "refusals": refusals}
        print_json({**shown, "refused_files": uploads.refused})
        return
    _show_refused(uploads)
    for one in refusals[:REFUSALS_SHOWN]:
        say(f"line {one.line}: {one.reason}")
    if len(refusals) > REFUSALS_SHOWN:
        say(f"... and {len(refusals) - REFUSALS_SHOWN} more; --json lists them.")
    counts = ", ".join(f"{name} {value:,}" for name, value in result.items() if isinstance(value, int))
    say(f"Imported: {counts or job.state}.")


def _show_refused(uploads: Uploads) -> None:
    for name, reason in uploads.refused.items():
        say(f"{name}: {reason}")

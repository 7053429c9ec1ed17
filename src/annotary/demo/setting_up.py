"""Work put on a platform: its ontology, and its items as the tasks of a project."""

from __future__ import annotations

import mimetypes
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import msgspec

from annotary.client import Client
from annotary.client.values import Job
from annotary.demo.values import SampleItem, Work

SET_UP_AT_ONCE = 8


def ontology_of(client: Client, work: Work) -> str:
    """Return the id of the work's ontology; an earlier run may have made it."""
    for one in client.ontologies.list():
        if one.name == work.name:
            return client.ontologies.publish(one.id, work.definition).ontology
    return client.ontologies.create(work.name, work.modality, work.definition).id


def import_items(
    client: Client, project: str, items: Sequence[SampleItem], at_once: int = SET_UP_AT_ONCE
) -> Job:
    """Upload the items' files, so many at once, and start the import that makes tasks of the items."""

    def row(item: SampleItem) -> dict[str, object]:
        if item.file is None:
            return {"unique_id": item.unique_id, **item.row}
        media_type = mimetypes.guess_type(item.file.name)[0] or "application/octet-stream"
        asset = client.assets.upload(item.file, media_type=media_type)
        return {"unique_id": item.unique_id, "asset": asset.hash, **item.row}

    with ThreadPoolExecutor(at_once) as threads:
        lines = b"".join(msgspec.json.encode(one) + b"\n" for one in threads.map(row, items))
    file = client.assets.upload_bytes(lines, "application/jsonl")
    return client.imports.start(file.hash, project=project)

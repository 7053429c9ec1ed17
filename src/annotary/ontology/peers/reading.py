"""Reads the definition of another program, told apart by its form."""

from __future__ import annotations

from typing import Any, Literal, get_args

import msgspec

from annotary.kernel.limits import ONTOLOGY_BYTES_MAX
from annotary.ontology.errors import InvalidOntology
from annotary.ontology.peers import coco, cvat, label_studio, labelbox
from annotary.ontology.peers.values import Imported, Modality

Peer = Literal["label_studio", "cvat", "coco", "labelbox"]
PEERS: tuple[Peer, ...] = get_args(Peer)


def read(content: bytes, peer: Peer | None = None, modality: Modality | None = None) -> Imported:
    """Return another program's definition as ours, with what is lost; raises InvalidOntology.

    Without `peer` the form decides: XML, or the keys that each program's JSON has. `modality` is asked for
    where the document does not say it (CVAT, Labelbox); without it it is `image`.
    """
    text = content.decode("utf-8-sig", errors="replace").strip()
    if peer == "label_studio" or (peer is None and text.startswith("<")):
        return label_studio.read(text)
    document = _json(text)
    found = peer or _peer_of(document)
    if found == "coco":
        return coco.read(document)
    if found == "labelbox":
        return labelbox.read(document, modality)
    return cvat.read(document, modality or "image")


def _json(text: str) -> Any:
    if len(text) > 100 * ONTOLOGY_BYTES_MAX:
        raise InvalidOntology(
            path="", found=f"{len(text)} characters", expected="a definition, not a data set"
        )
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
        raise InvalidOntology(path="", found=str(error), expected="JSON, or XML of Label Studio") from None


def _peer_of(document: Any) -> Peer:
    if isinstance(document, dict):
        if "categories" in document:
            return "coco"
        if document.keys() & {"tools", "classifications", "normalized"}:
            return "labelbox"
        return "cvat"
    first = document[0] if isinstance(document, list) and document else None
    is_coco = isinstance(first, dict) and "id" in first and "attributes" not in first and "type" not in first
    return "coco" if is_coco else "cvat"

"""What comes of reading another program's definition."""

from __future__ import annotations

from typing import Literal

import msgspec

from annotary.ontology.values import Definition

Modality = Literal["text", "image", "video"]


class PeerLoss(msgspec.Struct, frozen=True):
    """Something of the other definition that ours does not say; `path` is its place in the document."""

    path: str
    what: str


class Imported(msgspec.Struct, frozen=True):
    """A definition as Annotary has it. Check it with the label types of `modality` before it is published."""

    modality: Modality
    definition: Definition
    losses: tuple[PeerLoss, ...]

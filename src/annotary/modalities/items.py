"""Reads an item's payload as what its modality needs."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from annotary.modalities.errors import NOTHING, InvalidItem
from annotary.modalities.label_type import Item
from annotary.ontology.pointers import complaint_of, value_at

ROOT = "/item"
S = TypeVar("S", bound=msgspec.Struct)


def read_item(item: Item, item_type: type[S]) -> S:
    """Return an item as a struct of its modality; raises InvalidItem with the path of what is wrong."""
    try:
        return msgspec.convert(item, item_type)
    except msgspec.ValidationError as error:
        complaint = complaint_of(str(error), ROOT)
        found = NOTHING if complaint.at_field else value_at(item, complaint.path, ROOT)
        raise InvalidItem(path=complaint.path, found=found, expected=complaint.expected) from None

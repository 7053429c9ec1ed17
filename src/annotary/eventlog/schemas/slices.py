"""Events of slices, the filters that a project's team keeps; every modality writes its own."""

from __future__ import annotations

from uuid import UUID

from annotary.eventlog.schemas.declaring import MODALITIES, Data, Number, event


class OfSlice(Data):
    """Which slice of which project."""

    project: UUID
    name: str
    version: Number


@event("slice.saved", "slice", MODALITIES)
class SliceSaved(OfSlice):
    """A filter was kept under a name."""


@event("slice.changed", "slice", MODALITIES)
class SliceChanged(OfSlice):
    """A slice has another name or filter."""


@event("slice.removed", "slice", MODALITIES)
class SliceRemoved(OfSlice):
    """A slice was forgotten."""

"""What a project asks of each message of a conversation."""

from __future__ import annotations

import msgspec

from annotary.modalities.label_type import Settings
from annotary.modalities.ratings import Scale, check_levels


class ChatSettings(Settings, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Messages of `roles` are rated; see the label type for the rest."""

    required: bool = True
    roles: list[str] = msgspec.field(default_factory=lambda: ["assistant"])
    minimum: int = 1
    maximum: int = 5
    scales: dict[str, Scale | None] = msgspec.field(default_factory=dict)
    complete: bool = True

    def __post_init__(self) -> None:
        """Refuse a scale without two levels, and one too long to be read."""
        check_levels(self.minimum, self.maximum)

    def scale(self, label: str) -> Scale | None:
        """Return the scale of a label; None for one that has no level."""
        return self.scales.get(label, Scale(self.minimum, self.maximum))

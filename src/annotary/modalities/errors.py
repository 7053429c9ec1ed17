"""What can be wrong with an answer, or with the item it is about."""

from __future__ import annotations

from typing import Final

from annotary.kernel.errors import Invalid


class InvalidAnswer(Invalid):
    """The answer does not fit the ontology version its assignment pinned: correct it at `path`."""

    code = "invalid_answer"
    title = "Invalid answer"


class InvalidItem(Invalid):
    """The item lacks what its modality needs: import it again with the field at `path`."""

    code = "invalid_item"
    title = "Invalid item"


class InvalidModality(Invalid):
    """There is no such modality."""

    code = "invalid_modality"
    title = "Unknown modality"


class _Nothing:
    """Stands for an absent value in a message."""

    def __repr__(self) -> str:
        return "nothing"


NOTHING: Final = _Nothing()

"""What a migration notes while it changes one answer."""

from __future__ import annotations

from typing import Any

from annotary.ontology.pointers import escape
from annotary.ontology.steps.values import Loss, LossKind


class Trace:
    """The mark that is being changed, the losses so far, and the places that people must decide."""

    __slots__ = ("ambiguous", "frames", "index", "losses", "tool")

    def __init__(self) -> None:
        self.losses: list[Loss] = []
        self.ambiguous: list[str] = []
        self.tool, self.index = "", 0
        self.frames: str | None = None

    def lose(self, field: str, kind: LossKind, was: Any) -> None:
        """Note that something of the present mark is lost."""
        self.losses.append(Loss(f"/{escape(self.tool)}/{self.index}{field}", kind, was))

    def ask(self, field: str) -> None:
        """Note that people must decide something of the present mark."""
        self.ambiguous.append(f"/{escape(self.tool)}/{self.index}{field}")

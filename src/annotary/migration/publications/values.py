"""Publications: what is asked, what a check finds, what is watched."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from annotary.migration.values import Ambiguous
from annotary.migration.values_looking import Looked
from annotary.ontology.compatibility import Compatibility
from annotary.ontology.diff import Change as Difference
from annotary.ontology.views import OntologyVersionView

PublicationState = Literal["watching", "full", "withdrawn"]
Verdict = Literal["too_early", "as_before", "worse"]


class Watch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """By what a version on trial is judged, once it and the one before have `answers_min` answers each.

    It is worse when its share of refused answers, or of disagreement, is above that of the version before by
    more than the given difference, and not by chance (1 in 100 looks). `withdraw`: it goes back by itself.
    """

    refusals_more_max: float = 0.05
    disagreement_more_max: float = 0.05
    answers_min: int = 50
    withdraw: bool = True


class NewPublication(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A version to be published: by `steps` from the latest, by its `definition`, or both, which must agree.

    `projects` (all where none are named) get it first, for this `share` of their tasks; with neither, all get
    it at once. `migrate`: stored answers are brought along where a project gets it whole.
    """

    steps: list[dict[str, Any]] | None = None
    definition: dict[str, Any] | None = None
    projects: list[str] = []
    share: float = 1.0
    migrate: bool = True
    ambiguous: Ambiguous = "keep"
    watch: Watch = Watch()
    reason: str = ""


class Checked(msgspec.Struct, frozen=True):
    """How a definition agrees with the version before, in words, and what it would do to stored answers."""

    compatibility: Compatibility
    differences: tuple[Difference, ...]
    steps: msgspec.Raw
    refused: str
    answers: Looked


class Rates(msgspec.Struct, frozen=True):
    """What was seen under a version since it is on trial; rates are null while nothing was seen."""

    answers: int = 0
    refusals: int = 0
    compared: int = 0
    disagreement: float = 0.0

    @property
    def refusal_rate(self) -> float:
        """The share of answers that were refused as invalid."""
        asked = self.answers + self.refusals
        return self.refusals / asked if asked else 0.0


class Watched(msgspec.Struct, frozen=True):
    """The version on trial beside the one before, and what is to be thought of it."""

    trial: Rates
    before: Rates
    verdict: Verdict
    reason: str


class Before(msgspec.Struct, frozen=True):
    """What a project had before a publication, and the change that migrates its answers (None: none does)."""

    version: UUID
    change: UUID | None = None


class PublicationView(msgspec.Struct, frozen=True):
    """A publication. `changes` are the migrations of answers, by project."""

    id: str
    ontology: str
    version: OntologyVersionView
    previous: str
    state: PublicationState
    projects: list[str]
    share: float
    checked: Checked | msgspec.Raw
    watched: Watched | msgspec.Raw | None
    changes: dict[str, str]
    reason: str | None
    created_by: str | None
    created_at: datetime
    changed_at: datetime

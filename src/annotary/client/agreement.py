"""How far the annotators of a project agree."""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

from annotary.client.transport import Transport
from annotary.client.values import Modality

AgreementBy = Literal["none", "label", "pair", "batch", "week"]


class Measured(msgspec.Struct, frozen=True):
    """A measure with its 95 % interval; null where it is not defined."""

    value: float | None = None
    low: float | None = None
    high: float | None = None


class AgreementAnnotator(msgspec.Struct, frozen=True):
    """One of two annotators who are compared."""

    member: str
    name: str | None = None


class AgreementGroup(msgspec.Struct, frozen=True):
    """How far answers with one tool agree, in the group that was asked for, over so many tasks."""

    tool: str
    tasks: int
    measures: dict[str, Measured]
    label: str | None = None
    annotators: list[AgreementAnnotator] | None = None
    batch: str | None = None
    week: date | None = None


class ProjectAgreement(msgspec.Struct, frozen=True):
    """How far a project's annotators agree; `waiting` tasks are not in the numbers yet."""

    project: str
    by: AgreementBy
    groups: list[AgreementGroup]
    groups_total: int
    waiting: int
    failed: int


class Agreement:
    """`client.agreement`: measures over the tasks that several people answered."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get(
        self, modality: Modality, project: str, *, by: AgreementBy = "none", measure: str | None = None
    ) -> ProjectAgreement:
        """Return a project's agreement: by label, pair of annotators, batch or week, or all together."""
        params = {"project": project, "by": by, "measure": measure}
        return self._transport.read(f"/v1/{modality}/agreement", ProjectAgreement, params)

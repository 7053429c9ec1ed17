"""How an event type is declared: a struct of its data, whose docstring is its meaning."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from types import ModuleType
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta

PLATFORM = ("platform",)
MODALITIES = ("text", "image", "video")

# BLAKE3, as hexadecimal digits.
Hash = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
Count = Annotated[int, Meta(ge=0)]
Number = Annotated[int, Meta(ge=1)]
Moment = Annotated[datetime, Meta(tz=True)]
Share = Annotated[float, Meta(ge=0, le=1)]
# Ids in their outside form.
Member = Annotated[str, Meta(pattern="^mem_[0-9a-f]{32}$")]
Project = Annotated[str, Meta(pattern="^prj_[0-9a-f]{32}$")]
Dataset = Annotated[str, Meta(pattern="^dst_[0-9a-f]{32}$")]
Ontology = Annotated[str, Meta(pattern="^ont_[0-9a-f]{32}$")]
OntologyVersion = Annotated[str, Meta(pattern="^onv_[0-9a-f]{32}$")]


class Data(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What an event carries."""


class EventType(msgspec.Struct, frozen=True):
    """A registered type. `subject` is the kind of id (`kernel.ids`) that its subject has."""

    name: str
    version: int
    subject: str
    services: tuple[str, ...]
    data: type[Data]
    meaning: str


Declared = TypeVar("Declared", bound=type[Data])
_DECLARED: dict[str, list[EventType]] = {}


def event(
    name: str, subject: str, services: tuple[str, ...], version: int = 1
) -> Callable[[Declared], Declared]:
    """Declare that a struct is the data of an event type; its docstring is a sentence of meaning."""

    def declare(data: Declared) -> Declared:
        meaning = " ".join((data.__doc__ or "").split())
        declared = EventType(name, version, subject, services, data, meaning)
        _DECLARED.setdefault(data.__module__, []).append(declared)
        return data

    return declare


def declared_in(module: ModuleType) -> list[EventType]:
    """Return the types that a module declares, in their order there."""
    return _DECLARED[module.__name__]

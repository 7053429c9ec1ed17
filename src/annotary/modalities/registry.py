"""The label types there are: every package below a modality that exposes LABEL_TYPE."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType

from annotary.modalities.errors import InvalidModality
from annotary.modalities.label_type import LabelType

_ROOT = "annotary.modalities"


def _packages(name: str) -> list[str]:
    return [module.name for module in iter_modules(import_module(name).__path__) if module.ispkg]


@cache
def modalities() -> tuple[str, ...]:
    """Return the names of all modalities, sorted."""
    return tuple(sorted(_packages(_ROOT)))


@cache
def label_types(modality: str) -> Mapping[str, LabelType]:
    """Return a modality's label types by name, sorted; raises InvalidModality for an unknown modality."""
    if modality not in modalities():
        raise InvalidModality(path="/modality", found=modality, expected=f"one of {', '.join(modalities())}")
    root = f"{_ROOT}.{modality}"
    found = [import_module(f"{root}.{name}").LABEL_TYPE for name in _packages(root)]
    return MappingProxyType(
        {label_type.name: label_type for label_type in sorted(found, key=lambda one: one.name)}
    )

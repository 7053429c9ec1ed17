"""A definition while one step changes it, and how it refuses."""

from __future__ import annotations

from typing import Any, NoReturn

import msgspec

from annotary.ontology.errors import InvalidStep
from annotary.ontology.values import Attribute, Definition, Label

# The settings of tools whose keys are names of labels: they have to follow when labels change.
SETTINGS_BY_LABEL = ("scales", "skeletons")


class Draft:
    """Labels and tools that a step may change; `path` (`/steps/3`) is where its complaints point to."""

    def __init__(self, definition: Definition, path: str) -> None:
        self.labels = list(definition.labels)
        self.tools = dict(definition.tools)
        self._path = path

    def definition(self) -> Definition:
        """Return what became of the definition."""
        return Definition(tools=self.tools, labels=tuple(self.labels))

    def refuse(self, field: str, found: object, expected: str) -> NoReturn:
        """Raise InvalidStep at a field of the step."""
        raise InvalidStep(path=f"{self._path}/{field}", found=found, expected=expected)

    def place(self, name: str, field: str = "label") -> int:
        """Return the place of a label; refuses a name that no label has."""
        found = next((index for index, label in enumerate(self.labels) if label.name == name), None)
        if found is None:
            self.refuse(field, name, "a label of the ontology at this step")
        return found

    def must_be_new(self, name: str, field: str) -> None:
        """Refuse the name of a label that exists."""
        if any(label.name == name for label in self.labels):
            self.refuse(field, name, "a name that no label has at this step")

    def put(self, index: int, **changes: Any) -> None:
        """Change fields of one label."""
        self.labels[index] = msgspec.structs.replace(self.labels[index], **changes)

    def insert(self, label: Label, at: int | None) -> None:
        """Add a label at a place, by default the last."""
        size = len(self.labels)
        if at is not None and not 0 <= at <= size:
            self.refuse("at", at, f"0 to {size}, a place among the labels")
        self.labels.insert(size if at is None else at, label)

    def children(self, name: str) -> list[int]:
        """Return the places of the labels right below one."""
        return [index for index, label in enumerate(self.labels) if label.parent == name]

    def attribute(self, label: str, name: str) -> tuple[int, int, Attribute]:
        """Return the label's place, the attribute's place within it, and the attribute."""
        index = self.place(label)
        names = [attribute.name for attribute in self.labels[index].attributes]
        if name not in names:
            known = ", ".join(names) or "none"
            self.refuse("attribute", name, f"an attribute of {label} at this step (it has: {known})")
        at = names.index(name)
        return index, at, self.labels[index].attributes[at]

    def put_attribute(self, index: int, at: int, **changes: Any) -> None:
        """Change fields of one attribute."""
        attributes = list(self.labels[index].attributes)
        attributes[at] = msgspec.structs.replace(attributes[at], **changes)
        self.put(index, attributes=tuple(attributes))

    def scales(self, name: str) -> dict[tuple[str, str], Any]:
        """Return what each tool's settings say about one label, by tool and setting."""
        return {
            (tool, setting): said[name]
            for tool, settings in self.tools.items()
            for setting in SETTINGS_BY_LABEL
            if isinstance(said := settings.get(setting), dict) and name in said
        }

    def rescale(self, name: str, to: tuple[str, ...]) -> None:
        """Say of the labels `to` what the tools' settings say of `name`, and nothing of `name` any more."""
        for (tool, setting), said in self.scales(name).items():
            settings = self.tools[tool]
            kept = {one: value for one, value in settings[setting].items() if one != name}
            scales = kept | dict.fromkeys(to, said)
            rest = {one: value for one, value in settings.items() if one != setting}
            self.tools[tool] = rest | ({setting: scales} if scales else {})

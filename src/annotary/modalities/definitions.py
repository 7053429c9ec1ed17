"""Whether a definition can be used with a modality: its tools are known and each has what it needs."""

from __future__ import annotations

from annotary.modalities.label_type import LabelType, Settings
from annotary.modalities.registry import label_types
from annotary.ontology.errors import InvalidOntology
from annotary.ontology.pointers import escape
from annotary.ontology.rules import ROOT, check_structure, read_as
from annotary.ontology.values import Definition


def check_definition(modality: str, definition: Definition) -> None:
    """Raise InvalidOntology, with its path, where answers could not be checked against this definition."""
    check_structure(definition)
    known = label_types(modality)
    for name in definition.tools:
        path = f"{ROOT}/tools/{escape(name)}"
        if name not in known:
            raise InvalidOntology(
                path=path, found=name, expected=f"a tool for {modality}: {', '.join(known)}"
            )
        settings = settings_of(known[name], definition)
        if known[name].labelled and not any(
            not label.tools or name in label.tools for label in definition.labels
        ):
            raise InvalidOntology(
                path=path, found="no label for this tool", expected="at least one label it may use"
            )
        known[name].compile(definition, settings)
    _check_frames(definition, {name for name in definition.tools if known[name].marks.frames})


def _check_frames(definition: Definition, moving: set[str]) -> None:
    """An attribute of each frame needs a tool that has frames."""
    for index, label in enumerate(definition.labels):
        for at, attribute in enumerate(label.attributes):
            if attribute.per == "frame" and not moving & set(label.tools or definition.tools):
                path = f"{ROOT}/labels/{index}/attributes/{at}/per"
                raise InvalidOntology(
                    path=path, found="frame", expected="mark: no tool of this label has frames"
                )


def settings_of(label_type: LabelType, definition: Definition) -> Settings:
    """Return a tool's settings as the definition has them; raises InvalidOntology where one is wrong."""
    root = f"{ROOT}/tools/{label_type.name}"
    return read_as(definition.tools[label_type.name], label_type.settings_type, root)

"""Migrations of one modality's answers: the ontology's steps with what its label types know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import msgspec

from annotary.modalities.answers import compile_ontology
from annotary.modalities.decoding import ROOT
from annotary.modalities.definitions import settings_of
from annotary.modalities.errors import InvalidAnswer
from annotary.modalities.label_type import Item
from annotary.modalities.registry import label_types
from annotary.ontology.compatibility import Compatibility, check
from annotary.ontology.rules import content_hash
from annotary.ontology.steps.apply import compile
from annotary.ontology.steps.program import Rewritten
from annotary.ontology.steps.values import Step, ToolRules
from annotary.ontology.values import Definition


def tool_rules(modality: str, definition: Definition) -> Mapping[str, ToolRules]:
    """Return what a migration must know of the definition's tools; raises InvalidOntology."""
    found = {}
    for name, label_type in label_types(modality).items():
        if name in definition.tools:
            settings = settings_of(label_type, definition)
            found[name] = msgspec.structs.replace(
                label_type.marks,
                required=settings.required,
                single=not getattr(settings, "multiple", True),
                complete=getattr(settings, "complete", False),
                optional=frozenset(
                    name for name, one in getattr(settings, "scales", {}).items() if one is None
                ),
            )
    return found


def compatibility(
    modality: str, before: Definition, after: Definition, steps: Sequence[Step] = ()
) -> Compatibility:
    """Return how two versions of one modality agree; see `ontology.compatibility.check`."""
    return check(before, after, steps, partial(tool_rules, modality))


class Migration:
    """Brings canonical answers of one version to another one; made once, used for any number of answers.

    `needs_item`: a step changes what a tool allows, so that `rewrite` wants the items of the answers.
    """

    def __init__(self, modality: str, before: Definition, steps: Sequence[Step]) -> None:
        self.program = compile(before, steps, partial(tool_rules, modality))
        self.after = self.program.after
        self.validator = compile_ontology(modality, self.after, content_hash(self.after))
        self.needs_item = bool(self.program.changed_tools)

    def rewrite(self, encoded: bytes, item: Item | None = None) -> Rewritten:
        """Return an answer's canonical bytes under the new version, or the places that people must decide.

        `encoded` are the canonical bytes under the old version. What is unchanged is the same object.
        """
        found = self.program.rewrite(encoded)
        if not self.needs_item or found.ambiguous or not self.program.touches(encoded):
            return found
        if item is None:
            raise ValueError("These steps change what a tool allows: give the answer's item.")
        try:
            after = self.validator.validate(found.encoded, item).encoded
        except InvalidAnswer as error:
            return Rewritten(encoded, False, (), ((error.path or "").removeprefix(ROOT),))
        if after == encoded:
            return found._replace(encoded=encoded, changed=False)
        return found._replace(encoded=after, changed=True)

"""What can be wrong with an ontology or its definition."""

from __future__ import annotations

from annotary.kernel.errors import Conflict, Invalid, NotFound


class InvalidOntology(Invalid):
    """The definition of an ontology version cannot be used: correct it at `path` and publish it again."""

    code = "invalid_ontology"
    title = "Invalid ontology"


class InvalidStep(Invalid):
    """A step cannot be applied to the ontology as the steps before it left it: correct it at `path`."""

    code = "invalid_step"
    title = "Invalid ontology step"


class UnknownOntology(NotFound):
    """There is no such ontology."""


class UnknownOntologyVersion(NotFound):
    """There is no such version of this ontology, or none of your projects uses it."""


class OntologyNameTaken(Conflict):
    """The organisation has an ontology of this name: publish a version of it, or choose another name."""

    code = "already_exists"


class BreakingChange(Conflict):
    """Answers given so far may be invalid under this version: give steps, and let answers be migrated."""

    code = "breaking_change"
    title = "The change would break answers"

"""What can go wrong with publications."""

from __future__ import annotations

from annotary.kernel.errors import Conflict, NotFound


class UnknownPublication(NotFound):
    """There is no such publication, or you may not see it."""

    code = "unknown_publication"


class PublicationUnderWay(Conflict):
    """Another version of this ontology is being tried: give it to all projects, or withdraw it first."""

    code = "publication_under_way"


class PublicationEnded(Conflict):
    """The publication is not in a state for this."""

    code = "publication_ended"


class NothingChanges(Conflict):
    """The definition is that of the version before."""

    code = "nothing_changes"

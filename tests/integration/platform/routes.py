"""Every route of the platform."""

from __future__ import annotations

from annotary.catalog.routes import ROUTES as CATALOG
from annotary.identity.routes import ROUTES as IDENTITY
from annotary.ontology.routes import ROUTES as ONTOLOGY
from annotary.projects.routes import ROUTES as PROJECTS

ALL = [*IDENTITY, *ONTOLOGY, *PROJECTS, *CATALOG]

"""What can be wrong with a project."""

from __future__ import annotations

from annotary.kernel.errors import Conflict, NotFound


class ProjectDeleted(Conflict):
    """This project was deleted: its record is kept, and nothing about it can be changed."""

    code = "project_deleted"


class NotOnProject(NotFound):
    """This member is not on the project."""

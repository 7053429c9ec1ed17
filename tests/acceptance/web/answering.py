"""The end of a task in tests of label types: what axe says of the page, and the answer as it was stored."""

from __future__ import annotations

from typing import Any

from bench.workspace import Workspace

from acceptance.web.axe import violations
from acceptance.web.labelling import Labeller


def finished(workspace: Workspace, labeller: Labeller) -> dict[str, Any]:
    """Submit the item called "first" and return its answer; what axe takes as serious fails."""
    found = violations(labeller.page)
    assert not found, found
    labeller.submit()
    labeller.await_saved()
    return workspace.stored_answer(labeller.project, "first")

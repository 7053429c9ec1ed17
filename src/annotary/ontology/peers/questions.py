"""Questions about a whole item, which other programs ask side by side, as one classification."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from annotary.ontology.peers.gathering import Gathering


class Question(NamedTuple):
    """A choice among options; `options` are (path, name, parent option or None) of each."""

    path: str
    name: str
    options: Sequence[tuple[str, str, str | None]]
    multiple: bool
    required: bool


def add_questions(gathered: Gathering, questions: Sequence[Question]) -> None:
    """Make classes of the options. Of several questions the options are called `question: option`."""
    for question in questions:
        if not question.options:
            gathered.lose(question.path, f"the question {question.name}: it has no choices of its own")
    questions = [question for question in questions if question.options]
    if not questions:
        return
    several = len(questions) > 1
    for question in questions:
        if several and not question.multiple:
            gathered.lose(question.path, f"that {question.name} has one answer at most")
        if several and question.required:
            gathered.lose(question.path, f"that {question.name} must be answered")
        for path, name, parent in question.options:
            start = f"{question.name}: " if several else ""
            above = None if parent is None else gathered.name(path, start + parent)
            gathered.label(path, start + name, ["classification"], parent=above)
    gathered.tools["classification"] = {
        "multiple": several or questions[0].multiple,
        "required": not several and questions[0].required,
    }

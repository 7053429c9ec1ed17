"""The annotators of the demo: five of differing skill, or those whose answers were recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from annotary.demo.noise import Skill, disturbed
from annotary.demo.values import Annotator, Answer, Item, Turn

CLAIMED_AT_ONCE = 4

SKILLS = {
    "Ada (careful)": Skill(confusion=0.04, omission=0.03, jitter=0.03, stride=4),
    "Ben (practised)": Skill(confusion=0.10, omission=0.06, jitter=0.05, stride=6, lateness=1),
    "Cleo (practised)": Skill(confusion=0.14, omission=0.08, jitter=0.06, stride=8, lateness=1),
    "Dov (new)": Skill(confusion=0.22, omission=0.14, jitter=0.10, stride=12, lateness=2),
    "Eli (hurried)": Skill(confusion=0.32, omission=0.22, jitter=0.14, stride=16, lateness=4),
}


def simulated(truth: Mapping[str, Answer], labels: Sequence[str], *, stride: int = 1) -> list[list[Turn]]:
    """Return one shift of five people who each answer every item; `stride` widens the gaps of keyframes."""

    def person(name: str, skill: Skill) -> Annotator:
        used = msgspec.structs.replace(skill, stride=skill.stride * stride)

        def answer(unique_id: str, item: Item) -> Answer:
            return disturbed(truth[unique_id], used, labels, item, f"{name}/{unique_id}")

        return Annotator(name, answer)

    people = [person(name, skill) for name, skill in SKILLS.items()]
    return [[Turn(one, len(truth), CLAIMED_AT_ONCE) for one in people]]


def recorded(name: str, answers: Mapping[str, Answer]) -> Annotator:
    """Return somebody who answers as they once did."""
    return Annotator(name, lambda unique_id, _: answers.get(unique_id))

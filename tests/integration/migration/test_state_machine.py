"""Random chains of steps with labelling, drafts, leases and rollbacks in between: no stored answer ever fails
the validator of its own version, and nothing is lost.
"""

from __future__ import annotations

import contextlib
import random
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest

from annotary.kernel.ids import format_id
from annotary.ontology.errors import InvalidStep
from annotary.ontology.values import Label
from integration.migration.stage import NOW, Stage

ROUNDS = 40
Step = dict[str, Any]


class Machine:
    """What people and managers do to one project, at random. `given`: every answer as it was first stored."""

    def __init__(self, stage: Stage, chance: random.Random) -> None:
        self.stage, self.chance = stage, chance
        self.line = [stage.version]
        self.changes: list[tuple[str, UUID, UUID]] = []
        self.leases: list[tuple[UUID, UUID]] = []
        self.given: dict[tuple[str, UUID], str] = {}
        self.names = 0

    def name(self, prefix: str) -> str:
        self.names += 1
        return f"{prefix}-{self.names}"

    async def label(self) -> None:
        """Somebody answers a task under a version that they pin now."""
        await self.stage.answers(self.chance.randint(1, 3), self.chance)

    async def claim(self) -> None:
        """Somebody takes a task, and is not done before the ontology changes."""
        (task,) = await self.stage.tasks(1)
        self.leases.append((await self.stage.lease(task), self.stage.version))

    async def submit(self) -> None:
        """Somebody who took a task answers under the version that the lease pinned."""
        if self.leases:
            lease, version = self.leases.pop(self.chance.randrange(len(self.leases)))
            await self.stage.seed.submit(lease, self.stage.made_up(self.chance, version))

    async def draft(self) -> None:
        """Somebody writes a draft under a lease, or loses the lease with a draft in hand."""
        if not self.leases:
            return
        lease, version = self.chance.choice(self.leases)
        answer = self.stage.made_up(self.chance, version)
        await self.stage.draft(lease, answer)
        if self.chance.random() < 0.5:
            self.leases.remove((lease, version))
            await self.stage.database.execute(
                "UPDATE assignments SET state = 'expired', ended_at = $2 WHERE id = $1", lease, NOW
            )

    async def publish(self) -> None:
        """A manager publishes some steps, and answers are brought along."""
        before = self.line[-1]
        version = before
        while version == before:
            steps = [self.step() for _ in range(self.chance.randint(1, 3))]
            with contextlib.suppress(InvalidStep):
                version = await self.stage.publish(steps)
        self.line.append(version)
        ambiguous = self.chance.choice(["keep", "requeue"])
        change = await self.migrated(self.chance.random() < 0.3, ambiguous)
        self.changes.append((change, before, version))

    async def migrated(self, interrupted: bool, ambiguous: str) -> str:
        """Migrate, perhaps by a worker that dies on the way and another that goes on."""
        stage = self.stage
        body = {"project": format_id("project", stage.project), "ambiguous": ambiguous}
        asked = await stage.ask("/migrations", body)
        if interrupted:
            await stage.do_until(asked, batches=self.chance.randint(1, 4))
        change = await stage.do(asked)
        assert change["state"] in ("succeeded", "following"), change
        return str(change["id"])

    async def take_back(self) -> None:
        """A manager takes the last version back."""
        if not self.changes:
            return
        change, before, version = self.changes.pop()
        assert self.line.pop() == version
        await self.stage.use(before)
        back = await self.stage.take_back(change)
        assert back["state"] in ("succeeded", "following"), back

    async def correct(self) -> None:
        """A manager corrects some answers."""
        step = {"step": "merge_labels", "labels": [self.any_label().name], "into": self.any_label().name}
        body = {
            "project": format_id("project", self.stage.project),
            "steps": [step],
            "filter": {"where": [{"shape": "length", "at_most": self.chance.randint(1, 9)}]},
            "reason": "by chance",
        }
        change = await self.stage.do(await self.stage.ask("/corrections", body))
        assert change["state"] == "succeeded", change
        if self.chance.random() < 0.5:
            assert (await self.stage.take_back(change["id"]))["state"] == "succeeded"

    async def follow(self) -> None:
        """The worker looks for what came late."""
        await self.stage.follow()

    def any_label(self) -> Label:
        labels = self.stage.definitions[self.stage.version].labels
        return self.chance.choice(labels) if labels else Label("none")

    def step(self) -> Step:
        """Return a step that may fit the definition now."""
        label, other = self.any_label(), self.any_label()
        attribute = self.chance.choice(label.attributes).name if label.attributes else "none"
        of = {"label": label.name, "attribute": attribute}
        new = {"name": self.name("note"), "kind": self.chance.choice(["text", "boolean", "number"])}
        rule = {"to": label.name, "when": [{"shape": "start", "at_least": 5}]}
        parts: Step = self.chance.choice([{"otherwise": label.name}, {"rules": [rule]}])
        choices: list[Step] = [
            {"step": "add_label", "label": {"name": self.name("label")}},
            {"step": "rename_label", "label": label.name, "to": self.name("label")},
            {"step": "merge_labels", "labels": [label.name], "into": other.name},
            {"step": "split_label", "label": label.name, "into": [self.name("label"), label.name]} | parts,
            {"step": "retire_label", "label": label.name},
            {"step": "remove_label", "label": label.name},
            {"step": "add_attribute", "label": label.name, "attribute": new},
            {"step": "add_attribute", "label": label.name, "attribute": new | {"kind": "text"}, "fill": "?"},
            {"step": "rename_attribute", **of, "to": self.name("note")},
            {"step": "remove_attribute", **of},
            {"step": "set_default", **of, "default": None},
            {"step": "require", **of},
            {"step": "relax", **of},
            {"step": "retype_attribute", **of, "to": {"kind": "text"}},
        ]
        return self.chance.choice(choices)

    async def check(self) -> None:
        """Nothing is invalid under its own version; each answer is there, and so is what it was."""
        assert await self.stage.invalid() == []
        stored = await self.stage.stored()
        originals = await self.stage.originals()
        for key, (answer, _) in stored.items():
            first = originals.get(key[1], answer)
            if key[0] != "drafts":
                assert self.given.setdefault(key, first) == first, f"{key} was first something else"
        lost = self.given.keys() - stored.keys()
        assert not lost, f"lost: {lost}"


@pytest.mark.parametrize("seed", range(3))
async def test_nothing_is_ever_invalid_or_lost(stage: Stage, seed: int) -> None:
    machine = Machine(stage, random.Random(seed))
    for _ in range(3):
        await machine.label()
    actions: list[Callable[[], Awaitable[None]]] = [
        *(machine.label, machine.claim, machine.claim, machine.submit, machine.draft),
        *(
            machine.publish,
            machine.publish,
            machine.publish,
            machine.take_back,
            machine.correct,
            machine.follow,
        ),
    ]
    for _ in range(ROUNDS):
        await machine.chance.choice(actions)()
        await machine.check()
    assert len(machine.stage.definitions) > 3 and len(machine.given) > 20, "too little happened"
    # In the end every lease is answered, and all that steps could decide is under the project's version.
    while machine.leases:
        await machine.submit()
    await stage.follow()
    await machine.check()

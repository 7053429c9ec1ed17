"""What a filter finds in a random project is what the same filter finds in Python."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import pytest

from annotary.kernel import limits
from annotary.kernel.ids import format_id
from annotary.slices import store
from integration.slices.conftest import TASKS
from integration.slices.stock import Stock

Make = Callable[[str], Awaitable[Any]]
FILTERS = 60


class Browser:
    """Asks the service of text what a filter finds, part by part, as the page does."""

    def __init__(self, client: Any, who: dict[str, str], stock: Stock) -> None:
        self.client, self.who = client, who
        self.project = format_id("project", stock.project)

    async def get(self, path: str, **query: Any) -> Any:
        asked = {"project": self.project, **query}
        reply = await self.client.get(f"/v1/text/data{path}", params=asked, headers=self.who)
        assert reply.status_code == 200, reply.text
        return reply.json()

    async def count(self, asked: dict[str, Any]) -> Any:
        """Return how many tasks are found in which states."""
        body = {"project": self.project, "filter": asked}
        return (await self.client.post("/v1/text/data/counts", json=body, headers=self.who)).json()

    async def find(self, asked: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
        """Return the look, and the business keys from all of its parts, in their order."""
        query = {"filter": msgspec.json.encode(asked).decode()}
        look = await self.get("", **query)
        found = [row["unique_id"] for row in look["rows"]]
        ends = [*look["anchors"][2:], None]
        for since, until in zip(look["anchors"][1:], ends, strict=False):
            part = {"since": since, **({"until": until} if until else {})}
            found += [row["unique_id"] for row in (await self.get("/rows", **part, **query))["rows"]]
        return look, found


@pytest.mark.parametrize("seed_number", [1, 2])
async def test_a_filter_finds_what_it_finds_in_python(
    open_stock: Any, make_client: Make, monkeypatch: pytest.MonkeyPatch, seed_number: int
) -> None:
    for module in (limits, store.limits):
        monkeypatch.setattr(module, "LOOK_ANCHOR_ROWS", 7)
    stock = await open_stock(seed_number)
    browser = Browser(await make_client("text"), await stock.seed.hire("manager"), stock)
    sizes = set()
    for _ in range(FILTERS):
        asked = stock.filter()
        expected = [one for one in stock.things if stock.finds(one, asked)]
        look, found = await browser.find(asked)
        assert found == [one.unique_id for one in expected], asked
        assert look["count"] == len(expected)
        counts = {state: sum(one.state == state for one in expected) for state in {x.state for x in expected}}
        assert await browser.count(asked) == {"count": len(expected), "states": counts}
        sizes.add(len(expected))
    assert {0, TASKS} < sizes and len(sizes) > 10


async def test_choices_count_what_there_is(open_stock: Any, make_client: Make) -> None:
    stock = await open_stock(3)
    browser = Browser(await make_client("text"), await stock.seed.hire("manager"), stock)
    choices = await browser.get("/choices")
    for field, of in (("labels", "labels"), ("answered", "said")):
        expected = {
            label: sum(label in getattr(one, of) for one in stock.things) for label in ("good", "bad")
        }
        assert {one["value"]: one["count"] for one in choices[field]}.items() >= expected.items()
    batches = {one["value"]: one["count"] for one in choices["batches"]}
    assert batches == {
        format_id("batch", batch): count
        for batch in stock.batches
        if (count := sum(one.batch == batch for one in stock.things))
    }
    assert choices["count"] == TASKS == sum(one["count"] for one in choices["datasets"])


async def test_annotators_and_strangers_see_nothing(open_stock: Any, make_client: Make) -> None:
    stock = await open_stock(4)
    client, project = await make_client("text"), format_id("project", stock.project)
    reviewer = await stock.seed.hire("reviewer", project=stock.project)
    annotator = await stock.seed.hire("annotator", project=stock.project)
    stranger = await stock.seed.hire("annotator")
    for path in ("/data", "/data/rows", "/data/choices"):
        query = {"project": project, "since": format_id("task", stock.things[0].task)}
        codes = [
            (await client.get(f"/v1/text{path}", params=query, headers=who)).status_code
            for who in (reviewer, annotator, stranger)
        ]
        assert codes == [200, 403, 404], path
    asked = {"project": project, "filter": '{"annotators": ["mem_' + "0" * 32 + '"]}'}
    reply = await client.get("/v1/text/data", params=asked, headers=reviewer)
    assert reply.status_code == 403
    choices = await client.get("/v1/text/data/choices", params={"project": project}, headers=reviewer)
    assert choices.json()["annotators"] == []

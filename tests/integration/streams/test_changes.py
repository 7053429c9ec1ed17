"""What is done to subscriptions is told in the log, with the trace of the request where it is recorded."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from httpx import AsyncClient as Client
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, ALWAYS_ON, Sampler, SamplingResult

from annotary.kernel.ids import format_id
from integration.conftest import Seed

MakeClient = Callable[..., Awaitable[Client]]
MakeSeed = Callable[[str], Awaitable[Seed]]
PATH = "/v1/text/subscriptions/trainer"


class ChangesOnly(Sampler):
    """Records what is put, and nothing that is deleted."""

    def should_sample(self, parent_context: Any, trace_id: int, name: str, *more: Any) -> SamplingResult:
        sampler = ALWAYS_ON if name.startswith("PUT") else ALWAYS_OFF
        return sampler.should_sample(parent_context, trace_id, name)

    def get_description(self) -> str:
        return "changes only"


async def told(client: Client, headers: dict[str, str]) -> list[dict[str, Any]]:
    lot = await client.get("/v1/text/events", params={"types": "subscription."}, headers=headers)
    return [item["event"] for item in lot.json()["items"]]


async def test_making_changing_and_ending_one_are_events(
    make_seed: MakeSeed, make_client: MakeClient
) -> None:
    seed, client = await make_seed("text"), await make_client("text")
    owner, other, project = await seed.hire("owner"), await seed.hire("manager"), await seed.project()
    terms = {"types": ["outcome."], "project": format_id("project", project), "lanes": 2}
    for body in (terms, terms, {**terms, "types": []}, {**terms, "types": [], "lanes": 3}):
        await client.put(PATH, json=body, headers=owner)
    await client.put(PATH, json={**terms, "tries_most": 9}, headers=other)
    assert (await client.delete(PATH, headers=other)).status_code == 204
    assert (await client.delete(PATH, headers=other)).status_code == 404
    made, changed, ended = await told(client, owner)
    kinds = [event["type"].partition(".")[2] for event in (made, changed, ended)]
    assert kinds == ["created", "changed", "ended"], "what is refused, or already so, is no event"
    assert made["subject"] == changed["subject"] == ended["subject"] and made["subject"].startswith("sbs_")
    assert made["actorid"] == changed["actorid"] == made["data"]["member"] != ended["actorid"]
    assert made["data"] | {"types": []} == changed["data"] == ended["data"]
    assert {name: made["data"][name] for name in terms} == terms
    assert not any("traceparent" in event for event in (made, changed, ended)), "nothing is traced here"


async def test_events_carry_the_trace_of_the_request_that_made_them(
    make_seed: MakeSeed, make_client: MakeClient
) -> None:
    spans, provider = InMemorySpanExporter(), TracerProvider(sampler=ChangesOnly())
    provider.add_span_processor(SimpleSpanProcessor(spans))
    seed = await make_seed("text")
    owner = await seed.hire("owner")
    client = await make_client("text", tracer=provider.get_tracer("t"))
    for tries in (3, 4):
        await client.put(PATH, json={"tries_most": tries}, headers=owner)
    await client.delete(PATH, headers=owner)
    made, changed, ended = await told(client, owner)
    contexts = [span.context for span in spans.get_finished_spans() if span.name == f"PUT {PATH}"]
    expected = [f"00-{one.trace_id:032x}-{one.span_id:016x}-{int(one.trace_flags):02x}" for one in contexts]
    assert [made["traceparent"], changed["traceparent"]] == expected and expected[0] != expected[1]
    assert "traceparent" not in ended, "it is recorded nowhere, and the connection remembers no other"

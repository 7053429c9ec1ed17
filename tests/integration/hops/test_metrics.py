"""`/metrics` tells what the log's consumer counted, with labels to look at, and goes on after restarts."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics
from prometheus_client.parser import text_string_to_metric_families as plain

from annotary.kernel.ids import format_id
from annotary.submissions.values import SubmissionRequest
from integration.dispatch.work import YES, Work, content_hash_of, member
from integration.hops.stage import ON_PATH, counts, label, settle
from integration.imports.conftest import until

MakeClient = Callable[[str], Awaitable[Any]]
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
TRACEPARENT = f"00-{TRACE}-00f067aa0ba902b7-01"


async def test_histograms_with_exemplars(database_url: str, make_client: MakeClient) -> None:
    work = await Work.start(database_url)
    try:
        await work.add_tasks(5)
        await label(work, 4)
        await settle(work.database)
        (lease,) = await work.claim(caller := member())
        asked = SubmissionRequest(lease.fence, msgspec.Raw(YES), 1.0)
        digest = content_hash_of(lease.assignment_id.bytes)
        traced = await work.intake.submit(
            caller, lease.assignment_id, asked, str(uuid.uuid4()), digest, TRACEPARENT
        )
        await settle(work.database)
        counted = await counts(work.database)
        traces = await work.rows("SELECT traceparent, data ->> 'submission' AS of FROM events")
        client = await make_client("text")
        accept = {"Accept": "application/openmetrics-text; version=1.0.0"}

        async def has_looked() -> bool:
            return "annotary_hop_seconds_count" in (await client.get("/metrics")).text

        await until(has_looked)
        reply, without = await client.get("/metrics", headers=accept), await client.get("/metrics")
    finally:
        await work.close()
    assert [row["of"] for row in traces if row["traceparent"]] == [str(traced.submission_id)]
    assert {row["traceparent"] for row in traces} == {None, TRACEPARENT}
    assert reply.headers["content-type"].startswith("application/openmetrics-text")
    assert without.headers["content-type"].startswith("text/plain")
    assert "annotary_hop_seconds_bucket" in without.text and "# {" not in without.text
    assert list(plain(without.text))
    (family,) = [one for one in openmetrics(reply.text) if one.name == "annotary_hop_seconds"]
    names = {one.labels["hop"] for one in family.samples}
    assert names == {*ON_PATH, "total"} - {"first_input"}
    for hop, (labels, microseconds) in counted.items():
        mine = [one for one in family.samples if one.labels["hop"] == hop]
        buckets = [one.value for one in mine if one.name.endswith("_bucket")]
        assert buckets == sorted(buckets) and buckets[-1] == labels
        (took,) = [one.value for one in mine if one.name.endswith("_sum")]
        assert abs(took - microseconds / 1e6) < 1e-9
    exemplars = [one.exemplar for one in family.samples if one.exemplar]
    assert exemplars and all(exemplar.labels["submission"].startswith("sub_") for exemplar in exemplars)
    # Each bucket names the label that was counted last: the fifth stands alone in the last count.
    known = {one.labels["submission"]: one.labels.get("trace_id") for one in exemplars}
    assert known[format_id("submission", traced.submission_id)] == TRACE

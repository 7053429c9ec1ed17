"""What was accepted comes out, all of it and nothing else, whatever happens to the run."""

from __future__ import annotations

import asyncio
import gzip
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import pytest
from blake3 import blake3

from annotary.catalog import job_runs
from annotary.formats.jobs import export_outcomes
from annotary.kernel.ids import format_id

MakeExports = Callable[[str], Awaitable[Any]]
TRICKY = '" and \\ back\\slashes, breaks \r\n \u2028, tabs \t, \x01\x02\x7f, 日本語, \U0001f600 and \\. or ,;'
LABELS = [{"name": "good"}, {"name": "bad"}, {"name": "ugly"}]
PREFERENCE = {"tools": {"preference": {}}}


def lines_of(body: bytes) -> list[Any]:
    assert body.endswith(b"\n") or not body
    return [msgspec.json.decode(line) for line in body.splitlines()]


async def labelled(exports: Any, texts: list[str], label: str = "good") -> tuple[Any, list[Any]]:
    """A project whose tasks each have one answer and an outcome."""
    project = await exports.seed.project()
    tasks = await exports.seed.tasks(project, [{"text": text} for text in texts])
    for task in tasks:
        await exports.seed.answer(task, {"classification": [{"label": label}], "justification": TRICKY[:20]})
    await exports.seed.done(*tasks)
    await exports.settle()
    return project, tasks


async def test_every_accepted_outcome_is_a_line_with_what_it_rests_on(make_exports: MakeExports) -> None:
    exports = await make_exports("text")
    texts = [TRICKY, *(f"text {number}" for number in range(700)), TRICKY]
    project, tasks = await labelled(exports, texts)
    await labelled(exports, ["another project"])
    # White space that is not canonical must not break a line in two.
    await exports.seed.database.execute(
        "UPDATE task_items SET payload = $2 WHERE task_id = $1", tasks[5], '{\n  "text":\r\n"text 4"}'
    )
    job, body = await exports.run(project, format="jsonl")
    found = lines_of(body)
    assert [line["task"] for line in found] == [format_id("task", task) for task in tasks]
    assert [line["item"]["text"] for line in found] == texts
    row = await exports.seed.database.fetchrow("SELECT * FROM outcomes WHERE task_id = $1", tasks[0])
    assert found[0] == {
        "task": format_id("task", tasks[0]),
        "unique_id": "row-0",
        "item": {"text": TRICKY},
        "answer": msgspec.json.decode(row["answer"]),
        "confidence": 0.75,
        "aggregator": "live",
        "agreement": None,
        "ontology_version": format_id("ontology_version", row["ontology_version_id"]),
        "submissions": [format_id("submission", row["submission_ids"][0])],
    }
    result = job["result"]
    assert (job["state"], result["tasks"], job["progress"]["done"]) == ("succeeded", len(texts), len(texts))
    assert (result["content_hash"], result["size_bytes"]) == (blake3(body).hexdigest(), len(body))


async def test_the_same_outcomes_make_the_same_bytes_packed_or_not(make_exports: MakeExports) -> None:
    exports = await make_exports("text")
    project, _ = await labelled(exports, [f"text {number}" for number in range(50)])
    plain, packed, again = [await exports.run(project, gzip=flag) for flag in (False, True, True)]
    assert packed.body == again.body and gzip.decompress(packed.body) == plain.body
    assert packed.job["result"]["content_hash"] == blake3(packed.body).hexdigest()


async def test_submissions_come_along_when_asked_for(make_exports: MakeExports) -> None:
    exports = await make_exports("text")
    project = await exports.seed.project()
    (task,) = await exports.seed.tasks(project, [{"text": "a"}], overlap=2)
    for _ in range(2):
        await exports.seed.answer(task, {"classification": [{"label": "bad"}]})
    await exports.seed.done(task)
    await exports.settle()
    (line,) = lines_of((await exports.run(project, include_submissions=True)).body)
    assert [one["submission"] for one in line["answers"]] == line["submissions"] and len(
        line["submissions"]
    ) == 2
    assert line["answers"][0]["answer"] == line["answer"] == {"classification": [{"label": "bad"}]}
    assert line["answers"][0]["received_at"] == "2026-11-23T12:00:00.000000Z" and line["agreement"] == 1


async def test_how_sure_each_label_is_comes_out_of_the_api_and_of_the_file(
    make_exports: MakeExports, make_client: Callable[[str], Awaitable[Any]]
) -> None:
    exports, client = await make_exports("text"), await make_client("text")
    several = {"tools": {"classification": {"multiple": True}}, "labels": LABELS}
    project = await exports.seed.project(several)
    differing, alike = await exports.seed.tasks(project, [{"text": "a"}, {"text": "b"}], overlap=4)
    for labels in (["good", "bad"], ["good"], ["good", "ugly"], ["good", "bad", "ugly"]):
        marks = [{"label": label} for label in labels]
        await exports.seed.answer(differing, {"classification": marks})
        await exports.seed.answer(alike, {"classification": marks[:1]})
    await exports.seed.done(differing, alike)
    await exports.settle()
    wanted = {"classification": {"good": 1.0, "bad": 0.5, "ugly": 0.5}}
    headers = await exports.seed.hire("reviewer", project=project)
    asked = {"project": format_id("project", project)}
    shown = (await client.get("/v1/text/outcomes", params=asked, headers=headers)).json()["items"]
    assert [one["confidences"] for one in shown] == [wanted, None]
    assert shown[0]["answer"] == {"classification": [{"label": "good"}]}
    lines = lines_of((await exports.run(project)).body)
    assert [line.get("confidences") for line in lines] == [wanted, None] and "confidences" not in lines[1]
    assert lines[0]["confidence"] == pytest.approx((1 + 0.5 + 0.5) / 3)


async def test_deleted_items_and_withdrawn_outcomes_stay_out(make_exports: MakeExports) -> None:
    exports = await make_exports("text")
    project, tasks = await labelled(exports, [f"text {number}" for number in range(10)])
    item = await exports.seed.database.pool.fetchval(
        "SELECT item_id FROM task_items WHERE task_id = $1", tasks[3]
    )
    await exports.context.platform.execute(
        "INSERT INTO items (id, organisation_id, dataset_id, unique_id, payload, content_hash,"
        " created_at, deleted_at) VALUES ($1, $2, $1, 'x', 'null', sha256(''), now(), now())",
        *(item, exports.seed.organisation),
    )
    await exports.seed.database.execute("UPDATE tasks SET state = 'open' WHERE id = $1", tasks[7])
    await exports.seed.tell("task.requeued", tasks[7])
    await exports.settle()
    job, body = await exports.run(project)
    kept = [format_id("task", task) for task in tasks if task not in (tasks[3], tasks[7])]
    assert [line["task"] for line in lines_of(body)] == kept
    assert (job["result"]["tasks"], job["result"]["left_out"]["deleted"]) == (8, 1)


async def test_a_cancelled_export_leaves_no_file_and_stays_cancelled(
    make_exports: MakeExports, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotary.formats.jobs.EXPORT_PROGRESS_SECONDS_MIN", 0)
    monkeypatch.setattr("annotary.formats.export_source.FIRST_CHUNK_TASKS", 1)
    exports = await make_exports("text")
    project, _ = await labelled(exports, [f"text {number}" for number in range(60)])
    job = await exports.ask(project)

    read = 0
    fetchrow = exports.context.database.fetchrow

    async def cancelling(query: str, *arguments: Any) -> Any:
        nonlocal read
        read += "first_item" in query
        if read == 3:
            async with exports.context.platform.transaction() as uow:
                await job_runs.cancel(uow, exports.seed.organisation, job, exports.seed.organisation)
        return await fetchrow(query, *arguments)

    monkeypatch.setattr(exports.context.database, "fetchrow", cancelling)
    await job_runs.run(exports.context, job.hex, export_outcomes)
    found, _ = await exports.ended(job)
    assert found["state"] == "cancelled" and exports.files() == []


async def test_a_killed_run_is_done_again_and_its_ghost_writes_nothing(
    make_exports: MakeExports, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotary.formats.jobs.EXPORT_PROGRESS_SECONDS_MIN", 0)
    exports = await make_exports("text")
    project, tasks = await labelled(exports, ["a", "b", "c"])
    job = await exports.ask(project)
    ghost = await job_runs.begin(exports.context.platform, job)
    await job_runs.run(exports.context, job.hex, export_outcomes)
    with pytest.raises(job_runs.JobStopped):
        await export_outcomes(exports.context, ghost)
    found, body = await exports.ended(job)
    assert found["state"] == "succeeded" and found["run"] == 2 and len(lines_of(body)) == len(tasks)
    assert len(exports.files()) == 1


ENDLESS = """
import asyncio, sys
from pathlib import Path
from annotary.infra.objects import open_objects
from annotary.infra.settings import Settings

async def endless():
    while True:
        yield b"x" * 1_000_000
        await asyncio.sleep(0.005)

asyncio.run(open_objects(Settings(data_dir=Path(sys.argv[1]))).put_stream(sys.argv[2], endless(), 0))
"""


async def test_what_a_killed_process_left_of_the_file_is_removed(make_exports: MakeExports) -> None:
    exports = await make_exports("text")
    project, tasks = await labelled(exports, ["a", "b", "c"])
    job = await exports.ask(project)
    first = await job_runs.begin(exports.context.platform, job)
    key = f"exports/{exports.seed.organisation.hex}/{job.hex}-{first.run}"
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", ENDLESS, str(exports.folder), key)
    async with asyncio.timeout(240):
        while not any(path.stat().st_size for path in exports.files()):
            await exports.seed.database.execute("SELECT pg_sleep(0.05)")
    process.kill()
    await process.wait()
    assert exports.files(), "the kill left nothing: the test shows nothing"
    await job_runs.run(exports.context, job.hex, export_outcomes)
    found, body = await exports.ended(job)
    assert found["state"] == "succeeded" and len(lines_of(body)) == len(tasks)
    assert [path.stat().st_size for path in exports.files()] == [len(body)]


async def test_a_store_that_fails_ends_the_export_at_once(
    make_exports: MakeExports, monkeypatch: pytest.MonkeyPatch
) -> None:
    exports = await make_exports("text")
    project, _ = await labelled(exports, ["a" * 2000 for _ in range(50)])

    async def full(key: str, parts: Any, size_bytes: int) -> None:
        await anext(parts)
        raise OSError("the disk went away")

    monkeypatch.setattr("annotary.formats.export_output.EXPORT_PIECE_BYTES", 100)
    monkeypatch.setattr(exports.context.objects, "put_stream", full)
    async with asyncio.timeout(240):
        job, _ = await exports.run(project)
    assert job["state"] == "failed" and exports.files() == []


async def test_preferences_come_out_as_trainers_read_them(make_exports: MakeExports) -> None:
    exports = await make_exports("text")
    project = await exports.seed.project(PREFERENCE)
    chat = [{"role": "user", "content": "hi"}]
    prompts: list[Any] = ["p", "p", chat, "tied", "skipped"]
    tasks = await exports.seed.tasks(project, [{"prompt": one, "a": "A", "b": "B"} for one in prompts])
    answers = [{"preference": {"choice": choice}} for choice in ("a", "b", "b", "tie")]
    for task, answer in zip(tasks, [*answers, {"cannot_assess": True}], strict=True):
        await exports.seed.answer(task, answer)
    await exports.seed.done(*tasks)
    await exports.settle()
    job, body = await exports.run(project, format="preference_jsonl")
    found = [(line["prompt"], line["chosen"], line["rejected"]) for line in lines_of(body)]
    assistant = {name: [{"role": "assistant", "content": name}] for name in "AB"}
    assert found == [("p", "A", "B"), ("p", "B", "A"), (chat, assistant["B"], assistant["A"])]
    assert job["result"]["left_out"] == {"deleted": 0, "undecided": 2}


async def test_a_format_of_another_modality_is_refused_with_its_path(make_exports: MakeExports) -> None:
    exports = await make_exports("text")
    project, _ = await labelled(exports, ["a"])
    job, _ = await exports.run(project, format="coco")
    assert job["state"] == "failed" and job["error"]["path"] == "/format" and exports.files() == []

"""COCO, chat preferences, folders of media, and items that are released later."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from annotary.catalog import job_runs
from annotary.catalog.job_runs import ReleaseRequest
from annotary.dispatch import jobs as dispatch_jobs
from annotary.dispatch.erasure import erase
from annotary.dispatch.jobs import release_batch
from annotary.eventlog import Event
from annotary.formats.folder import folder_rows
from annotary.kernel.ids import new_id

from .conftest import CLASSES, PREFERENCE, Site, rows
from .media import jpeg, video

MakeSite = Callable[..., Awaitable[Site]]
BOXES = {"tools": {"box": {}, "polygon": {}}, "labels": [{"name": "cat"}, {"name": "dog"}]}
TRACKS = {"tools": {"segments": {}}, "labels": [{"name": "cut"}]}


async def test_coco_images_are_matched_by_name_and_annotations_become_predictions(
    make_site: MakeSite,
) -> None:
    site = await make_site("image", BOXES)
    files = {f"{n}.jpg": await site.add_media(jpeg(40 + n, 30), "image/jpeg") for n in range(3)}
    bow_tie = [0, 0, 10, 10, 10, 0, 0, 10]
    touching = [0, 0, 4, 0, 4, 4, 8, 4, 8, 8, 4, 8, 4, 4, 0, 4]
    document = {
        "info": {"year": 2026},
        "images": [{"id": n, "file_name": f"train/{n}.jpg", "width": 40 + n, "height": 30} for n in range(4)],
        "categories": [{"id": 7, "name": "cat"}, {"id": 9, "name": "dog", "supercategory": "animal"}],
        "annotations": [
            {"id": 1, "image_id": 0, "category_id": 7, "bbox": [10.5, 5, 30, 25]},
            {"id": 2, "image_id": 0, "category_id": 9, "segmentation": [touching], "bbox": [0, 0, 8, 8]},
            {"id": 3, "image_id": 1, "category_id": 7, "segmentation": [bow_tie]},
            {"id": 4, "image_id": 2, "category_id": 7, "bbox": [10, 5, 100, 25]},
        ],
    }
    refused = await site.refused(msgspec.json.encode(document), format="coco", files=files)
    assert (refused[3][0] or "").startswith("/predictions/0/answer/box/0")
    assert refused[4][0] == "/asset" and "train/3.jpg" in refused[4][1]
    first, second = await site.tasks()
    payload = msgspec.json.decode(first["payload"])
    assert payload == {"asset": files["0.jpg"], "media_type": "image/jpeg", "width": 40, "height": 30}
    assert first["unique_id"] == "train/0.jpg" and second["suggestions"] is None
    [shown] = msgspec.json.decode(first["suggestions"])
    assert shown["model"] == "import"
    assert shown["answer"]["box"] == [{"label": "cat", "x": 10.5, "y": 5.0, "width": 29.5, "height": 25.0}]
    corners = [sorted(map(tuple, one["points"])) for one in shown["answer"]["polygon"]]
    assert sorted(corners) == [
        [(0.0, 0.0), (0.0, 4.0), (4.0, 0.0), (4.0, 4.0)],
        [(4.0, 4.0), (4.0, 8.0), (8.0, 4.0), (8.0, 8.0)],
    ]
    about = [item["metadata"] for item in await site.items()]
    assert about[0] is None and "annotation 3, cat" in about[1]


async def test_a_broken_coco_document_fails_with_its_reason(make_site: MakeSite) -> None:
    site = await make_site("image", BOXES)
    wrong = {"images": [], "annotations": [{"image_id": 1, "category_id": 5}], "categories": []}
    for data in (b"{", b"[]", b"", b"[" * 100_000, msgspec.json.encode(wrong)):
        row = await site.run(await site.enqueue(data, format="coco"))
        assert row["state"] == "failed" and msgspec.json.decode(row["error"])["code"] == "unreadable", data[
            :20
        ]


async def test_chat_preferences_do_not_show_which_reply_was_chosen(make_site: MakeSite) -> None:
    site = await make_site("text", PREFERENCE)
    turns = [{"role": "user", "content": "hi", "name": "u"}]
    said: list[dict[str, Any]] = [
        {"prompt": f"question {n}", "chosen": f"good {n}", "rejected": f"poor {n}", "source": "x"}
        for n in range(60)
    ]
    said += [
        {"messages": turns, "chosen": "yes", "rejected": "no"},
        {
            "chosen": [*turns, {"role": "assistant", "content": "yes!"}],
            "rejected": [*turns, {"role": "assistant", "content": "no!"}],
        },
        {
            "instruction": "translate",
            "input": "hello",
            "response1": "hallo",
            "response2": "bonjour",
            "annotator1": 2,
        },
    ]
    wrong = {"prompt": "only"}
    refused = await site.refused(rows(*said, wrong), format="preference_jsonl")
    assert list(refused) == [len(said) + 1]
    items = await site.items()
    payloads = [msgspec.json.decode(item["payload"]) for item in items]
    chosen = [msgspec.json.decode(item["metadata"])["chosen"] for item in items[:-1]]
    assert 15 < chosen[:60].count("a") < 45
    for payload, side, row in zip(payloads[:60], chosen, said, strict=False):
        assert payload[side] == row["chosen"] and {payload["a"], payload["b"]} == {
            row["chosen"],
            row["rejected"],
        }
    assert payloads[60]["prompt"] == payloads[61]["prompt"] == [{"role": "user", "content": "hi"}]
    assert payloads[61][chosen[61]] == "yes!"
    assert payloads[62] == {"prompt": "translate\n\nhello", "a": "hallo", "b": "bonjour"}
    assert msgspec.json.decode(items[62]["metadata"]) == {"annotator1": 2}
    assert not await site.database.pool.fetchval("SELECT count(*) FROM predictions")


async def test_a_folder_of_videos(make_site: MakeSite) -> None:
    site = await make_site("video", TRACKS)
    clip = await site.add_media(video(frames=12), "video/mp4")
    picture = await site.add_media(jpeg(10, 10), "image/jpeg")
    lines = b"".join(folder_rows([("b/two.mp4", clip), ("a.mp4", clip), ("c.jpg", picture)]))
    refused = await site.refused(lines)
    assert list(refused) == [3] and refused[3][0] == "/asset"
    tasks = await site.tasks()
    assert [task["unique_id"] for task in tasks] == ["a.mp4", "b/two.mp4"]
    payload = msgspec.json.decode(tasks[0]["payload"])
    assert payload["frame_count"] == 12 and sum(count for count, _ in payload["pts_runs"]) == 11


async def test_items_are_released_from_a_dataset_or_a_list(make_site: MakeSite, monkeypatch: Any) -> None:
    monkeypatch.setattr(dispatch_jobs, "RELEASE_CHUNK_ITEMS_MAX", 10)
    site = await make_site("text", CLASSES)
    await site.imported(rows(*({"unique_id": f"r{n}", "text": f"t{n}"} for n in range(35))), batch=None)
    items = await site.items()
    batch = await site.add_batch()
    picked = [item["id"] for item in items[3:17]]
    asked = [*picked[:5], new_id(), *picked[5:], picked[0]]
    job = await site.ask("release", ReleaseRequest(batch_id=batch, item_ids=asked))
    row = await site.run(job, release_batch)
    assert (
        msgspec.json.decode(row["result"])["tasks"] == 14
        and msgspec.json.decode(row["result"])["refused"] == 1
    )
    assert [task["item_id"] for task in await site.tasks()] == picked
    job = await site.ask("release", ReleaseRequest(batch_id=batch, dataset_id=site.dataset))
    row = await site.run(job, release_batch)
    assert row["state"] == "succeeded" and msgspec.json.decode(row["result"])["tasks"] == 35 - 14
    tasks = await site.tasks()
    assert {(task["item_id"], task["payload"]) for task in tasks} == {
        (item["id"], item["payload"]) for item in items
    }
    assert len(tasks) == 35
    assert await site.database.pool.fetchval("SELECT tasks_total FROM batches WHERE id = $1", batch) == 35


async def test_a_release_that_is_stopped_is_taken_up_again(make_site: MakeSite, monkeypatch: Any) -> None:
    monkeypatch.setattr(dispatch_jobs, "RELEASE_CHUNK_ITEMS_MAX", 10)
    site = await make_site("text", CLASSES)
    await site.imported(rows(*({"text": f"t{n}"} for n in range(95))), batch=None)
    batch = await site.add_batch()
    job = await site.ask("release", ReleaseRequest(batch_id=batch, dataset_id=site.dataset))
    advance, calls = job_runs.advance, 0

    async def dies(*arguments: Any) -> None:
        nonlocal calls
        calls += 1
        if calls % 3 == 0:
            raise KeyboardInterrupt
        await advance(*arguments)

    monkeypatch.setattr(job_runs, "advance", dies)
    while (await site.job(job))["state"] != "succeeded":
        try:
            await job_runs.run(site.context, job.hex, release_batch)
        except KeyboardInterrupt:
            continue
    assert calls > 10 and len(await site.tasks()) == 95
    assert await site.database.pool.fetchval("SELECT tasks_total FROM batches WHERE id = $1", batch) == 95


async def test_a_cancelled_batch_gets_no_more_tasks(make_site: MakeSite) -> None:
    site = await make_site("text", CLASSES)
    await site.imported(rows({"text": "t"}), batch=None)
    batch = await site.add_batch()
    await site.database.execute("UPDATE batches SET state = 'cancelled'")
    job = await site.ask("release", ReleaseRequest(batch_id=batch, dataset_id=site.dataset))
    row = await site.run(job, release_batch)
    assert row["state"] == "failed" and msgspec.json.decode(row["error"])["code"] == "batch_cancelled"
    assert not await site.tasks()


async def test_a_deleted_item_goes_from_the_modality_too(make_site: MakeSite) -> None:
    site = await make_site("text", CLASSES)
    await site.imported(rows({"unique_id": "kept", "text": "t"}, {"unique_id": "gone", "text": "t"}))
    await site.database.execute(
        "INSERT INTO projects (id, organisation_id, name, modality, ontology_id, ontology_version_id)"
        " VALUES ($1, $2, 'p', 'text', $1, $1)",
        *(site.project, site.organisation),
    )
    kept, gone = await site.tasks()
    await site.database.execute("UPDATE tasks SET leased = 1, fence = 1")
    await site.database.execute(
        "INSERT INTO assignments (id, task_id, project_id, organisation_id, member_id, fence,"
        " ontology_version_id, instructions_version, claimed_at, expires_at)"
        " SELECT gen_random_uuid(), id, project_id, organisation_id, id, 1, id, 0, now(),"
        " now() + interval '1 hour' FROM tasks"
    )
    event = Event(
        organisation_id=site.organisation,
        type="item.deleted",
        subject_id=gone["item_id"],
        data={"unique_id": "gone"},
    )
    for _ in range(2):
        async with site.database.transaction() as uow:
            await erase(uow, [event])
    after_kept, after_gone = await site.tasks()
    assert (after_kept["payload"], after_kept["state"], after_kept["leased"]) == (kept["payload"], "open", 1)
    assert (after_gone["payload"], after_gone["state"], after_gone["leased"]) == ("null", "cancelled", 0)
    states = await site.database.fetch("SELECT state FROM assignments ORDER BY task_id")
    assert [row["state"] for row in states] == ["leased", "revoked"]
    told = await site.database.fetch("SELECT subject_id FROM events WHERE type = 'task.cancelled'")
    assert [row["subject_id"] for row in told] == [gone["task_id"]]

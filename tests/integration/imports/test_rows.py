"""Rows in: the good ones become items and tasks, each bad one is refused with its line, path and reason."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import msgspec
import pytest

from annotary.catalog import job_runs
from annotary.formats.lines import LineCutter
from annotary.kernel.ids import new_id
from annotary.kernel.limits import IMPORT_LINE_BYTES_MAX, TEXT_INLINE_BYTES_MAX

from .conftest import CLASSES, PREFERENCE, SPANS, Site, rows

MakeSite = Callable[..., Awaitable[Site]]


async def test_rows_become_claimable_tasks_with_the_same_payload(make_site: MakeSite) -> None:
    site = await make_site("text", CLASSES)
    said = [{"unique_id": f"r{n}", "text": f"tëxt {n} \\ \t\n\"'", "metadata": {"n": n}} for n in range(3)]
    result = await site.imported(rows(*said))
    items, tasks = await site.items(), await site.tasks()
    assert [msgspec.json.decode(item["payload"]) for item in items] == [{"text": one["text"]} for one in said]
    assert [msgspec.json.decode(item["metadata"]) for item in items] == [one["metadata"] for one in said]
    assert [(task["unique_id"], task["item_id"], task["payload"]) for task in tasks] == [
        (item["unique_id"], item["id"], item["payload"]) for item in items
    ]
    assert {(task["state"], task["overlap"], task["project_id"]) for task in tasks} == {
        ("open", 1, site.project)
    }
    batch = await site.database.fetchrow("SELECT * FROM batches")
    assert batch and batch["tasks_total"] == 3 and batch["id"].hex == result["batch"]
    assert {task["order_key"] for task in tasks} == {batch["order_key"]}
    told = await site.platform.fetch("SELECT * FROM events WHERE type = 'items.imported'")
    assert [msgspec.json.decode(event["data"])["items"] for event in told] == [3]
    assert await site.database.pool.fetchval("SELECT count(*) FROM events WHERE type = 'tasks.released'") == 1


async def test_a_row_without_unique_id_is_named_by_its_content(make_site: MakeSite) -> None:
    site = await make_site("text", CLASSES)
    await site.imported(rows({"text": "same"}, {"text": "other"}, {"text": "same"}))
    items = await site.items()
    assert [item["unique_id"] for item in items] == [item["content_hash"].hex()[:32] for item in items]
    assert len(items) == len(await site.tasks()) == 2


BAD_LINES = {
    b'{"unique_id": "x", "text": "a", "colour": 1}': ("/colour", "no field of this name"),
    b'{"unique_id": "x"}': ("/prompt", "`text`; `prompt`, `a` and `b`"),
    b'{"unique_id": "x", "text": 5}': ("/text", "found 5, expected str"),
    b'{"unique_id": "", "text": "a"}': ("/unique_id", "length >= 1"),
    b'{"unique_id": "a\\tb", "text": "a"}': ("/unique_id", "control character"),
    b'{"unique_id": " a", "text": "a"}': ("/unique_id", "white space"),
    b'{"unique_id": "%s", "text": "a"}' % (b"x" * 513): ("/unique_id", "length <= 512"),
    b'{"unique_id": "x", "text": ""}': ("/text", "not empty"),
    b'{"unique_id": "x", "text": "a\\u0000"}': ("/text", "without NUL"),
    b'{"unique_id": "x", "text": "\xff\xfe"}': (None, "not UTF-8"),
    b'{"unique_id": "x", "text": "a", "metadata": {"a": "\xff"}}': ("/metadata", "UTF-8"),
    b'{"unique_id": "x", "text": "a", "metadata": [1]}': ("/metadata", "an object"),
    b'{"unique_id": "x", "text": NaN}': (None, "one JSON object"),
    b'{"unique_id": "x", "text": "a"': (None, "JSON"),
    b'{"unique_id": "x", "text": "a"} {"unique_id": "y", "text": "a"}': (None, "one JSON object"),
    b"[]": ("/", "expected object"),
    b'{"unique_id": "x", "text": "a", "metadata": ' + b"[" * 10_000 + b"]" * 10_000 + b"}": (
        None,
        "nested too deep",
    ),
    b'{"unique_id": "x", "prompt": "p", "a": "1", "b": "2", "text": "t"}': (
        "/text",
        "`text`; `prompt`, `a` and `b`",
    ),
    b'{"unique_id": "x", "text": "a", "predictions": [{"model": "m", "version": "1", "answer": '
    b'{"classification": [{"label": "ugly"}]}}]}': ("/predictions/0/answer/classification/0/label", "'ugly'"),
    b'{"unique_id": "x", "text": "a", "predictions": [{"model": "m", "version": "1", "answer": {}}]}': (
        "/predictions/0/answer/classification",
        "an annotation",
    ),
    b'{"unique_id": "x", "text": "a", "predictions": [{"version": "1", "answer": {}}]}': (
        "/predictions/0/model",
        "this field",
    ),
}


async def test_each_bad_row_is_refused_with_line_path_and_reason_and_the_rest_go_in(
    make_site: MakeSite,
) -> None:
    site = await make_site("text", CLASSES)
    good = b'{"unique_id": "good %d", "text": "fine"}'
    lines = [line for n, bad in enumerate(BAD_LINES) for line in (bad, good % n, b"  ")]
    refused = await site.refused(b"\n".join(lines))
    assert len(await site.items()) == len(await site.tasks()) == len(BAD_LINES)
    for number, (bad, (path, reason)) in enumerate(BAD_LINES.items()):
        found = refused.pop(1 + 3 * number)
        assert found[0] == path and reason in found[1], (bad[:80], found)
    assert refused == {}


async def test_a_line_of_200_megabytes_is_passed_over(make_site: MakeSite) -> None:
    site = await make_site("text", CLASSES)
    long = b'{"unique_id": "x", "text": "' + b"y" * (200 * 1024 * 1024) + b'"}'
    refused = await site.refused(rows({"text": "before"}) + long + b"\n" + rows({"text": "after"}))
    assert list(refused) == [2] and f"at most {IMPORT_LINE_BYTES_MAX}" in refused[2][1]
    assert [msgspec.json.decode(item["payload"])["text"] for item in await site.items()] == [
        "before",
        "after",
    ]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"\x1f\x8b\x08\x00rest", "gzip"),
        (b"\x28\xb5\x2f\xfdrest", "Zstandard"),
        ('{"text": "a"}\n'.encode("utf-16"), "UTF-16"),
    ],
)
async def test_a_file_that_is_no_utf8_text_fails_as_a_whole(
    make_site: MakeSite, data: bytes, name: str
) -> None:
    site = await make_site("text", CLASSES)
    row = await site.run(await site.enqueue(data))
    error = msgspec.json.decode(row["error"])
    assert row["state"] == "failed" and error["code"] == "wrong_encoding" and name in error["detail"]
    assert not await site.items()


async def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(make_site: MakeSite) -> None:
    site = await make_site("text", CLASSES)
    assert (await site.imported(b'\xef\xbb\xbf{"text": "a"}\r\n{"text": "b"}\r\n\r\n'))["items"] == 2


async def test_again_is_existing_and_other_content_is_refused_with_the_existing_id(
    make_site: MakeSite,
) -> None:
    site = await make_site("text", CLASSES)
    first = rows(*({"unique_id": f"r{n}", "text": f"t{n}"} for n in range(10)))
    await site.imported(first)
    before = await site.items()
    again = await site.imported(first)
    assert (again["items"], again["existing"], again["tasks"]) == (0, 10, 0)
    mixed = rows(
        {"unique_id": "r3", "text": "changed"},
        {"unique_id": "new", "text": "n"},
        {"unique_id": "r4", "text": "t4"},
    )
    refused = await site.refused(mixed)
    assert list(refused) == [1] and f"item_{before[3]['id'].hex}" in refused[1][1]
    after = await site.items()
    assert after[:10] == before and [item["unique_id"] for item in after[10:]] == ["new"]
    assert len(await site.tasks()) == 11


async def test_contradicting_rows_of_one_file_the_first_counts(make_site: MakeSite) -> None:
    site = await make_site("text", CLASSES)
    said = [("a", "1"), ("b", "1"), ("a", "1"), ("a", "2"), ("b", "3")]
    refused = await site.refused(rows(*({"unique_id": u, "text": t} for u, t in said)))
    assert list(refused) == [4, 5]
    assert [(t["unique_id"], t["payload"]) for t in await site.tasks()] == [
        ("a", '{"text":"1"}'),
        ("b", '{"text":"1"}'),
    ]


async def test_an_item_without_task_gets_one_and_another_dataset_s_key_is_refused(
    make_site: MakeSite,
) -> None:
    site = await make_site("text", CLASSES)
    data = rows({"unique_id": "r", "text": "t"}, {"unique_id": "s", "text": "t"})
    assert (await site.imported(data, batch=None))["tasks"] == 0
    result = await site.imported(data)
    assert (result["items"], result["existing"], result["tasks"]) == (0, 2, 2)
    assert [task["item_id"] for task in await site.tasks()] == [item["id"] for item in await site.items()]
    other = await site.add_dataset("other")
    fresh = rows({"unique_id": "s", "text": "of another dataset"}, {"unique_id": "u", "text": "t"})
    refused = await site.refused(fresh, dataset_id=other)
    assert list(refused) == [1] and "of another item" in refused[1][1]
    assert len(await site.tasks()) == 3


async def test_a_deleted_item_is_not_brought_back(make_site: MakeSite) -> None:
    site = await make_site("text", CLASSES)
    data = rows({"unique_id": "r", "text": "t"})
    await site.imported(data, batch=None)
    await site.platform.execute("UPDATE items SET payload = 'null', deleted_at = now()")
    assert "is deleted" in (await site.refused(data))[1][1]
    assert not await site.tasks()


async def test_predictions_come_checked_and_canonical_and_are_shown_as_suggestions(
    make_site: MakeSite,
) -> None:
    site = await make_site("text", CLASSES)
    answer = '{ "classification" : [ {"label":"bad"} ] }'
    prediction = f'{{"model": "m", "version": "2", "score": 0.5, "answer": {answer}}}'
    line = f'{{"text": "t", "predictions": [{prediction}]}}'
    await site.imported(line.encode() + b"\n" + rows({"text": "u"}))
    stored = await site.database.fetchrow("SELECT * FROM predictions")
    first, second = await site.tasks()
    assert stored and stored["task_id"] == first["id"] and stored["score"] == 0.5
    assert stored["answer"] == '{"classification":[{"label":"bad"}]}'
    assert msgspec.json.decode(first["suggestions"]) == [
        {
            "id": f"prd_{stored['id'].hex}",
            "model": "m",
            "version": "2",
            "score": 0.5,
            "answer": {"classification": [{"label": "bad"}]},
        }
    ]
    assert second["suggestions"] is None


async def test_a_long_text_becomes_an_asset(make_site: MakeSite) -> None:
    site = await make_site("text", CLASSES)
    text = "ä" * (TEXT_INLINE_BYTES_MAX // 2)
    await site.imported(rows({"text": text}, {"text": text + "b"}))
    short, long = (msgspec.json.decode(item["payload"]) for item in await site.items())
    assert short == {"text": text}
    assert long["characters"] == len(text) + 1
    found = await site.platform.fetchrow("SELECT * FROM assets WHERE hash = $1", bytes.fromhex(long["asset"]))
    assert found and (await site.context.objects.read(found["location"])).decode() == text + "b"


async def test_rows_must_fit_the_project_s_label_types(make_site: MakeSite) -> None:
    compared = {"prompt": "p", "a": "1", "b": "2"}
    for definition, wrong, right in ((SPANS, compared, {"text": "t"}), (PREFERENCE, {"text": "t"}, compared)):
        site = await make_site("text", definition)
        refused = await site.refused(rows(wrong, right))
        assert list(refused) == [1], definition
        assert len([t for t in await site.tasks() if t["project_id"] == site.project]) == 1


async def test_an_import_into_what_is_gone_fails_with_its_reason(make_site: MakeSite) -> None:
    site = await make_site("text", CLASSES)
    for wrong in ({"dataset_id": new_id()}, {"format": "xml"}):
        row = await site.run(await site.enqueue(rows({"text": "t"}), **wrong))
        assert row["state"] == "failed" and row["error"], wrong
    row = await site.run(await site.enqueue("00" * 32))
    assert row["state"] == "failed" and "upload the file first" in row["error"]


async def test_a_cancelled_import_stops_at_its_next_chunk(
    make_site: MakeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LineCutter.__init__.__kwdefaults__, "rows_max", 100)
    site = await make_site("text", CLASSES)
    job = await site.enqueue(rows(*({"text": f"t{n}"} for n in range(50_000))))
    advance, told = job_runs.advance, []

    async def cancel_after_third(uow, of, progress, checkpoint):  # type: ignore[no-untyped-def]
        # Chunks that are ready together go in together: the third may be one of several.
        if checkpoint.chunk >= 3 and not told:
            told.append(checkpoint.chunk)
            async with site.platform.transaction() as other:
                assert await job_runs.cancel(other, site.organisation, job, new_id())
        await advance(uow, of, progress, checkpoint)

    monkeypatch.setattr(job_runs, "advance", cancel_after_third)
    row = await site.run(job)
    assert row["state"] == "cancelled" and row["ended_at"]
    assert 300 <= len(await site.tasks()) <= len(await site.items()) < 10_000

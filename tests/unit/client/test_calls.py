"""What the client sends and makes of the replies: pages, leases, uploads, jobs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from annotary.client import NewBatch
from annotary.client.errors import JobFailed
from unit.client.platform import NOW, PROJECT, Replies, assignment


def page(items: list[Any], token: str | None) -> httpx.Response:
    return httpx.Response(200, json={"items": items, "next_token": token})


def job(state: str, **more: Any) -> httpx.Response:
    body = {"id": "job_1", "kind": "import", "state": state, "created_at": NOW, **more}
    return httpx.Response(200, json=body)


def test_pages_are_read_as_they_are_wanted() -> None:
    replies = Replies(page([PROJECT, PROJECT], "t/1="), page([PROJECT], None))
    found = replies.client.projects.list()
    assert next(found).id == "prj_1" and len(replies.requests) == 1
    assert len(list(found)) == 2
    assert replies.requests[1].url.params["next_token"] == "t/1="
    assert "next_token" not in replies.requests[0].url.params


def test_assignments_know_their_modality() -> None:
    given = {"assignments": [assignment(1)]}
    taken = {"submission_id": "sub_1", "next": [assignment(2)]}
    replies = Replies(*(httpx.Response(200, json=body) for body in (given, taken, taken)))
    client = replies.client
    [first] = client.claim("video", project="prj_1", count=3)
    [second] = client.submit(first, {"tracks": []}, seconds=2.5, claim_next=1).next
    client.submit(second, {"tracks": []}, seconds=1)
    paths = [request.url.path for request in replies.requests]
    assert paths == ["/v1/video/claims", *(f"/v1/video/assignments/asg_{n}/submission" for n in (1, 2))]
    assert replies.body(0) == {"project": "prj_1", "count": 3, "wait_ms": 0}
    assert replies.body(1) == {"fence": 7, "answer": {"tracks": []}, "seconds": 2.5, "claim_next": 1}


def test_only_a_claim_that_does_not_wait_carries_a_key() -> None:
    empty = {"assignments": []}
    replies = Replies(httpx.Response(200, json=empty), httpx.Response(200, json=empty))
    replies.client.claim("text")
    replies.client.claim("text", wait_ms=500)
    assert replies.keys[0] is not None and replies.keys[1] is None


def test_a_version_guards_a_change() -> None:
    replies = Replies(httpx.Response(200, json=PROJECT))
    replies.client.projects.change("prj_1", version=3, state="paused")
    assert replies.requests[0].headers["if-match"] == '"3"' and replies.body(0) == {"state": "paused"}


def test_an_upload_goes_on_where_it_broke_off(tmp_path: Path) -> None:
    content = bytes(range(256)) * 10
    (tmp_path / "film.mp4").write_bytes(content)
    state = {"id": "upl_1", "chunk_bytes": 1000, "chunks": 3, "received": [1]}
    asset = {"hash": "ab", "size_bytes": len(content), "media_type": "video/mp4"}
    replies = Replies(
        httpx.Response(200, json=state),
        httpx.Response(200, json={}),
        httpx.ReadError("broke"),
        httpx.Response(200, json={}),
        httpx.Response(201, json=asset),
    )
    heard: list[tuple[int, int]] = []
    made = replies.client.assets.resume(
        "upl_1", tmp_path / "film.mp4", progress=lambda done, total: heard.append((done, total))
    )
    chunks = {request.url.path: request.content for request in replies.requests[1:4]}
    assert chunks == {
        "/v1/uploads/upl_1/chunks/0": content[:1000],
        "/v1/uploads/upl_1/chunks/2": content[2000:],
    }
    assert made.hash == "ab" and heard == [(2000, 2560), (2000, 2560), (2560, 2560)]


def test_a_job_is_followed_to_its_end() -> None:
    replies = Replies(
        job("waiting"), job("running", progress={"done": 1, "total": 2, "unit": "rows"}), job("succeeded")
    )
    seen: list[str] = []
    assert replies.client.imports.wait("job_1", progress=lambda one: seen.append(one.state)).ended
    assert seen == ["waiting", "running", "succeeded"] and len(replies.slept) == 2


def test_a_failed_job_says_why() -> None:
    replies = Replies(job("failed", error={"code": "wrong_encoding", "detail": "Not UTF-8.", "path": "/"}))
    with pytest.raises(JobFailed, match="Not UTF-8") as caught:
        replies.client.imports.wait("job_1")
    assert caught.value.code == "wrong_encoding"


def test_an_import_says_whether_tasks_are_wanted() -> None:
    replies = Replies(job("waiting"), job("waiting"), job("waiting"))
    start = replies.client.imports.start
    start("hash", project="prj_1")
    start("hash", project="prj_1", batch=NewBatch(overlap=3))
    start("hash", project="prj_1", release=False)
    assert "batch" not in replies.body(0)
    assert replies.body(1)["batch"] == {"overlap": 3}
    assert replies.body(2)["batch"] is None


def test_a_download_that_breaks_leaves_no_file(tmp_path: Path) -> None:
    def broken(_: httpx.Request) -> httpx.Response:
        def pieces() -> Any:
            yield b"half"
            raise httpx.ReadError("broke")

        return httpx.Response(200, content=pieces())

    out = tmp_path / "labels.jsonl"
    out.write_text("the last export")
    with pytest.raises(Exception, match="broke"):
        Replies(broken).client.exports.download("job_1", out)
    assert out.read_text() == "the last export" and [path.name for path in tmp_path.iterdir()] == [out.name]
    assert Replies(httpx.Response(200, content=b"whole")).client.exports.download("job_1", out) == 5
    assert out.read_bytes() == b"whole"


def test_importing_the_client_loads_no_http_and_no_server() -> None:
    code = (
        "import sys, annotary; from annotary import Client\n"
        "heavy = {'httpx', 'litestar', 'asyncpg', 'numpy', 'rich', 'typer'} & set(sys.modules)\n"
        "ours = {name for name in sys.modules if name.startswith('annotary.')}\n"
        "own = {name for name in ours if not name.startswith('annotary.client')}\n"
        "assert not heavy and not own, (heavy, own)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)

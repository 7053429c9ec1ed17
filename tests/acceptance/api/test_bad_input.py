"""Nothing invalid gets in: bad input is refused with the path and the reason, and nothing is stored."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import asyncpg
import pytest
from bench.connection import Connection, Reply

from acceptance.api.conftest import SIZE, TEXT, Api

GOOD = {
    "text": b'{"classification":[{"label":"good"}]}',
    "image": b'{"box":[{"label":"good","x":1,"y":1,"width":5,"height":5}]}',
    "video": b'{"segments":[{"label":"good","start_frame":0,"end_frame":3}]}',
}
BOX = {"label": "good", "x": 1, "y": 1, "width": 5, "height": 5}
KEYFRAME = {"x": 1, "y": 1, "width": 5, "height": 5}
CLASS = [{"label": "good"}]


def box(**changes: Any) -> dict[str, Any]:
    return {"box": [{**BOX, **changes}]}


def track(*frames: int) -> dict[str, Any]:
    keyframes = [{"frame": frame, **KEYFRAME} for frame in frames]
    return {"tracks": [{"id": "1", "label": "good", "keyframes": keyframes}]}


def span(start: int, end: int) -> dict[str, Any]:
    return {"classification": CLASS, "spans": [{"label": "good", "start": start, "end": end}]}


CASES: dict[str, tuple[str, Any, str]] = {
    "unknown label": ("text", {"classification": [{"label": "ugly"}]}, "/answer/classification/0/label"),
    "no label at all": ("text", {"classification": []}, "/answer/classification"),
    "unknown tool": ("text", {"classification": CLASS, "box": []}, "/answer"),
    "attribute of a wrong type": (
        "text",
        {"classification": [{"label": "good", "attributes": {"certainty": "very"}}]},
        "/answer/classification/0/attributes/certainty",
    ),
    "attribute that is no choice": (
        "text",
        {"classification": [{"label": "good", "attributes": {"kind": "z"}}]},
        "/answer/classification/0/attributes/kind",
    ),
    "span past the end": ("text", span(0, len(TEXT) + 1), "/answer/spans/0/end"),
    "span before the start": ("text", span(-1, 3), "/answer/spans/0/start"),
    "empty span": ("text", span(3, 3), "/answer/spans/0"),
    "box beyond the right edge": ("image", box(x=SIZE[0] - 2), "/answer/box/0"),
    "box outside": ("image", box(y=-10), "/answer/box/0"),
    "negative width": ("image", box(width=-5), "/answer/box/0/width"),
    "no height": ("image", box(height=0), "/answer/box/0/height"),
    "NaN": ("image", box(width=float("nan")), "/answer/box/0/width"),
    "infinity": ("image", box(x=float("inf")), "/answer/box/0/x"),
    "more than a float holds": ("image", '{"box":[{"label":"good","x":1e999}]}', "/answer/box/0/x"),
    "self-crossing polygon": (
        "image",
        {"polygon": [{"label": "good", "points": [[0, 0], [9, 9], [9, 0], [0, 9]]}]},
        "/answer/polygon/0/points",
    ),
    "keyframes out of order": ("video", track(5, 3), "/answer/tracks/0/keyframes/1/frame"),
    "keyframe twice": ("video", track(5, 5), "/answer/tracks/0/keyframes/1/frame"),
    "keyframe past the end": ("video", track(0, 24), "/answer/tracks/0/keyframes/1/frame"),
    "not an object": ("text", [], "/answer"),
}


@pytest.mark.parametrize("name", CASES)
def test_a_bad_answer_is_refused_and_the_lease_stays(api: Api, name: str) -> None:
    modality, answer, path = CASES[name]
    lease, token = api.claim(modality), api.tokens[modality][0]
    encoded = answer if isinstance(answer, str) else json.dumps(answer)
    before = footprint(api, modality)
    reply = submit(api, modality, lease, encoded.encode(), token)
    told = problem(reply, 422, "invalid_answer")
    assert told["path"].startswith(path), told
    assert told["detail"] and told["found"] is not None and told["expected"], told
    assert footprint(api, modality) == before
    assert submit(api, modality, lease, GOOD[modality], token).status == 200


def test_unknown_and_foreign_things_are_not_found(api: Api) -> None:
    lease, (mine, other) = api.claim("text"), api.tokens["text"]
    before = footprint(api, "text")
    ghost = lease | {"id": "asg_" + "0" * 32}
    for held, token in ((lease, other), (ghost, mine), (lease | {"id": "asg_x"}, mine)):
        for action in ("submission", "renew", "release", "skip"):
            told = problem(act(api, held, action, token), 404)
            assert told["detail"], told
        problem(api.ask("PUT", f"/v1/text/assignments/{held['id']}/draft", draft(held), token), 404)
    problem(api.ask("GET", "/v1/text/tasks/task_" + "0" * 32), 404)
    problem(api.ask("GET", "/v1/text/tasks/nonsense"), 404)
    problem(api.ask("POST", "/v1/text/claims", {"project": api.projects["image"]}, mine), 404)
    assert footprint(api, "text") == before
    assert submit(api, "text", lease, GOOD["text"], mine).status == 200


def test_a_body_of_200_megabytes_is_refused(api: Api) -> None:
    lease, before = api.claim("text"), footprint(api, "text")
    for path in (f"/v1/text/assignments/{lease['id']}/submission", "/v1/assets", "/v1/projects"):
        told = problem(announce(api, path, 200 * 1024 * 1024), 413, "too_large")
        assert "limit" in told["detail"], told
    assert footprint(api, "text") == before


@pytest.mark.parametrize("modality", GOOD)
def test_json_of_10000_levels_is_refused(api: Api, modality: str) -> None:
    lease, token, before = api.claim(modality), api.tokens[modality][0], footprint(api, modality)
    for deep in (b"[" * 10_000 + b"]" * 10_000, b'{"a":' * 10_000 + b"1" + b"}" * 10_000):
        for reply in (
            submit(api, modality, lease, deep, token),
            submit(api, modality, lease, b'{"classification":' + deep + b"}", token),
            api.ask("POST", f"/v1/{modality}/claims", deep, token),
            api.ask("POST", "/v1/projects", b'{"definition":' + deep + b"}"),
        ):
            assert reply.status in (400, 422), reply
            assert json.loads(reply.body)["code"] in ("malformed", "invalid", "invalid_answer"), reply
    draft_reply = api.ask(
        "PUT",
        f"/v1/{modality}/assignments/{lease['id']}/draft",
        b'{"fence":%d,"answer":%b}' % (lease["fence"], b"[" * 10_000 + b"]" * 10_000),
        token,
    )
    assert draft_reply.status in (400, 422), draft_reply
    assert footprint(api, modality) == before
    assert submit(api, modality, lease, GOOD[modality], token).status == 200


@pytest.mark.parametrize(
    "text", ["ünï".encode("latin-1"), "{}".encode("utf-16"), b"\xed\xa0\x80", b"\xff", b"{", b"", b"\0"]
)
def test_a_wrong_encoding_is_refused(api: Api, text: bytes) -> None:
    lease, token, before = api.claim("text"), api.tokens["text"][0], footprint(api, "text")
    quoted = b'{"classification":[{"label":"good"}],"justification":"%b"}' % text
    replies = [api.ask("POST", "/v1/text/claims", text or b"x", token), api.ask("POST", "/v1/projects", text)]
    if text not in (b"{", b""):
        replies.append(submit(api, "text", lease, quoted, token))
        body = b'{"fence":%d,"answer":%b}' % (lease["fence"], quoted)
        replies.append(api.ask("PUT", f"/v1/text/assignments/{lease['id']}/draft", body, token))
    for reply in replies:
        assert reply.status in (400, 422), reply
        assert json.loads(reply.body)["detail"], reply
    assert footprint(api, "text") == before
    assert submit(api, "text", lease, GOOD["text"], token).status == 200


def submit(api: Api, modality: str, lease: dict[str, Any], answer: bytes, token: str) -> Reply:
    body = b'{"fence":%d,"answer":%b,"seconds":1}' % (lease["fence"], answer)
    return api.ask("POST", f"/v1/{modality}/assignments/{lease['id']}/submission", body, token, api.key())


def act(api: Api, lease: dict[str, Any], action: str, token: str) -> Reply:
    if action == "submission":
        return submit(api, "text", lease, GOOD["text"], token)
    return api.ask("POST", f"/v1/text/assignments/{lease['id']}/{action}", {"fence": lease["fence"]}, token)


def draft(lease: dict[str, Any]) -> dict[str, Any]:
    return {"fence": lease["fence"], "answer": json.loads(GOOD["text"])}


def problem(reply: Reply, status: int, code: str = "") -> dict[str, Any]:
    """Return the problem that a reply tells of, which must have the one shape of all errors."""
    assert reply.status == status, reply
    told = json.loads(reply.body)
    keys = {"type", "title", "status", "detail", "code", "path", "request_id", "retryable"}
    assert keys <= told.keys() and told["status"] == status, told
    assert b"application/problem+json" in reply.head.lower(), reply
    assert not code or told["code"] == code, told
    return dict(told)


def announce(api: Api, path: str, size: int) -> Reply:
    """Begin to send a large body, and read what is answered before all of it is sent."""
    connection = Connection(api.stand.address, api.stand.owner_token, 30.0)
    head = b"POST %b %bContent-Type: application/json\r\nIdempotency-Key: large\r\nContent-Length: %d\r\n\r\n"
    connection.socket.sendall(head % (path.encode(), connection.head, size))
    block = b" " * 65_536
    try:
        for _ in range(size // len(block)):
            connection.socket.sendall(block)
    except (TimeoutError, BrokenPipeError, ConnectionResetError):
        pass
    while (reply := connection.receive()) is None:
        pass
    connection.close()
    return reply


def footprint(api: Api, modality: str) -> list[int]:
    """Return how much the service holds of what an answer leaves behind."""
    tables = ("submissions", "drafts", "idempotency_keys", "events WHERE type !~ '^(task.claimed|outcome)'")

    async def count() -> list[int]:
        connection = await asyncpg.connect(api.stand.database_url, server_settings={"search_path": modality})
        try:
            return [await connection.fetchval(f"SELECT count(*) FROM {table}") for table in tables]
        finally:
            await connection.close()

    return asyncio.run(count())

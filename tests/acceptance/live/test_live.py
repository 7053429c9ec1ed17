"""What tabs hear through the edge: leases taken back, work, notices, presence; and what they must not."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable

import httpx
import pytest

from acceptance.live.conftest import Place
from acceptance.live.tab import Closed, Tab, framed

OpenTab = Callable[..., Tab]


def test_a_lease_taken_back_reaches_the_tabs_of_its_member(place: Place, open_tab: OpenTab) -> None:
    project, (ada, ben) = place.project()
    lease = place.claim(project, ada)
    topic = f"task:{lease['id']}"
    tabs = [open_tab(ada), open_tab(ada)]
    for tab in tabs:
        assert tab.hear()["member"] == place.member(ada)["id"]
        tab.subscribe(topic)
        assert tab.state(topic)["state"] == "leased"
    member = place.member(ben)["id"]
    place.call("POST", f"/v1/text/tasks/{lease['task']['id']}/reassign", {"member": member})
    for tab in tabs:
        found = tab.state(topic, lambda state: state["state"] == "revoked")
        assert found["reason"] == "reassigned" and found["fence"] == lease["fence"]


def test_work_progress_and_settings_of_a_project_are_told(place: Place, open_tab: OpenTab) -> None:
    project, (ada, _) = place.project()
    topic = f"project:{project}"
    annotators, owners = open_tab(ada), open_tab()
    for tab in (annotators, owners):
        tab.subscribe(topic)
    first = owners.state(topic, lambda state: state["progress"])
    assert first["progress"]["open"] == 30 and first["instructions_version"] == 0
    lease = place.claim(project, ada)
    answer = {"fence": lease["fence"], "answer": {"classification": [{"label": "good"}]}, "seconds": 1}
    key = {"Authorization": f"Bearer {ada}", "Idempotency-Key": f"answer {lease['id']}"}
    url = f"{place.stand.url}/v1/text/assignments/{lease['id']}/submission"
    assert httpx.post(url, json=answer, headers=key).status_code == 200
    assert owners.state(topic, lambda state: state["progress"]["done"] == 1)["progress"]["open"] == 29
    # Annotators hear counts in round numbers: 1 done is none, which an exact count would give away.
    place.call("POST", f"/v1/projects/{project}/instructions", {"body": "Look twice."})
    shown = annotators.state(topic, lambda state: state["instructions_version"] == 1 and state["progress"])
    assert shown["progress"]["done"] == 0
    place.call("PATCH", f"/v1/projects/{project}", {"state": "paused"})
    annotators.state(topic, lambda state: state["state"] == "paused")


def test_a_task_given_back_is_work_for_whoever_waits(place: Place, open_tab: OpenTab) -> None:
    project, (ada, ben) = place.project()
    lease = place.claim(project, ada)
    tab = open_tab(ben)
    tab.subscribe(f"project:{project}")
    tab.state(f"project:{project}")
    place.call("POST", f"/v1/text/assignments/{lease['id']}/release", {"fence": lease["fence"]}, ada)
    assert tab.notice(f"project:{project}", "work_available")["data"] == {"kind": "work_available"}


def test_notices_reach_whom_they_concern_and_survive_a_restart(place: Place, open_tab: OpenTab) -> None:
    project, (ada, ben) = place.project()
    lease = place.claim(project, ada)
    issue = place.call("POST", "/v1/text/issues", {"task": lease["task"]["id"], "text": "Is it?"}, ada)["id"]
    hers, his = open_tab(ada), open_tab(ben)
    for tab in (hers, his):
        tab.subscribe("me")
        assert [one["project"] for one in tab.state("me")["projects"]] == [project]
    place.call("POST", f"/v1/text/issues/{issue}/comments", {"text": "It is."})
    told = hers.notice("me", "issue_commented")
    assert told["data"]["issue"] == issue and told["data"]["project"] == project
    with pytest.raises(TimeoutError):
        his.notice("me", "issue_commented", seconds_max=1.0)
    hers.leave()
    os.kill(place.stand.pid("text"), signal.SIGKILL)
    place.call("POST", f"/v1/text/issues/{issue}/comments", {"text": "Really."})
    again = _reconnect(open_tab, ada)
    again.subscribe("me", told["seq"])
    first = again.notice("me", "issue_commented")
    assert first["data"] == told["data"] and first["seq"] != told["seq"]
    # Only what came after: the first comment is not told twice.
    with pytest.raises(TimeoutError):
        again.notice("me", "issue_commented", seconds_max=1.0)


def test_presence_comes_and_goes(place: Place, open_tab: OpenTab) -> None:
    project, (ada, _) = place.project()
    topic = f"presence:{project}"
    owner = open_tab()
    owner.subscribe(topic)
    lease = place.claim(project, ada)
    hers = open_tab(ada)
    hers.subscribe(topic)
    hers.subscribe(f"task:{lease['id']}")
    seen = owner.state(topic, lambda state: state["count"] == 2 and state["members"][1]["task"])
    assert seen["members"][1]["member"] == place.member(ada)["id"]
    assert seen["members"][1]["task"] == lease["task"]["id"]
    # Answers are to be independent: annotators hear how many others there are, not who and where.
    assert hers.state(topic, lambda state: state["count"] == 2) == {"count": 2, "members": []}
    second = open_tab(ada)
    second.subscribe(topic)
    second.state(topic)
    hers.leave()
    owner.state(topic, lambda state: state["count"] == 2 and state["members"][1]["task"] is None)
    second.leave()
    assert owner.state(topic, lambda state: state["count"] == 1)["members"][0]["name"] == "Owner"


def test_what_is_not_theirs_is_refused(place: Place, open_tab: OpenTab) -> None:
    project, (ada, ben) = place.project()
    other, _ = place.project(0)
    lease = place.claim(project, ada)
    tab = open_tab(ben)
    for topic in (f"task:{lease['id']}", f"project:{other}", f"presence:{other}", "project:prj_1", "all"):
        tab.subscribe(topic)
        refused = tab.until(topic, lambda one: True)
        assert refused["type"] == "refused" and refused["code"] == "not_found"
    platform = open_tab(ben, "platform")
    platform.subscribe(f"presence:{project}")
    assert platform.until(f"presence:{project}", lambda one: True)["type"] == "refused"


def test_who_leaves_a_project_hears_no_more_of_it(place: Place, open_tab: OpenTab) -> None:
    project, (ada, _) = place.project()
    topic = f"project:{project}"
    for service in ("text", "platform"):
        tab = open_tab(ada, service)
        tab.subscribe(topic)
        tab.subscribe("me")
        tab.state("me")
        place.call("DELETE", f"/v1/projects/{project}/members/{place.member(ada)['id']}")
        assert tab.state("me", lambda state: not state["projects"]) == {"projects": []}
        assert tab.until(topic, lambda one: one["type"] == "refused")["code"] == "not_found"
        place.call("PUT", f"/v1/projects/{project}/members/{place.member(ada)['id']}", {"role": "annotator"})
        assert tab.state("me", lambda state: state["projects"])["projects"][0]["project"] == project


def test_a_revoked_token_ends_its_tabs(place: Place, open_tab: OpenTab) -> None:
    _, (ada, ben) = place.project()
    tabs = [open_tab(ada), open_tab(ada, "platform")]
    stays = open_tab(ben)
    for tab in (*tabs, stays):
        tab.hear()
    place.call("DELETE", f"/v1/members/{place.member(ada)['id']}")
    assert [tab.closing() for tab in tabs] == [4401, 4401]
    stays.subscribe("me")
    stays.state("me")


def test_strangers_and_foreign_pages_are_sent_away(place: Place, open_tab: OpenTab) -> None:
    stranger = open_tab("ann_" + "x" * 43)
    assert stranger.closing() == 4401
    foreign = open_tab(headers={"Origin": "https://elsewhere.example"})
    assert foreign.status == 403
    own = open_tab(headers={"Origin": place.stand.url})
    assert own.status == 101


def test_a_session_in_a_cookie_listens(place: Place) -> None:
    reply = httpx.post(
        f"{place.stand.url}/v1/session",
        json={"token": place.stand.owner_token},
        headers={"X-Annotary-Request": "1"},
    )
    cookie = {"Cookie": f"annotary_session={reply.cookies['annotary_session']}"}
    tab = Tab(place.stand.address, "image", {**cookie, "Origin": place.stand.url})
    assert tab.hear()["type"] == "hello"
    assert Tab(place.stand.address, "image", cookie).status == 403
    httpx.delete(f"{place.stand.url}/v1/session", headers={**cookie, "X-Annotary-Request": "1"})
    assert tab.closing() == 4401


def test_hostile_tabs_are_ended_and_cost_nobody_else(place: Place, open_tab: OpenTab) -> None:
    project, (ada, ben) = place.project()
    too_large, no_command, too_fast = (open_tab(ada) for _ in range(3))
    too_large.send(b'{"type":"subscribe","topic":"' + b"x" * 200_000 + b'"}')
    no_command.send(b"[]")
    # In one go: who is sent away while still sending hears no goodbye.
    command = {"type": "subscribe", "topic": f"project:{project}"}
    too_fast.socket.sendall(framed(json.dumps(command).encode()) * 300)
    assert [tab.closing() for tab in (too_large, no_command, too_fast)] == [4413, 4400, 4429]
    many = [open_tab(ben) for _ in range(13)]
    assert [tab.hear()["type"] for tab in many[:12]] == ["hello"] * 12
    assert many[12].closing() == 4409


def _reconnect(open_tab: OpenTab, token: str) -> Tab:
    deadline = time.monotonic() + 240
    while True:
        try:
            tab = open_tab(token)
            if tab.status == 101 and tab.hear()["type"] == "hello":
                return tab
        except (Closed, TimeoutError):
            pass
        assert time.monotonic() < deadline, "the service did not come back"
        time.sleep(0.05)

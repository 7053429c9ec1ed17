"""Links from the command line: an invitation, a password set anew, and the way back in for an owner."""

from __future__ import annotations

import json
import subprocess
from typing import Any

from bench.stand import ANNOTARY

from acceptance.access.conftest import SECRET, Place


def run(place: Place, *arguments: str) -> Any:
    """Run a command of the installation's owner, who sits at the machine; returns its JSON."""
    command = [ANNOTARY, *arguments, "--data-dir", place.stand.data_dir, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_links_are_made_at_the_command_line(place: Place) -> None:
    project = place.projects["text"]
    made = run(place, "invite", "reviewer", "--email", "cli@example.org", "--project", project)["invitation"]
    url, _, code = made["url"].partition("/invitation#code=")
    assert (url, code) == (place.stand.url, made["code"])
    page = place.page()
    me = page.ask(
        "POST", "/v1/invitations/accept", {"code": code, "password": SECRET, "name": "Cleo"}, expect=201
    )
    assert me["projects"] == [{"project": project, "role": "reviewer"}]
    anew = run(place, "invite", "--reset", "Cleo")["invitation"]["code"]
    other = place.page()
    body = {"code": anew, "password": "another walk by the sea"}
    assert other.ask("POST", "/v1/invitations/accept", body, expect=201)["member"] == me["member"]
    assert page.ask("GET", "/v1/me").status_code == 401


def test_the_way_back_in_is_a_link_too(place: Place) -> None:
    recovered = run(place, "token", "recover")
    assert recovered["welcome_url"] == f"{place.stand.url}/welcome#token={recovered['owner_token']}"
    page = place.page()
    page.ask("POST", "/v1/session", {"token": recovered["owner_token"]}, expect=201)
    assert page.ask("GET", "/v1/me", expect=200)["member"]["role"] == "owner"

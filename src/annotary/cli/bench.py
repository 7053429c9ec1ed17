"""`annotary bench`: how fast this installation labels, tried on a project that is deleted afterwards."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from annotary.cli.connection import Token, Url, connected
from annotary.cli.options import DataDir, Json, print_json, say

if TYPE_CHECKING:
    from annotary.client import Client

DEFINITION = {"tools": {"classification": {}}, "labels": [{"name": "good"}, {"name": "bad"}]}
ANSWER = {"classification": [{"label": "good"}]}
TASKS_A_SECOND = 2_000


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("bench")(bench)


def bench(
    url: Url = None,
    token: Token = None,
    data_dir: DataDir = None,
    annotators: Annotated[int, typer.Option(min=1, max=64, help="How many label at once.")] = 8,
    seconds: Annotated[float, typer.Option(min=1, max=60, help="For how long.")] = 5.0,
    json: Json = False,
) -> None:
    """Let annotators label texts as fast as they can, on this installation as it runs: how fast was it?

    The annotators run in this process and take processor time from the platform on a small machine: the
    figures are what it does with both. `python -m bench` of the source measures more finely.
    """
    with connected(url, token, data_dir) as client, _project(client, annotators, seconds) as made:
        say(f"{annotators} annotators for {seconds:.0f} s")
        report = _label(client.url, *made, seconds)
    if json:
        print_json(report)
        return
    say(f"{report['labels_per_s']:.0f} labels/s ({report['labels']} labels in {report['seconds']:.1f} s)")
    for name in ("claim", "submit"):
        times = report[f"{name}_ms"]
        say(f"{name} p50 {times['p50']} ms, p99 {times['p99']} ms")


@contextmanager
def _project(client: Client, annotators: int, seconds: float) -> Iterator[tuple[str, list[str]]]:
    """Make a project with texts and members; it is deleted, and they are removed, at the end."""
    import msgspec

    name = f"bench {time.time_ns()}"
    ontology = client.ontologies.create(name, "text", DEFINITION)
    project = client.projects.create(name, "text", ontology=ontology.id)
    members = [client.members.add(f"{name} {number}", "annotator") for number in range(annotators)]
    try:
        for member in members:
            client.projects.put_member(project.id, member.id)
        tokens = [client.tokens.create("bench", member=member.id).token or "" for member in members]
        rows = (
            {"unique_id": str(number), "text": f"Text number {number}."}
            for number in range(int(seconds * TASKS_A_SECOND))
        )
        lines = b"".join(msgspec.json.encode(row) + b"\n" for row in rows)
        file = client.assets.upload_bytes(lines, "application/jsonl")
        client.imports.wait(client.imports.start(file.hash, project=project.id).id)
        yield project.id, tokens
    finally:
        client.projects.delete(project.id)
        for member in members:
            client.members.remove(member.id)


def _label(url: str, project: str, tokens: Sequence[str], seconds: float) -> dict[str, Any]:
    """Claim and submit with every token at once, two calls a label; returns the figures."""
    from concurrent.futures import ThreadPoolExecutor

    from annotary.client import Client
    from annotary.demo.replay import quantiles

    claims: list[float] = []
    submits: list[float] = []
    began = time.perf_counter()

    def work(token: str) -> None:
        with Client(url, token) as client:
            while time.perf_counter() < began + seconds:
                claimed = time.perf_counter()
                given = client.claim("text", project=project)
                submitted = time.perf_counter()
                if not given:
                    return
                client.submit(given[0], ANSWER, seconds=1.0)
                claims.append(submitted - claimed)
                submits.append(time.perf_counter() - submitted)

    with ThreadPoolExecutor(len(tokens)) as threads:
        list(threads.map(work, tokens))
    took = time.perf_counter() - began
    claim, submit = quantiles(claims), quantiles(submits)
    return {
        "annotators": len(tokens),
        "labels": len(submits),
        "seconds": round(took, 2),
        "labels_per_s": round(len(submits) / took, 1),
        "claim_ms": {"p50": claim.p50, "p99": claim.p99},
        "submit_ms": {"p50": submit.p50, "p99": submit.p99},
    }

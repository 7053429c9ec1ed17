"""A million labels of mixed types migrated and rolled back: alone, beside annotators, killed in between."""

from __future__ import annotations

import os
import random
import signal
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from annotary.infra import queries
from annotary.modalities.answers import compile_ontology
from annotary.ontology.rules import content_hash, read_definition
from bench.label_loop import LabelLoop, percentile
from bench.paced import PacedLoop
from bench.report import Report, say
from bench.stand import Stand, installation
from bench.statements import ask, vacuum
from bench.texts import BAD, CLASSES, GOOD, write_rows

SIZE, SIZE_QUICK = 1_000_000, 20_000
POOL = 2_000
ANNOTATORS = 8
SHARE_OF_CAPACITY = 0.3
SECONDS_MAX = 900.0
SETTLING_SECONDS = 6.0
QUERIES = queries.load(__package__, "ontology.sql")
TEXT = " ".join(f"word{n}" for n in range(30))
LABELS = [
    {"name": "car", "attributes": [{"name": "parked", "kind": "boolean"}]},
    {"name": "van"},
    {"name": "person"},
    {"name": "animal"},
    {"name": "sign", "attributes": [{"name": "text", "kind": "text"}]},
]
STEPS = [
    {"step": "rename_label", "label": "person", "to": "human"},
    {"step": "merge_labels", "labels": ["van"], "into": "car"},
    {"step": "rename_attribute", "label": "car", "attribute": "parked", "to": "still"},
]
VIDEO = {"width": 1280, "height": 720, "frame_count": 250, "time_base": [1, 12800], "first_pts": 0}
ITEMS: dict[str, dict[str, Any]] = {
    "text": {"text": TEXT},
    "image": {"asset": "ab" * 32, "width": 1920, "height": 1080, "media_type": "image/jpeg"},
    "video": {"asset": "cd" * 32, "pts_runs": [[249, 512]], **VIDEO},
}
TOOLS = {"text": "spans", "image": "box", "video": "tracks"}
SHARES = {"text": 0.5, "image": 0.4, "video": 0.1}


class Labelled(NamedTuple):
    """A project full of answers, and the ontology that changes under it."""

    modality: str
    project: str
    ontology: str


def run(quick: bool) -> Report:
    """Measure from the request to publish, or to withdraw, until no answer is left to do."""
    size = SIZE_QUICK if quick else SIZE
    report = Report(name="ontology", command="python -m bench ontology", sizes={"labels": size})
    with installation() as stand:
        projects = [_fill(stand, modality, int(size * share)) for modality, share in SHARES.items()]
        vacuum(stand.database_url)
        before = _hashes(stand, projects)
        report.details["hash_before"] = before
        after = _alone(stand, report, projects, size, before)
        vacuum(stand.database_url)
        _beside(stand, report, projects, size, (before, after), quick)
        vacuum(stand.database_url)
        _killed(stand, report, projects, before, after)
    return report


def _alone(
    stand: Stand, report: Report, projects: list[Labelled], size: int, before: Mapping[str, str]
) -> Mapping[str, str]:
    seconds, published = _publish(stand, projects)
    after = _hashes(stand, projects)
    report.add("migrated", seconds, "s", goal=60, bound="at most")
    report.add("migrated", size / seconds, "labels/s")
    say(f"{size} labels migrated in {seconds:.1f} s")
    vacuum(stand.database_url)
    seconds = _withdraw(stand, projects, published)
    report.add("rolled back", seconds, "s", goal=60, bound="at most")
    same = _hashes(stand, projects) == before and after != before
    report.add("rolled back: the same hash of the whole set", float(same), "", goal=1)
    say(f"rolled back in {seconds:.1f} s, {'the same hash' if same else 'ANOTHER HASH'}")
    return after


def _beside(
    stand: Stand,
    report: Report,
    projects: list[Labelled],
    size: int,
    hashes: tuple[Mapping[str, str], Mapping[str, str]],
    quick: bool,
) -> None:
    """Migrate and roll back while annotators work at 30 % of what they can do."""
    project = stand.project("beside", "text", CLASSES)
    with tempfile.TemporaryDirectory() as place:
        write_rows(Path(place) / "rows.jsonl", 10_000 if quick else 200_000)
        stand.import_rows(project, Path(place) / "rows.jsonl")
    tokens = stand.annotators(project, ANNOTATORS)
    loop = LabelLoop(stand.address, tokens, "text", project, [GOOD, BAD], claim_next=False)
    capacity = loop.run(1.0 if quick else 10.0).labels_per_second
    loop.close()
    pace = capacity * SHARE_OF_CAPACITY
    calm = _percentile_ms(_claims(stand, tokens, project, pace, 2.0 if quick else 20.0))
    allowed = max(calm * 1.25, calm + 5)
    report.add("claim p99, calm", calm, "ms")
    published: list[dict[str, Any]] = []

    def forth() -> float:
        seconds, made = _publish(stand, projects)
        published.extend(made)
        return seconds

    for name, work, hashed in (
        ("migrated beside annotators", forth, hashes[1]),
        ("rolled back beside annotators", lambda: _withdraw(stand, projects, published), hashes[0]),
    ):
        seconds, claims = _while(stand, tokens, project, pace, work)
        report.add(name, seconds, "s", goal=180, bound="at most")
        report.add(f"{name}: claim p99", _percentile_ms(claims), "ms", goal=allowed, bound="at most")
        report.add(f"{name}: the same hash", float(_hashes(stand, projects) == hashed), "", goal=1)
        say(f"{name}: {seconds:.1f} s, claim p99 {_percentile_ms(claims):.1f} ms, calm {calm:.1f} ms")
    report.details["beside"] = {"capacity": capacity, "pace": pace, "size": size}


def _while(
    stand: Stand, tokens: list[str], project: str, pace: float, work: Any
) -> tuple[float, list[float]]:
    """Do some work while annotators label; returns how long it took, and the times of their claims."""
    claims: list[float] = []
    ended = threading.Event()

    def label() -> None:
        while not ended.is_set():
            claims.extend(_claims(stand, tokens, project, pace, 2.0))

    labelling = threading.Thread(target=label)
    labelling.start()
    # They work when the change comes: what it is held to is how fast their claims were before it.
    ended.wait(SETTLING_SECONDS)
    try:
        seconds = work()
    finally:
        ended.set()
        labelling.join()
    return seconds, claims


def _claims(stand: Stand, tokens: list[str], project: str, pace: float, seconds: float) -> list[float]:
    loop = PacedLoop(stand.address, tokens, "text", project, [GOOD, BAD], claim_next=False)
    try:
        return list(loop.claim_times(pace, seconds))
    finally:
        loop.close()


def _percentile_ms(seconds: list[float]) -> float:
    return percentile(seconds, 0.99) * 1000


def _killed(
    stand: Stand,
    report: Report,
    projects: list[Labelled],
    before: Mapping[str, str],
    after: Mapping[str, str],
) -> None:
    """Kill the worker at random points of a migration and its rollback."""
    kills = 0
    ended = threading.Event()

    def kill() -> None:
        nonlocal kills
        chance = random.Random(4)
        while not ended.wait(1.0 + 4.0 * chance.random()) and kills < 4:
            os.kill(stand.pid("worker"), signal.SIGKILL)
            kills += 1

    killing = threading.Thread(target=kill)
    killing.start()
    seconds, published = _publish(stand, projects)
    ended.set()
    killing.join()
    same = _hashes(stand, projects) == after
    _withdraw(stand, projects, published)
    report.add(f"killed {kills} times: the same hash", float(same), "", goal=1)
    back = _hashes(stand, projects) == before
    report.add("killed, then rolled back: the hash before", float(back), "", goal=1)
    say(f"killed {kills} times: {seconds:.1f} s, {'the same hash' if same and back else 'ANOTHER HASH'}")


def _publish(stand: Stand, projects: list[Labelled]) -> tuple[float, list[dict[str, Any]]]:
    began = time.monotonic()
    published = [
        stand.call("POST", f"/v1/ontologies/{one.ontology}/publications", {"steps": STEPS})
        for one in projects
    ]
    _await_changes(stand, projects, "migration")
    return time.monotonic() - began, published


def _withdraw(stand: Stand, projects: list[Labelled], published: list[dict[str, Any]]) -> float:
    began = time.monotonic()
    for one in published:
        stand.call("POST", f"/v1/publications/{one['id']}/withdraw", {})
    _await_changes(stand, projects, "rollback")
    return time.monotonic() - began


def _await_changes(stand: Stand, projects: list[Labelled], kind: str) -> None:
    """Wait until the last change of every project is of this kind and has succeeded."""
    deadline = time.monotonic() + SECONDS_MAX
    for one in projects:
        while True:
            path = f"/v1/{one.modality}/changes?project={one.project}&limit=500"
            (*_, last) = ({"kind": "", "state": ""}, *stand.call("GET", path)["items"])
            if last["kind"] == kind and last["state"] == "succeeded":
                break
            assert last["state"] not in ("failed", "cancelled"), last
            assert time.monotonic() < deadline, last
            time.sleep(0.1)


def _hashes(stand: Stand, projects: list[Labelled]) -> dict[str, str]:
    paths = {one.modality: f"/v1/{one.modality}/answers/hash?project={one.project}" for one in projects}
    return {modality: stand.call("GET", path)["hash"] for modality, path in paths.items()}


def _fill(stand: Stand, modality: str, size: int) -> Labelled:
    """Make a project and write its answers straight to the tables, as the service leaves them."""
    definition = {"tools": {TOOLS[modality]: {}}, "labels": LABELS}
    made = stand.project("labels", modality, definition)
    ontology = stand.call("GET", f"/v1/projects/{made}")["ontology"]
    read = read_definition(definition)
    validator = compile_ontology(modality, read, content_hash(read))
    answers = [validator.validate(raw, ITEMS[modality]) for raw in _answers(modality, min(POOL, size))]
    project = bytes.fromhex(made.removeprefix("prj_"))

    async def write(connection: Any) -> None:
        places = {"schema": modality, "size": size, "pool": len(answers)}

        async def do(query: str, *arguments: Any) -> None:
            for name, value in places.items():
                query = query.replace(f"{{{name}}}", str(value))
            await connection.execute(query, *arguments, timeout=900)

        await do(QUERIES.pool)
        rows = [(n, one.encoded.decode(), one.content_hash) for n, one in enumerate(answers)]
        await connection.executemany(QUERIES.add_to_pool, rows)
        await do(QUERIES.tasks)
        project_id = UUID(bytes=project)
        await do(QUERIES.add_tasks, project_id)
        await do(QUERIES.add_items, project_id, msgspec.json.encode(ITEMS[modality]).decode())
        await do(QUERIES.add_assignments, project_id)
        await do(QUERIES.add_submissions, project_id)
        await do(QUERIES.drop_made)

    _await_copy(stand, modality, made)
    ask(stand.database_url, write)
    return Labelled(modality, made, ontology)


def _await_copy(stand: Stand, modality: str, project: str) -> None:
    """The modality knows the project once it lists its changes."""
    deadline = time.monotonic() + 10
    while True:
        try:
            stand.call("GET", f"/v1/{modality}/changes?project={project}")
            return
        except RuntimeError:
            assert time.monotonic() < deadline
            time.sleep(0.05)


def _answers(modality: str, count: int) -> Iterator[bytes]:
    chance = random.Random(8)
    for _ in range(count):
        marks = [_mark(modality, chance, place) for place in range(chance.randint(1, 5))]
        yield msgspec.json.encode({TOOLS[modality]: marks})


def _mark(modality: str, chance: random.Random, place: int) -> dict[str, Any]:
    label = chance.choice(LABELS)["name"]
    mark: dict[str, Any] = {"label": label}
    if label == "car" and chance.random() < 0.7:
        mark["attributes"] = {"parked": chance.random() < 0.5}
    if modality == "text":
        return mark | {"start": 20 * place, "end": 20 * place + chance.randint(1, 19)}
    box = {"x": chance.random() * 500, "y": chance.random() * 300, "width": 50.5, "height": 40.25}
    if modality == "image":
        return mark | box
    frames = [(0, 0.0), (25, 1.0), (50, 2.0)]
    return mark | {"id": str(place + 1), "keyframes": [{"frame": n, "time": at, **box} for n, at in frames]}

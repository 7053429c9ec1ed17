"""`annotary ontology import`: a definition on stdout, what is lost beside it."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from annotary.cli.main import application

CVAT = [
    {"name": "car", "type": "rectangle", "color": "#ff0000", "attributes": []},
    {"name": "pose", "type": "skeleton", "attributes": []},
]


def run(file: Path, *options: str) -> tuple[int, str, str]:
    command = ["ontology", "import", str(file), *options]
    found = CliRunner().invoke(application(command), command)
    return found.exit_code, found.stdout, found.stderr


def test_a_definition_is_turned_into_a_file_that_create_reads(tmp_path: Path) -> None:
    file = tmp_path / "labels.json"
    file.write_text(json.dumps(CVAT))
    code, out, said = run(file)
    assert (code, json.loads(out)) == (
        0,
        {"tools": {"box": {}}, "labels": [{"name": "car", "colour": "#ff0000"}]},
    )
    assert "skeleton" in said
    code, out, _ = run(file, "--json", "-m", "video")
    reply = json.loads(out)
    assert (code, reply["modality"], list(reply["definition"]["tools"])) == (0, "video", ["tracks"])
    assert reply["losses"][0]["path"] == "/1"


def test_what_is_no_definition_ends_with_two(tmp_path: Path) -> None:
    file = tmp_path / "labels.json"
    file.write_text("[]")
    assert run(file)[0] == 2
    file.write_text(json.dumps(CVAT))
    code, out, said = run(file, "--from", "labelbox")
    assert (code, out) == (2, "")
    assert "expected" in said

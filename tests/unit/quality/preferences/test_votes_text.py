"""Votes from text: the ways to say them, what is refused with its line, and the command."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner

from annotary.cli.main import application
from annotary.kernel.errors import Invalid
from annotary.quality.preferences.values import FIRST, SECOND, TIE
from annotary.quality.preferences.votes_text import read_votes

HEADER = "a,b,winner\n"


def test_all_ways_to_name_the_winner_mean_the_same() -> None:
    said = ["a", "model_a", "Ada", "b", "model_b", "Bob", "tie", "tie (both bad)"]
    rows = "".join(f"Ada,Bob,{word}\n" for word in said)
    table = read_votes(HEADER + rows)
    lines = [json.dumps({"model_a": "Ada", "model_b": "Bob", "winner": word, "turn": 1}) for word in said]
    assert table.outcomes.tolist() == [FIRST] * 3 + [SECOND] * 3 + [TIE] * 2
    assert read_votes("\n".join(lines), json_lines=True).outcomes.tolist() == table.outcomes.tolist()
    assert table.player_names == ["Ada", "Bob"] and table.judges is None


def test_judges_are_read_where_all_votes_have_one() -> None:
    found = read_votes("judge,b,a,winner\nz,Bob,Ada,tie\ny,Bob,Cy,Cy\n")
    assert found.judges is not None and found.judges.tolist() == [1, 0] and found.judge_names == ["y", "z"]
    assert (found.first.tolist(), found.second.tolist()) == ([0, 2], [1, 1])
    with pytest.raises(Invalid, match="line 3: found 'no judge', expected a judge in every vote or in none"):
        read_votes("a,b,winner,judge\nAda,Bob,tie,z\nAda,Bob,tie,\n")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a,winner\n", "line 1: found 'a,winner', expected one column named b or model_b"),
        (HEADER + "Ada,Bob,Cy\n", "line 2, winner: found 'Cy', expected a, b, model_a"),
        (HEADER + "Ada,Ada,a\n", "line 2: found 'Ada against itself', expected two different players"),
        (HEADER + "Ada,,a\n", "line 2, b: found '', expected a name"),
        # Is the winner the one in column a, or the one called a?
        (HEADER + "b,a,a\n", "line 2, winner: found 'a', .* meaning one outcome only"),
        (HEADER + "Ada,Bob,a\nAda,Bob,a,x\n", "line 3: found '4 fields', expected 3"),
    ],
)
def test_a_table_that_is_wrong_is_refused_with_its_line(text: str, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        read_votes(text)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", "line 2: found '{', expected a JSON object"),
        ("[" * 100_000, r"line 2: found .*expected a JSON object"),
        ("[1]", r"line 2: found \[1\], expected a JSON object"),
        (
            '{"a": "x", "model_a": "x", "b": "y", "winner": "a"}',
            "line 2: .*expected one field named a or model_a",
        ),
        ('{"a": "x", "b": null, "winner": "a"}', "line 2, b: found None, expected a name"),
        ('{"a": "x", "b": "y"}', "line 2: found .*expected one field named winner"),
    ],
)
def test_a_line_that_is_wrong_is_refused(line: str, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        read_votes(f'{{"a": "x", "b": "y", "winner": "tie"}}\n{line}\n', json_lines=True)


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_the_command_prints_one_object(tmp_path: Path, kind: str) -> None:
    file = tmp_path / f"votes.{kind}"
    rows = [("Ada", "Bob", "a", "y"), ("Bob", "Ada", "b", "z"), ("Ada", "Cy", "tie", "y")]
    if kind == "csv":
        text = "a,b,winner,judge\n" + "".join(",".join(row) + "\n" for row in rows)
    else:
        fields = ("model_a", "model_b", "winner", "judge")
        text = "".join(json.dumps(dict(zip(fields, row, strict=True))) + "\n" for row in rows)
    file.write_text(text, encoding="utf-8")
    arguments = ["preferences", "rank", str(file), "--json"]
    shown = CliRunner().invoke(application(arguments), arguments)
    found = msgspec.json.decode(shown.stdout)
    assert (found["model"], found["votes"], found["ties"], found["components"]) == ("davidson", 3, 1, 1)
    assert found["players"][0]["player"] == "Ada" and {one["judge"] for one in found["judges"]} == {"y", "z"}

"""MOT text: what is read, what is refused with its line, and the command on files."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from annotary.cli.main import application
from annotary.kernel.errors import Invalid
from annotary.quality.tracking.mot_text import read_mot

BOX = "1,2,10,20,30,40"


def test_a_row_is_a_box_by_its_corners() -> None:
    found = read_mot(f"{BOX},0.5,-1,-1,-1\r\n\n 2 2 1e1 20.5 3 4 \n3.0,-1,-5,0,0,0\n")
    assert found.frames.tolist() == [1, 2, 3] and found.ids.tolist() == [2, 2, -1]
    assert found.boxes.tolist() == [[10, 20, 40, 60], [10, 20.5, 13, 24.5], [-5, 0, -5, 0]]


def test_only_a_truth_loses_its_unconfident_rows() -> None:
    text = f"{BOX},0\n2,2,10,20,30,40,0.1\n3,2,10,20,30,40\n"
    assert read_mot(text, drop_unconfident=True).frames.tolist() == [2, 3]
    assert read_mot(text).frames.tolist() == [1, 2, 3]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("1,2,10,20,30", "line 2: found '1,2,10,20,30', expected at least 6 columns"),
        ("x,2,10,20,30,40", "line 2, frame: found 'x', expected a number"),
        ("0,2,10,20,30,40", "line 2, frame: found '0', expected a whole number from 1 on"),
        ("1.5,2,10,20,30,40", "line 2, frame: found '1.5', expected a whole number"),
        ("1,1_0,10,20,30,40", "line 2, id: found '1_0', expected a number"),
        ("1,2,nan,20,30,40", "line 2, x: found 'nan', expected a number"),
        ("1,2,10,1e300,30,40", "line 2, y: found '1e300', expected a number between"),
        ("1,2,10,20,-3,40", "line 2, width: found '-3', expected pixels, 0 or more"),
        ("1,2,10,20,30,", "line 2, height: found '', expected a number"),
        ("1,2,10,20,30,40,high", "line 2, conf: found 'high'"),
        ("1,3,10,20,30,40\n1,3,10,20,30,40", r"line 3: found 'track 3 again in frame 1', .* \(see line 2\)"),
    ],
)
def test_a_line_that_is_wrong_is_refused(line: str, words: str) -> None:
    with pytest.raises(Invalid, match=f"gt.txt, {words}"):
        read_mot(f"{BOX}\n{line}\n", name="gt.txt")


@given(st.text(alphabet="0123456789.,-eE_ \n\tnaif", max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found = read_mot(text)
    except Invalid as error:
        assert "line" in error.detail and "expected" in error.detail
    else:
        assert (found.boxes[:, 2:] >= found.boxes[:, :2]).all()


def test_the_command_prints_one_object_or_says_what_is_wrong(tmp_path: Path) -> None:
    truth, predicted = tmp_path / "gt.txt", tmp_path / "pred.txt"
    truth.write_text(f"{BOX}\n2,2,10,20,30,40\n3,9,0,0,1,1,0\n", encoding="utf-8")
    predicted.write_text("1,5,10,20,30,40\n2,6,10,20,30,40\n", encoding="utf-8")
    arguments = ["tracks", "evaluate", str(truth), str(predicted), "--json"]
    shown = CliRunner().invoke(application(arguments), arguments)
    found = msgspec.json.decode(shown.stdout)
    assert (found["mota"], found["idf1"], found["id_switches"]) == (50.0, 50.0, 1)
    assert found["hota"] == pytest.approx(100 * 0.5**0.5)
    predicted.write_bytes(b"1,5,10,20,30,40\n\xff")
    refused = CliRunner().invoke(application(arguments), arguments)
    assert isinstance(refused.exception, Invalid) and "pred.txt, line 2" in refused.exception.detail

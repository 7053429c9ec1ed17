"""The whole report: intervals that hold, texts that are read or refused, and the command."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest
from typer.testing import CliRunner

from annotary.cli.main import application
from annotary.kernel.errors import Invalid
from annotary.quality.agreement.answers_text import by_number, label_numbers, read_answers
from annotary.quality.agreement.bootstrap import blocks_of_units
from annotary.quality.agreement.report import agreement
from annotary.quality.agreement.values import Answers, Level

HEADER = "task,worker,label\n"


def crowd(units: int, seed: int, right: float = 0.7) -> Answers:
    """Three annotators of each unit, each right with a probability and else guessing among four."""
    chance = np.random.default_rng(seed)
    truth = np.repeat(chance.integers(0, 4, units), 3)
    labels = np.where(chance.random(3 * units) < right, truth, chance.integers(0, 4, 3 * units))
    names = [str(number) for number in range(units)]
    rows = np.arange(3 * units)
    return Answers(
        np.repeat(np.arange(units), 3),
        np.tile(np.arange(3), units),
        labels,
        names,
        list("abc"),
        list("wxyz"),
        rows,
    )


@pytest.mark.parametrize("level", ["nominal", "ordinal"])
def test_intervals_hold_what_they_promise(level: Level) -> None:
    """Two annotators agree beyond chance in 0.7^2 of the answers, at the levels nominal and ordinal alike."""
    found = [agreement(crowd(150, seed), level=level, pairs=0, replicates=400) for seed in range(60)]
    for measure in ("alpha", "fleiss_kappa"):
        estimates = [getattr(one, measure) for one in found]
        assert np.mean([one.value for one in estimates]) == pytest.approx(0.49, abs=0.02)
        assert sum(one.low <= 0.49 <= one.high for one in estimates) >= 50


def test_groups_of_units_give_the_interval_of_single_units() -> None:
    answers = crowd(6000, 1)
    assert blocks_of_units(6000, 4, 0).number < 6000
    estimate = agreement(answers, pairs=0, replicates=2000).alpha
    halves = [agreement(crowd(3000, seed), pairs=0, replicates=2000).alpha for seed in (2, 3)]
    widths = [one.high - one.low for one in halves if one.high is not None and one.low is not None]
    assert estimate.low is not None and estimate.high is not None
    assert estimate.high - estimate.low == pytest.approx(np.mean(widths) / 2**0.5, rel=0.15)


def test_the_same_seed_gives_the_same_report_and_rows_have_no_order() -> None:
    rows = [f"t{i % 7},w{i // 7},{(i * i) % 3}\n" for i in range(28)]
    reports = [agreement(read_answers(HEADER + "".join(each)), seed=5) for each in (rows, rows, rows[::-1])]
    assert reports[0] == reports[1] == reports[2]


def test_one_class_has_no_alpha_and_one_unit_no_interval() -> None:
    same = agreement(read_answers(HEADER + "1,a,x\n1,b,x\n2,a,x\n2,b,x\n"))
    assert same.alpha == same.fleiss_kappa == (None, None, None) and same.percent_agreement == (1.0, 1.0, 1.0)
    one = agreement(read_answers(HEADER + "1,a,x\n1,b,y\n"))
    assert one.percent_agreement == (0.0, None, None)


def test_missing_answers_are_counted_and_leave_no_trace() -> None:
    text = HEADER + "1,a,x\n1,b,y\n1,c,\n2,a,x\n2,b,x\n"
    without = HEADER + "1,a,x\n1,b,y\n2,a,x\n2,b,x\n"
    assert read_answers(text).missing == 1
    assert agreement(read_answers(text)) == agreement(read_answers(without))


def test_one_number_in_two_notations_is_one_label() -> None:
    answers = read_answers(HEADER + "1,a,1\n1,b,1.0\n2,a,2\n2,b,10\n")
    read, numbers = by_number(answers, label_numbers(answers, "interval"))
    assert read.label_names == ["1", "2", "10"] and numbers is not None and numbers.tolist() == [1, 2, 10]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", r"line 1: found '', expected one column named task"),
        ("task,label\n", r"line 1: found 'task,label', expected one column named annotator or worker"),
        ("task,worker,annotator,label\n", r"line 1: found .* expected one column named annotator or worker"),
        (HEADER + "1,a,x\n1,b\n", r"line 3: found '2 fields', expected 3"),
        (HEADER + "1,a,x\n\n,b,y\n", r"line 4, task: found '', expected a name"),
        (HEADER + '1,a,"x\n', r"line 2: found .* expected comma-separated values"),
        (HEADER + "1,a,x\n1,b,x\n1,a,y\n", r"line 4: found .*annotator a to task 1.* \(see line 2\)"),
    ],
)
def test_a_text_that_is_wrong_is_refused_with_its_line(text: str, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        read_answers(text)


def test_labels_need_numbers_or_an_order_beyond_the_nominal_level() -> None:
    answers = read_answers(HEADER + "1,a,2\n1,b,low\n2,a,nan\n")
    levels: tuple[Level, ...] = ("ordinal", "interval")
    for level in levels:
        with pytest.raises(Invalid, match=r"line 3, label: found 'low', expected a finite number"):
            label_numbers(answers, level)
    with pytest.raises(Invalid, match=r"line 4, label: found 'nan', expected one of low, 2"):
        label_numbers(answers, "ordinal", ["low", "2"])
    assert label_numbers(answers, "ordinal", ["low", "nan", "2"]) is not None


def test_the_command_prints_one_object(tmp_path: Path) -> None:
    file = tmp_path / "answers.csv"
    file.write_text("\ufefftask,annotator,label\n1,a,low\n1,b,high\n2,a,low\n2,b,low\n", encoding="utf-8")
    arguments = ["agreement", str(file), "--level", "ordinal", "--order", "low,high", "--json"]
    shown = CliRunner().invoke(application(arguments), arguments)
    found = msgspec.json.decode(shown.stdout)
    assert shown.exit_code == 0 and found["percent_agreement"]["value"] == 0.5
    assert found["alpha"]["value"] == pytest.approx(0) and found["pairs"][0]["annotators"] == ["a", "b"]

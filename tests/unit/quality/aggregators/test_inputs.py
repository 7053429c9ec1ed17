"""Strange inputs give clear results or clear errors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotary.kernel.errors import Invalid
from annotary.quality.aggregators import METHODS, Answers, aggregate
from annotary.quality.aggregators.groups import Groups
from annotary.quality.aggregators.special import log_gamma
from annotary.quality.aggregators.tables import read_answers, read_known


@pytest.mark.parametrize("method", METHODS)
def test_one_class_one_annotator_one_answer_one_task(method: str) -> None:
    only = aggregate(Answers.of([0, 1, 2], [0, 0, 1], [0, 0, 0]), method)
    assert only.label.tolist() == [0, 0, 0] and only.confidence.tolist() == [1, 1, 1]
    alone = aggregate(Answers.of([0, 1, 2], [0, 0, 0], [0, 1, 1]), method)
    assert alone.label.tolist() == [0, 1, 1] and np.isfinite(alone.posterior).all()
    single = aggregate(Answers.of([0], [0], [1], classes=2), method)
    assert single.label.tolist() == [1] and 0.5 < single.confidence[0] < 1
    crowded = aggregate(Answers.of(np.zeros(200), np.arange(200), np.arange(200) % 3 > 0), method)
    assert crowded.label.tolist() == [1]


@pytest.mark.parametrize(
    ("columns", "options", "words"),
    [
        (([], [], []), {}, "at least one answer"),
        (([0], [0], [-1]), {}, "no abstention"),
        (([0, 1], [0, 0], [0.0, float("nan")]), {}, r"label\[1\]: found nan"),
        (([0, 1], [0, 0], [0.0, 0.5]), {}, r"label\[1\]: found 0.5"),
        (([0, -1], [0, 0], [0, 1]), {}, r"task\[1\]: found -1"),
        (([0], [0], ["a"]), {}, "whole numbers"),
        (([0, 1], [0], [0, 1]), {}, "one length"),
        (([0], [0], [0]), {"weight": [float("inf")]}, r"weight\[0\]"),
        (([0], [0], [3]), {"classes": 2}, "below 2"),
        (([0], [0], [0]), {"gold": {0: -2}}, "0 or more"),
        (([10**9], [0], [0]), {}, "tasks x classes"),
    ],
)
def test_what_cannot_be_aggregated_is_said(columns: Any, options: Any, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        Answers.of(*columns, **options)


def test_an_unknown_method_is_refused() -> None:
    with pytest.raises(Invalid, match="dawid-skene"):
        aggregate(Answers.of([0], [0], [0]), "mace")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "line 1: .*a column task"),
        (b"task,who,label\n1,2,3\n", "line 1: .*worker or annotator"),
        (b"task,worker,label\n1,2,3\n\n1,2\n", "line 4: .*3 cells"),
        (b"task,worker,label\n1,2,3\n,2,3\n", "line 3: .*a task"),
        (b"task,worker,label\n1,,3\n", "line 2: .*a worker"),
        (b"task,worker,label,weight\n1,2,3,1\n1,2,3,nan\n", "line 3: .*weight"),
        (b"task,worker,label\n1,2,\xff\n", "UTF-8"),
    ],
)
def test_a_table_that_cannot_be_read_names_its_line(content: bytes, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        read_answers(content, "answers.csv")


def test_known_classes_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(Invalid, match=r"truth.csv line 4: found 'b', expected 'a'"):
        read_known(b"task,truth\nt,a\nu,b\nt,b\n", "truth.csv")


def test_a_table_of_names() -> None:
    content = b'\xef\xbb\xbflabel,Task,annotator,note\n10,a,x,\r\n9,"b, c",y,\n,a,y,\nNaN,b,x,\n'
    table = read_answers(content, "answers.csv")
    assert (table.tasks, table.annotators, table.classes) == (["a", "b, c", "b"], ["x", "y"], ["9", "10"])
    assert table.label.tolist() == [1, 0, -1, -1]
    answers = table.answers({"a": "9", "elsewhere": "9"})
    assert len(answers) == 2 and answers.gold == {0: 0}
    assert table.numbers_of({"a": "9", "b": "11"}).tolist() == [0, -1, 2]
    with pytest.raises(Invalid, match="gold of task a"):
        table.answers({"a": "8"})


@given(st.lists(st.integers(0, 6), min_size=1, max_size=60), st.integers(0, 3), st.booleans())
def test_sums_over_groups(keys: list[int], large: int, weighed: bool) -> None:
    all_keys = np.array(keys + [2] * (large * 48))
    index = np.arange(len(all_keys)) % 5
    weight = np.linspace(0.5, 2, len(all_keys)) if weighed else None
    table = np.arange(10.0).reshape(5, 2)
    expected = np.zeros((8, 2))
    np.add.at(expected, all_keys, table[index] * (1 if weight is None else weight[:, None]))
    np.testing.assert_allclose(Groups(all_keys, 8).bind(index, weight).of(table), expected)


def test_log_gamma() -> None:
    from math import lgamma

    x = np.concatenate([np.logspace(-6, 6, 200), np.arange(1.0, 30.0)])
    np.testing.assert_allclose(log_gamma(x), [lgamma(one) for one in x], rtol=1e-6, atol=2e-5)

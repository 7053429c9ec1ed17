"""Confident learning on sparse predictions equals its definition, and finds errors that people confirmed."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotary.kernel.errors import Invalid
from annotary.quality.consistency.label_errors import given_probabilities, label_errors
from annotary.quality.consistency.predictions_text import read_predictions
from annotary.quality.consistency.values_sparse import SparsePredictions

DATA = Path(os.environ.get("ANNOTARY_SAMPLE_DATA", "")) / "label_errors"


def sparse(dense: np.ndarray, given: np.ndarray, kept: int) -> SparsePredictions:
    """Return the `kept` most probable classes of each row."""
    top = np.argsort(-dense, axis=1, kind="stable")[:, :kept]
    rows = np.repeat(np.arange(len(dense)), kept)
    probability = np.take_along_axis(dense, top, 1).ravel()
    return SparsePredictions(given, rows, top.ravel(), probability, dense.shape[1])


def dense_errors(dense: np.ndarray, given: np.ndarray) -> list[tuple[int, int]]:
    """Return (task, suggested) as the paper defines it, with plain loops over a matrix."""
    classes = dense.shape[1]
    usual = [dense[given == one, one].mean() if (given == one).any() else np.inf for one in range(classes)]
    found = []
    for task, row in enumerate(dense):
        confident = [one for one in range(classes) if row[one] >= usual[one]]
        if confident:
            best = min(confident, key=lambda one: (-row[one], one))
            if best != given[task]:
                found.append((row[given[task]], -row[best], task, best))
    return [(task, best) for _, _, task, best in sorted(found)]


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 6), st.integers(1, 40))
def test_all_classes_given_it_is_the_definition(seed: int, classes: int, tasks: int) -> None:
    chance = np.random.default_rng(seed)
    dense = chance.dirichlet(np.full(classes, 0.3), tasks)
    given = np.where(chance.random(tasks) < 0.7, dense.argmax(1), chance.integers(0, classes, tasks))
    found = label_errors(sparse(dense, given, classes))
    assert list(zip(found.task.tolist(), found.suggested.tolist(), strict=True)) == dense_errors(dense, given)
    assert found.joint[:, 2].sum() <= tasks


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1), st.permutations(range(4)))
def test_names_of_classes_do_not_matter(seed: int, order: list[int]) -> None:
    chance = np.random.default_rng(seed)
    dense, given, renamed = chance.dirichlet(np.full(4, 0.3), 30), chance.integers(0, 4, 30), np.array(order)
    data = sparse(dense, given, 2)
    one = label_errors(data)
    other = label_errors(data._replace(given=renamed[data.given], label=renamed[data.label]))
    assert sorted(zip(one.task.tolist(), renamed[one.suggested].tolist(), strict=True)) == sorted(
        zip(other.task.tolist(), other.suggested.tolist(), strict=True)
    )


def test_a_class_that_is_not_listed_has_its_share_of_the_rest() -> None:
    data = SparsePredictions(
        np.array([2, 2]), np.array([0, 0, 1]), np.array([0, 1, 2]), np.array([0.6, 0.2, 0.9]), 4
    )
    assert given_probabilities(data) == pytest.approx([0.1, 0.9])


@pytest.mark.skipif(not DATA.is_dir(), reason="needs the predictions of ANNOTARY_SAMPLE_DATA")
@pytest.mark.parametrize(("kept", "least"), [(10, 0.33), (3, 0.31)])
def test_errors_that_people_confirmed_come_first(kept: int, least: float) -> None:
    """CIFAR-10's test labels: of 275 that five people each looked at, 54 are errors (0.5 % of all)."""
    dense = np.load(DATA / "cifar10.pred_probs.npy").astype(float)
    given = np.load(DATA / "cifar10.given_labels.npy").astype(np.int64)
    looked_at = json.loads((DATA / "cifar10.mturk.json").read_text())
    wrong = {one["id"] for one in looked_at if one["mturk"]["given"] < 3}
    found = label_errors(sparse(dense, given, kept)).task.tolist()
    assert len(wrong) == 54 and len(found) < 300
    assert len(wrong & set(found)) / 54 > 0.85
    assert len(wrong & set(found[:54])) / 54 >= least
    assert len(wrong & set(found[:20])) / 20 >= 0.4


def test_a_table_of_predictions_is_read_and_complained_about() -> None:
    table = read_predictions(
        "task,given,label,probability\na,cat,cat,0.9\na,cat,dog,0.1\nb,dog,cat,1\n", "p.csv"
    )
    assert (table.tasks, table.labels) == (["a", "b"], ["cat", "dog"])
    assert table.data.probability.tolist() == [0.9, 0.1, 1.0]
    for rows, where in (
        ("a,cat,cat,1.5", "p.csv, line 2"),
        ("a,cat,cat,nan", "p.csv, line 2"),
        ("a,cat,cat,0.5\na,dog,dog,0.5", "p.csv, line 3"),
        ("a,cat,cat,0.5\na,cat,cat,0.4", "p.csv, line 3"),
        ("a,cat,cat,0.7\na,cat,dog,0.7", "p.csv, task a"),
        ("", "p.csv"),
    ):
        with pytest.raises(Invalid) as refused:
            read_predictions(f"task,given,label,probability\n{rows}\n", "p.csv")
        assert refused.value.path == where

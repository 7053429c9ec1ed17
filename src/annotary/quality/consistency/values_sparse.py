"""Labels and predictions as arrays, and the label errors found in them.

Apart from the other values: the services speak of checks, and only the worker that makes one needs arrays.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Reals = NDArray[np.float64]


class SparsePredictions(NamedTuple):
    """Labels as given, and what models say of them: few (task, class, probability) entries for each task.

    `given` is (tasks); the others are (entries). A class without an entry has what is left of the
    probability, shared among all such classes.
    """

    given: Integers
    task: Integers
    label: Integers
    probability: Reals
    classes: int


class LabelErrors(NamedTuple):
    """Tasks whose label is likely wrong, the most likely first (all: errors), and what a class expects.

    `usual` is (classes): the mean probability of a class over the tasks that have it as label. `joint` is
    (pairs, 3): a label, the class that tasks with it confidently look like, and how many do.
    """

    task: Integers
    suggested: Integers
    given_probability: Reals
    suggested_probability: Reals
    usual: Reals
    joint: Integers

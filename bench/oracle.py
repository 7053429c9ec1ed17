"""What others' programs find: run by the bench in an environment of its own, with nothing of Annotary.

Prints one JSON object: seconds of the computation itself, what it found, and the most memory that the whole
process held.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

MEBIBYTE = 2**20
# What asks for more has failed: it must not take the machine from others.
MEMORY_MEBIBYTES_MAX = 4096
LEVELS = ("nominal", "ordinal", "interval")


def crowd(method: str, answers_file: str, truth_file: str) -> dict[str, Any]:
    """Aggregate with a method of crowd-kit."""
    import pandas
    from crowdkit import aggregation

    answers = pandas.read_csv(answers_file, dtype=str)
    truth = pandas.read_csv(truth_file, dtype=str).set_index("task")["truth"]
    found, seconds = timed(lambda: getattr(aggregation, method)().fit_predict(answers))
    return {"seconds": seconds, "accuracy": float((found.reindex(truth.index) == truth).mean())}


def votes(file: str) -> dict[str, Any]:
    """Fit Bradley-Terry with evalica; strengths as natural log odds that sum to 0."""
    import evalica

    table = np.load(file)
    first, second = table["first"].tolist(), table["second"].tolist()
    winners = np.where(table["first_won"], evalica.Winner.X, evalica.Winner.Y).tolist()
    found, seconds = timed(lambda: evalica.bradley_terry(first, second, winners, limit=10_000))
    strengths = np.log(found.scores.sort_index().to_numpy())
    return {"seconds": seconds, "strengths": (strengths - strengths.mean()).tolist()}


def alpha(file: str) -> dict[str, Any]:
    """Compute alpha with krippendorff, of how often each label was given to each unit."""
    import krippendorff

    counts = np.load(file)["counts"]
    labels = list(range(counts.shape[1]))
    found = {}
    for level in LEVELS:
        value, seconds = timed(
            lambda level=level: krippendorff.alpha(
                value_counts=counts, value_domain=labels, level_of_measurement=level
            )
        )
        found[level] = {"seconds": seconds, "alpha": float(value)}
    return found


def tracks(truth_file: str, predicted_file: str) -> dict[str, Any]:
    """Evaluate tracks with TrackEval, as read: truth rows with confidence 0 are not evaluated."""
    from trackeval.metrics import CLEAR, HOTA, Identity

    truth, predicted = read_mot(truth_file), read_mot(predicted_file)
    sequence = side_by_side(truth[truth[:, 6] != 0], predicted)
    quiet = {"PRINT_CONFIG": False}
    measures = (HOTA(), CLEAR(quiet), Identity(quiet))
    found, seconds = timed(lambda: [one.eval_sequence(sequence) for one in measures])
    hota, clear, identity = found
    return {
        "seconds": seconds,
        "hota": 100 * float(np.mean(hota["HOTA"])),
        "mota": 100 * float(clear["MOTA"]),
        "idf1": 100 * float(identity["IDF1"]),
    }


def read_mot(file: str) -> Any:
    """Return the rows of a MOT text: frame, id, left, top, width, height, confidence."""
    return np.loadtxt(file, delimiter=",", ndmin=2)[:, :7]


def side_by_side(truth: Any, predicted: Any) -> dict[str, Any]:
    """Return one sequence as TrackEval takes it: ids from 0 and IoUs, frame by frame."""
    sequence: dict[str, Any] = {"gt_ids": [], "tracker_ids": [], "similarity_scores": []}
    of_truth, of_predicted = (np.unique(rows[:, 1], return_inverse=True)[1] for rows in (truth, predicted))
    frames = range(1, int(max(truth[:, 0].max(), predicted[:, 0].max())) + 1)
    for frame in frames:
        mine, theirs = truth[:, 0] == frame, predicted[:, 0] == frame
        sequence["gt_ids"].append(of_truth[mine])
        sequence["tracker_ids"].append(of_predicted[theirs])
        sequence["similarity_scores"].append(ious(truth[mine, 2:6], predicted[theirs, 2:6]))
    return {
        **sequence,
        "num_timesteps": len(frames),
        "num_gt_dets": len(truth),
        "num_tracker_dets": len(predicted),
        "num_gt_ids": int(of_truth.max()) + 1,
        "num_tracker_ids": int(of_predicted.max()) + 1,
    }


def ious(first: Any, second: Any) -> Any:
    """Return the IoU of each box (left, top, width, height) with each other one."""
    low = np.maximum(first[:, None, :2], second[None, :, :2])
    high = np.minimum((first[:, :2] + first[:, 2:])[:, None], (second[:, :2] + second[:, 2:])[None])
    shared = np.prod(np.clip(high - low, 0, None), axis=2)
    return shared / (np.prod(first[:, 2:], axis=1)[:, None] + np.prod(second[:, 2:], axis=1) - shared)


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """Return what work returns, and the seconds it took."""
    started = time.perf_counter()
    found = work()
    return found, time.perf_counter() - started


def main() -> None:
    """Do what is asked for: `oracle.py KIND ARGUMENT...`."""
    kind, *arguments = sys.argv[1:]
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_MEBIBYTES_MAX * MEBIBYTE,) * 2)
    kinds: dict[str, Callable[..., dict[str, Any]]] = {
        "crowd": crowd,
        "votes": votes,
        "alpha": alpha,
        "tracks": tracks,
    }
    found = kinds[kind](*arguments)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MEBIBYTE
    print(json.dumps({**found, "memory_mebibytes": memory}))


if __name__ == "__main__":
    main()

"""Quality beside others' programs, in one run: aggregation, rankings, agreement, tracks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from annotary.quality.agreement.alpha import krippendorff_alpha
from annotary.quality.agreement.values import Level
from annotary.quality.preferences.ranking import rank
from annotary.quality.preferences.values import FIRST, SECOND, Votes
from bench.crowd import made
from bench.oracles import Missing, Oracles
from bench.report import ROOT, Report

MEBIBYTE = 2**20
RUN = "from annotary.cli.main import main; main()"
GOALS = {"bluebird": 0.895, "rte": 0.928, "face_sentiment": 0.640}
RUNS = 3
# Of what takes milliseconds: the machine is shared.
SHORT_RUNS = 9
METHODS = ("MajorityVote", "DawidSkene", "OneCoinDawidSkene", "MMSR", "GLAD", "Wawa", "ZeroBasedSkill", "KOS")
LARGE = METHODS[:4]
LEVELS: tuple[Level, ...] = ("nominal", "ordinal", "interval")
POINTS_APART = 0.01


def run(quick: bool) -> Report:
    """Measure ours and theirs, one after the other."""
    sizes: dict[str, Any] = {
        "answers": 50_000 if quick else 1_000_000,
        "classes": 4,
        "annotators": 1_000,
        "votes": 50_000 if quick else 1_000_000,
        "players": 100,
        "runs": RUNS,
    }
    report = Report(name="quality", command="python -m bench quality", sizes=sizes)
    oracles = Oracles()
    report.details["oracles"] = oracles.versions()
    if oracles.missing:
        report.notes.append(f"{', '.join(oracles.versions())}: {oracles.missing}")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        _large_crowd(report, oracles, folder)
        _real_crowds(report, oracles)
        _votes(report, oracles, folder)
        _alpha(report, oracles, folder)
        _tracks(report, oracles, folder)
    return report


def _large_crowd(report: Report, oracles: Oracles, folder: Path) -> None:
    """A million answers, 4 classes: seconds of inference, and memory of the whole process."""
    answers, truth = made(folder, report.sizes)
    name = f"{report.sizes['answers']:,} answers"
    for method in ("auto", "dawid-skene", "hierarchical", "majority"):
        found = [_aggregate(answers, truth, method) for _ in range(RUNS)]
        seconds = min(one["seconds"] for one in found)
        report.add(f"{name}: {method}, inference", seconds, "s", goal=0.8, bound="at most")
        memory = max(one["memory_mebibytes"] for one in found)
        report.add(f"{name}: {method}, memory", memory, "MiB", goal=400, bound="at most")
        report.add(f"{name}: {method}, accuracy", found[0]["accuracy"], "")
    for method in LARGE:
        theirs = _ask(report, oracles, f"crowd-kit {method}", "crowd", method, answers, truth)
        for key, unit in (("seconds", "s"), ("memory_mebibytes", "MiB"), ("accuracy", "")):
            if theirs:
                what = {"seconds": "inference", "memory_mebibytes": "memory"}.get(key, key)
                report.add(f"{name}: crowd-kit {method}, {what}", theirs[key], unit)


def _real_crowds(report: Report, oracles: Oracles) -> None:
    for name, goal in GOALS.items():
        answers, truth = (_sample("crowd", f"{name}.{kind}.csv") for kind in ("labels", "truth"))
        if not answers.exists():
            continue
        ours = _aggregate(answers, truth, "auto")
        report.add(f"{name}: auto, accuracy", ours["accuracy"], "", goal=goal)
        report.add(f"{name}: auto, calibration error", ours["ece"], "")
        report.add(f"{name}: auto, inference", ours["seconds"], "s", goal=3, bound="at most")
        for method in METHODS:
            theirs = _ask(report, oracles, f"crowd-kit {method}", "crowd", method, answers, truth)
            if theirs:
                report.add(f"{name}: crowd-kit {method}, accuracy", theirs["accuracy"], "")


def _votes(report: Report, oracles: Oracles, folder: Path) -> None:
    """Bradley-Terry, of votes without ties: there both fit the same model."""
    chance, count, players = np.random.default_rng(0), report.sizes["votes"], report.sizes["players"]
    strengths = chance.normal(0, 1, players)
    first = chance.integers(players, size=count)
    second = (first + chance.integers(1, players, size=count)) % players
    first_won = chance.random(count) < 1 / (1 + np.exp(strengths[second] - strengths[first]))
    outcomes = np.where(first_won, FIRST, SECOND)
    votes = Votes(first, second, outcomes, None, [str(number) for number in range(players)], [])
    ranking, seconds = _best(lambda: rank(votes, judges=False))
    report.add(f"{count:,} votes, numbered: Bradley-Terry", seconds, "s", goal=0.3, bound="at most")
    file = folder / "votes.npz"
    np.savez(file, first=first, second=second, first_won=first_won)
    theirs = _ask(report, oracles, "evalica", "votes", file)
    if theirs:
        report.add(f"{count:,} votes, lists of numbers: evalica", theirs["seconds"], "s")
        ours = np.zeros(players)
        for one in ranking.players:
            ours[int(one.player)] = one.strength
        apart = float(np.abs(ours - theirs["strengths"]).max())
        report.add(
            "votes: largest difference of strengths to evalica", apart, "log odds", goal=0.01, bound="at most"
        )


def _alpha(report: Report, oracles: Oracles, folder: Path) -> None:
    chance, count, labels = np.random.default_rng(0), report.sizes["answers"], report.sizes["classes"]
    units = chance.integers(count // 5, size=count)
    truth = chance.integers(labels, size=count // 5)
    given = np.where(chance.random(count) < 0.7, truth[units], chance.integers(labels, size=count))
    counts = np.bincount(units * labels + given, minlength=count // 5 * labels).reshape(-1, labels)
    file = folder / "counts.npz"
    np.savez(file, counts=counts)
    theirs = _ask(report, oracles, "krippendorff", "alpha", file)
    for level in LEVELS:
        ours, seconds = _best(
            lambda level=level: krippendorff_alpha(units, given, labels, level, np.arange(float(labels)))  # type: ignore[misc]
        )
        report.add(f"{count:,} labels: alpha, {level}", seconds, "s", goal=0.05, bound="at most")
        if theirs:
            report.add(f"{count:,} labels: krippendorff, {level}", theirs[level]["seconds"], "s")
            apart = abs(ours - theirs[level]["alpha"])
            report.add(f"alpha, {level}: difference to krippendorff", apart, "", goal=1e-9, bound="at most")


def _tracks(report: Report, oracles: Oracles, folder: Path) -> None:
    """The shared clips: trackers' output, and true tracks of a longer clip with made mistakes."""
    campus = _sample("video", "TUD-Campus.gt.txt")
    if not campus.exists():
        return
    cases = {
        file.name.removesuffix(".txt"): (campus, file)
        for file in sorted(campus.parent.glob("TUD-Campus.tracker_*.txt"))
    }
    cases["TUD-Campus.motmetrics_test"] = (
        _sample("video", "TUD-Campus.motmetrics_gt.txt"),
        _sample("video", "TUD-Campus.motmetrics_test.txt"),
    )
    longer = _sample("video", "PETS09-S2L1.gt.txt")
    cases["PETS09-S2L1 with mistakes"] = (longer, _with_mistakes(longer, folder))
    for name, (truth, predicted) in cases.items():
        ours = _command("tracks", "evaluate", str(truth), str(predicted))
        for measure in ("hota", "idf1", "mota"):
            report.add(f"{name}: {measure.upper()}", ours[measure], "%")
        report.add(f"{name}: seconds", ours["seconds"], "s")
        theirs = _ask(report, oracles, "TrackEval", "tracks", truth, predicted)
        if theirs:
            apart = max(abs(ours[measure] - theirs[measure]) for measure in ("hota", "idf1", "mota"))
            report.add(f"{name}: TrackEval, seconds", theirs["seconds"], "s")
            report.add(
                f"{name}: largest difference to TrackEval", apart, "%", goal=POINTS_APART, bound="at most"
            )


def _with_mistakes(truth: Path, folder: Path) -> Path:
    """Write true tracks with boxes moved, lost and invented, and identities exchanged."""
    chance = np.random.default_rng(0)
    rows = np.loadtxt(truth, delimiter=",")[:, :7]
    rows = rows[chance.random(len(rows)) > 0.1]
    rows[:, 2:6] += chance.normal(0, 4, (len(rows), 4))
    rows[:, 4:6] = np.maximum(rows[:, 4:6], 1)
    late = rows[:, 0] > np.median(rows[:, 0])
    rows[late & (rows[:, 1] < 5), 1] += 100
    invented = rows[chance.random(len(rows)) < 0.05].copy()
    invented[:, 1] += 1000
    invented[:, 2] += 80
    predicted = folder / "mistaken.txt"
    np.savetxt(predicted, np.vstack([rows, invented]), delimiter=",", fmt=["%d", "%d", *["%.2f"] * 5])
    return predicted


def _ask(report: Report, oracles: Oracles, name: str, *arguments: str | Path) -> dict[str, Any] | None:
    """Return what an oracle found; None, with a note that says why, where it found nothing."""
    try:
        return oracles.run(*arguments)
    except Missing as reason:
        note = f"{name} {reason}"
        if not oracles.missing and note not in report.notes:
            report.notes.append(note)
        return None


def _best(work: Callable[[], Any]) -> tuple[Any, float]:
    """Return what work returns, and the least seconds of several runs."""
    seconds = []
    for _ in range(SHORT_RUNS):
        started = time.perf_counter()
        found = work()
        seconds.append(time.perf_counter() - started)
    return found, min(seconds)


def _aggregate(answers: Path, truth: Path, method: str) -> dict[str, Any]:
    return _command("aggregate", str(answers), "--truth", str(truth), "--method", method)


def _command(*arguments: str) -> dict[str, Any]:
    """Return what a command of ours prints, with the most memory that its whole process held."""
    command = [sys.executable, "-c", RUN, *arguments, "--json"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        printed = process.stdout.read()
        _, code, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(code)
    if process.returncode:
        raise RuntimeError(f"annotary {' '.join(arguments)} ended with {process.returncode}")
    return {**json.loads(printed), "memory_mebibytes": used.ru_maxrss * 1024 / MEBIBYTE}


def _sample(*names: str) -> Path:
    return Path(os.environ.get("ANNOTARY_SAMPLE_DATA", "")).joinpath(*names)

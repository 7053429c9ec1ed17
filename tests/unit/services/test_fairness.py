"""Who yields the processor: the greedy one, while others work, and only where it can be given back."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from annotary.kernel.limits import RATION_SECONDS
from annotary.services.supervisor_fairness import Fairness, cpu_seconds, greedy

pytestmark = pytest.mark.alone


@pytest.mark.parametrize(
    ("cores", "yielding", "expected"),
    [
        ({"text": 0.2, "video": 1.0, "image": 0.0}, None, "video"),
        ({"text": 0.5, "video": 0.0, "image": 0.0}, None, None),
        ({"text": 0.5, "video": 0.45, "image": 0.0}, None, None),
        ({"text": 0.1, "video": 0.3, "image": 0.0}, None, None),
        ({"text": 0.3, "video": 0.2, "image": 0.0}, "video", "video"),
        ({"text": 0.3, "video": 0.05, "image": 0.0}, "video", None),
        ({"text": 0.0, "video": 1.0, "image": 0.0}, "video", None),
        ({"video": 1.0}, None, None),
        ({}, "video", None),
    ],
)
def test_who_is_greedy(cores: dict[str, float], yielding: str | None, expected: str | None) -> None:
    assert greedy(cores, yielding) == expected


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may raise a priority again")
def test_a_greedy_process_yields_and_gets_its_share_back() -> None:
    pids = {name: _burn(share) for name, share in {"video": 1.0, "text": 0.1, "image": 0.0}.items()}
    try:
        fairness = Fairness()
        deadline = time.monotonic() + 240

        def policy_of_video() -> int:
            fairness.look(pids, (), time.monotonic())
            return os.sched_getscheduler(pids["video"])

        while policy_of_video() != os.SCHED_IDLE and time.monotonic() < deadline:
            os.sched_yield()
        assert policy_of_video() == os.SCHED_IDLE
        assert os.sched_getscheduler(pids["text"]) == os.SCHED_OTHER
        os.kill(pids["video"], 9)
        os.waitpid(pids["video"], 0)
        pids["video"] = _burn(1.0)
        while policy_of_video() != os.SCHED_IDLE and time.monotonic() < deadline:
            os.sched_yield()
        assert policy_of_video() == os.SCHED_IDLE, "started again, it is as greedy as before"
        os.kill(pids["text"], 9)
        while policy_of_video() != os.SCHED_OTHER and time.monotonic() < deadline:
            os.sched_yield()
        assert policy_of_video() == os.SCHED_OTHER, "nobody suffers any more"
    finally:
        for pid in pids.values():
            os.kill(pid, 9)
            os.waitpid(pid, 0)


def test_a_greedy_process_that_does_not_answer_is_rationed_until_it_does() -> None:
    pids = {name: _burn(share) for name, share in {"video": 1.0, "text": 0.1}.items()}
    try:
        fairness = Fairness()

        def seen(halted: bool, failing: set[str]) -> bool:
            """Look again and again until video is seen halted, or running; False when it never is."""
            deadline = time.monotonic() + 240
            while time.monotonic() < deadline:
                fairness.look(pids, failing, time.monotonic())
                assert not is_halted(pids["text"]), "text did nothing"
                if is_halted(pids["video"]) == halted:
                    return True
            return False

        assert seen(True, {"video", "text"}) and seen(False, {"video"}), "it runs for a part of the time"
        assert seen(True, {"video"}) and seen(False, set()), "it answers again"
        until = time.monotonic() + 2 * RATION_SECONDS
        while time.monotonic() < until:
            fairness.look(pids, set(), time.monotonic())
            assert not is_halted(pids["video"])
    finally:
        for pid in pids.values():
            os.kill(pid, 9)
            os.waitpid(pid, 0)


def is_halted(pid: int) -> bool:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


def _burn(share: float) -> int:
    """Start a process group that uses this share of a core."""
    pid = os.fork()
    if pid:
        return pid
    os.setsid()
    while True:
        until = time.monotonic() + share / 50
        while time.monotonic() < until:
            pass
        time.sleep((1 - share) / 50 if share < 1 else 0)


def test_a_process_that_is_gone_uses_nothing() -> None:
    assert cpu_seconds(2**22 + 1) == 0.0

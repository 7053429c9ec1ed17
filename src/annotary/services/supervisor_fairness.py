"""The processor, shared fairly between modalities: a service that is greedy while others work yields to them.

A hung or flooded service burns a whole core. The others need little, but what they need they need at once:
with the greedy one at the kernel's idle policy they get it, and it still gets all that is left over. One that
does not answer its probes either is rationed: what it burns serves nobody, and slows a core's other thread.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
from collections.abc import Container, Mapping
from pathlib import Path

from annotary.kernel.limits import (
    ACTIVE_CORES_MIN,
    GREEDY_CORES_MIN,
    GREEDY_TIMES_MIN,
    RATION_SECONDS,
    RATION_SHARE,
    STILL_GREEDY_CORES_MIN,
    YIELD_SECONDS_MIN,
)

NICE_RESTORABLE = 20
LOOK_SECONDS = 0.5
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


def greedy(
    cores: Mapping[str, float], yielding: str | None, still_greedy: float = STILL_GREEDY_CORES_MIN
) -> str | None:
    """Return the service that ought to yield, by the cores each used of late; None when nobody suffers.

    The one that yields already is judged mildly: at its low priority it uses less just because others work.
    """
    if len(cores) < 2:
        return None
    first, second = sorted(cores, key=lambda name: cores[name], reverse=True)[:2]
    if yielding is not None and cores.get(yielding, 0.0) >= still_greedy:
        others = max(used for name, used in cores.items() if name != yielding)
        return yielding if others >= ACTIVE_CORES_MIN else None
    if cores[second] < ACTIVE_CORES_MIN or cores[first] < GREEDY_CORES_MIN:
        return None
    return first if cores[first] >= GREEDY_TIMES_MIN * cores[second] else None


class Fairness:
    """Watches services' processor time, sets their priorities, and rations one that is greedy and failing."""

    def __init__(self) -> None:
        # Without the right to raise a priority again none is lowered.
        self._sets_priorities = (
            os.geteuid() == 0 or resource.getrlimit(resource.RLIMIT_NICE)[0] >= NICE_RESTORABLE
        )
        self._used: dict[int, float] = {}
        self._looked_at = 0.0
        self._yielding: str | None = None
        self._yielding_pid = 0
        self._until = 0.0
        self._halted_pid = 0

    def look(self, pids: Mapping[str, int], failing: Container[str], now: float) -> None:
        """Look at the services twice a second, and keep rations; `pids` are those of their process groups."""
        rationed = self._yielding in failing
        self._ration(pids, rationed, now)
        seconds = now - self._looked_at
        if seconds < LOOK_SECONDS:
            return
        self._looked_at = now
        used = {pid: cpu_seconds(pid) for pid in pids.values()}
        cores = {
            name: (used[pid] - self._used[pid]) / seconds for name, pid in pids.items() if pid in self._used
        }
        self._used = used
        found = greedy(cores, self._yielding, 0.0 if rationed else STILL_GREEDY_CORES_MIN)
        self._settle(pids, found, now)

    def _settle(self, pids: Mapping[str, int], found: str | None, now: float) -> None:
        if found is not None:
            self._until = now + YIELD_SECONDS_MIN
        pid = pids.get(found, 0) if found is not None else 0
        # One that was started again is another process, and begins with its fair share.
        settled = found == self._yielding and pid == self._yielding_pid
        if settled or (found is None and now < self._until):
            return
        for name, yields in ((self._yielding, False), (found, True)):
            if self._sets_priorities and name is not None and name in pids:
                set_yielding(pids[name], yields)
        self._yielding, self._yielding_pid = found, pid

    def _ration(self, pids: Mapping[str, int], rationed: bool, now: float) -> None:
        """Let the service that yields run for a share of the time only, while it is to be rationed."""
        pid = pids.get(self._yielding or "", 0)
        halted = pid if rationed and now % RATION_SECONDS >= RATION_SHARE * RATION_SECONDS else 0
        if halted == self._halted_pid:
            return
        for other, number in ((self._halted_pid, signal.SIGCONT), (halted, signal.SIGSTOP)):
            # Only one that is there: the number of one that ended may be somebody else's.
            if other in pids.values():
                with contextlib.suppress(OSError):
                    os.kill(other, number)
        self._halted_pid = halted


def set_yielding(pid: int, yields: bool) -> None:
    """Let a process have only what nobody else wants of the processor, or its fair share again.

    The idle policy rather than a lower priority: for a core that runs nothing else the kernel puts a waking
    task there at once, as on an idle one. It is set thread by thread; new threads inherit it.
    """
    policy = os.SCHED_IDLE if yields else os.SCHED_OTHER
    with contextlib.suppress(OSError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            with contextlib.suppress(OSError):
                os.sched_setscheduler(int(thread.name), policy, os.sched_param(0))


def cpu_seconds(pid: int) -> float:
    """Return the processor time a process has used; 0 when it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_SECOND

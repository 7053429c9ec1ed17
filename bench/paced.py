"""People who label at a set pace, whatever the answers take: what they feel of trouble elsewhere."""

from __future__ import annotations

import heapq
import select
import time
from collections.abc import Sequence

from bench.label_loop import LabelLoop, Stalled


class PacedLoop(LabelLoop):
    """The label loop at a pace: every annotator begins a label when it is due, be the last one done or not.

    A claim's time counts from when it was due: one that had to wait for a slow answer before it is slow too.
    """

    def claim_times(self, labels_per_second: float, seconds: float) -> Sequence[float]:
        """Label at this pace for so long; returns the seconds of every claim, from when it was due."""
        period = len(self._annotators) / labels_per_second
        began = time.perf_counter()
        poll = select.epoll()
        by_handle = {one.connection.socket.fileno(): one for one in self._annotators}
        for handle in by_handle:
            poll.register(handle, select.EPOLLIN)
        due = [(began + i * period / len(by_handle), handle) for i, handle in enumerate(by_handle)]
        heapq.heapify(due)
        busy: dict[int, float] = {}
        found: list[float] = []
        while due or busy:
            now = time.perf_counter()
            while due and due[0][0] <= now:
                moment, handle = heapq.heappop(due)
                busy[handle] = moment
                self._go_on(by_handle[handle])
            wait = due[0][0] - time.perf_counter() if due else 1.0
            for handle, _ in poll.poll(max(wait, 0.0)):
                annotator = by_handle[handle]
                reply = annotator.connection.receive()
                if reply is None:
                    continue
                claimed = not annotator.submitting
                self._take(annotator, reply)
                if claimed:
                    found.append(time.perf_counter() - busy[handle])
                    self._go_on(annotator)
                    continue
                moment = busy.pop(handle) + period
                if moment < began + seconds:
                    heapq.heappush(due, (moment, handle))
            if busy and time.perf_counter() > began + 10 * seconds + 30:
                raise Stalled("labels that were begun are never answered")
        poll.close()
        return found

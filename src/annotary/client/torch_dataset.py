"""Outcomes as they are accepted, as an iterable dataset of PyTorch. Only this module needs torch."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from annotary.client.client import Client
from annotary.client.streams import OutcomeChange

try:
    _torch: Any = importlib.import_module("torch.utils.data")
except ImportError as error:
    raise ImportError(
        "annotary.client.torch_dataset needs PyTorch, which is not installed: pip install torch."
    ) from error
_Base: Any = _torch.IterableDataset


class Sample(NamedTuple):
    """What the dataset yields: `value` is the change, or what `transform` made of it.

    Keep the last `cursor` of each `lane` to go on from there.
    """

    value: Any
    lane: int
    cursor: str


class OutcomesDataset(_Base):  # type: ignore[misc]
    """Follows a project's outcomes, each change once, however many workers the loader has.

    Tasks fall into lanes by a hash; each worker (of each of `world` ranks) takes a lane of its own, so that
    the changes of a task come in order. `cursors` has one for each lane and goes on behind them. With
    `follow` it never ends, else with the outcomes there are. Load it with `batch_size=None`, or with a
    `collate_fn`.

        dataset = OutcomesDataset(url, token, "prj_…", transform=as_example)
        for example, lane, cursor in DataLoader(dataset, batch_size=None, num_workers=2): ...
    """

    def __init__(
        self,
        url: str,
        token: str,
        project: str,
        *,
        since: datetime | None = None,
        cursors: Sequence[str] | None = None,
        follow: bool = True,
        transform: Callable[[OutcomeChange], Any] | None = None,
        rank: int = 0,
        world: int = 1,
    ) -> None:
        super().__init__()
        self._reached = (url, token)
        self._project = project
        self._since = since
        self._cursors = cursors
        self._follow = follow
        self._transform = transform
        self._rank = rank
        self._world = world

    def __iter__(self) -> Iterator[Sample]:
        """Yield this worker's samples, over a connection of its own."""
        worker = _torch.get_worker_info()
        workers = 1 if worker is None else worker.num_workers
        lane = self._rank * workers + (0 if worker is None else worker.id)
        lanes = self._world * workers
        if self._cursors is not None and len(self._cursors) != lanes:
            raise ValueError(
                f"cursors: found {len(self._cursors)}, expected {lanes}, one for each worker of each rank."
            )
        with Client(*self._reached) as client:
            changes = client.stream_outcomes(
                self._project,
                since=self._since,
                cursor=None if self._cursors is None else self._cursors[lane],
                follow=self._follow,
                lane=lane,
                lanes=lanes,
            )
            for change in changes:
                value = change if self._transform is None else self._transform(change)
                yield Sample(value, lane, change.cursor)

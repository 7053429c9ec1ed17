"""A story with every kind of step, told once by a running installation."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from bench import stand as stands
from bench.stand import Stand

from integration.lineage.story import Story


# An installation for each file: what one does to its task, and what it names, must not be found by another.
@pytest.fixture(scope="module")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    made = stands.start(tmp_path_factory.mktemp("lineage") / "data")
    yield made
    stands.stop(made)


@pytest.fixture(scope="module")
def story(stand: Stand, tmp_path_factory: pytest.TempPathFactory) -> Story:
    told = Story(stand, tmp_path_factory.mktemp("story"))
    told.tell()
    return told

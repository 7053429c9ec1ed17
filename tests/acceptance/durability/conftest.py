"""An installation with a project of texts to kill parts of."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from bench import stand as stands


@pytest.fixture(scope="module")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[stands.Stand]:
    """A running `annotary up`, with fsync on as it is delivered."""
    stand = stands.start(tmp_path_factory.mktemp("durability") / "data")
    yield stand
    stands.stop(stand)

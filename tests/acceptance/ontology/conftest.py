"""One installation for the tests of changing ontologies, and people who label on it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from bench import stand as stands
from bench.stand import Stand


@pytest.fixture(scope="session")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    made = stands.start(tmp_path_factory.mktemp("ontology") / "data")
    yield made
    stands.stop(made)

"""One house for all end-to-end tests of a run; each test leaves it healthy."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest

from tests.end_to_end.running_house import RunningHouse


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHouse]:
    """The whole service, started with an empty data folder."""
    running = RunningHouse(tmp_path_factory.mktemp("house") / "data")
    try:
        running.wait()
        yield running
    finally:
        assert running.stop() == 0


_NUMBERS = count(100)


@pytest.fixture
def stranger() -> str:
    """A number that no file holds and no other test has used."""
    return f"+2126610{next(_NUMBERS):05d}"

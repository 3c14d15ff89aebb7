"""What `bin/bench registry` counts, and that a whole small run has the figures it promises."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import SecretStr

from benchmarks import registry
from benchmarks.__main__ import read_arguments
from benchmarks.flow import WrongAnswer
from benchmarks.lookups import Citizens, Home, Lookups
from benchmarks.people import TooFewPeople
from benchmarks.registry import Figures, Plan
from benchmarks.registry_process import Registry
from benchmarks.report import Report
from sandbox.registry.app import create_app
from sandbox.registry.settings import SandboxRegistrySettings
from tests.contract.registry.worlds import served

SECRET = "secret-of-tests"
FAST = Lookups(2.0, 0.4, [float(number) for number in range(1, 101)], failed=25)
Running = Callable[[int], AbstractContextManager[Registry]]


@pytest.fixture
def running(tmp_path: Path) -> Running:
    """A sandbox registry in this process, of whatever size is asked for."""

    @contextmanager
    def run(households: int) -> Iterator[Registry]:
        path = tmp_path / f"registry-{households}.sqlite"
        app = create_app(
            SandboxRegistrySettings(
                log_level="INFO",
                registry_database_url=f"sqlite:///{path}",
                registry_client_id="twiza",
                registry_client_secret=SecretStr(SECRET),
                households=0 if households == 200 else households,
            )
        )
        with served(app) as url:
            yield Registry(url, SECRET, path, os.getpid())
            app.extensions["registry_poster"].stop()
        app.extensions["registry_database"].close()

    return run


def test_lookups_are_counted_by_the_second_and_those_that_failed_apart() -> None:
    assert 50.0 == FAST.per_second
    assert 0.2 == FAST.failed_share
    assert 4.0 == pytest.approx(FAST.registry_cpu_ms)
    assert FAST.at(0.5) == pytest.approx(50, abs=1)
    assert FAST.at(0.95) == pytest.approx(95, abs=1)


def test_rounds_are_counted_together() -> None:
    whole = Lookups()
    for _ in range(3):
        whole.add(FAST)

    assert (FAST.per_second, FAST.failed_share) == (whole.per_second, whole.failed_share)
    assert 300 == len(whole.milliseconds)
    assert FAST.registry_cpu_ms == pytest.approx(whole.registry_cpu_ms)


def test_latency_is_told_at_eight_citizens_and_rates_at_each() -> None:
    slow = Lookups(1.0, 0.1, [100.0] * 10)
    told = Figures(8, {1: slow, 8: FAST, 32: slow}).as_json()

    assert {"1": 10.0, "8": 50.0, "32": 10.0} == told["lookups_per_s"]
    assert FAST.at(0.95) == told["p95_ms"]
    assert 0.2 == told["failed_share"]


def test_the_table_has_a_line_for_each_registry_and_each_fault() -> None:
    one = Figures(1, {1: FAST}).as_json()
    table = registry.written({"households": {"200": one, "100000": one}, "faults": {"reset": one}})
    rows = [[cell.strip() for cell in row.strip("|").split("|")] for row in table.splitlines()]

    assert ["", "lookups/s at 1", "p50 ms", "p95 ms", "failed %", "registry CPU ms"] == rows[0]
    assert ["200 households", "100,000 households", "10% reset"] == [row[0] for row in rows[2:]]
    assert "20.0" == rows[2][4]


def test_json_alone_goes_to_standard_output() -> None:
    given = read_arguments(["registry", "--json", "--citizens", "1,2", "--households", "200"])

    assert ("-", [1, 2], [200], 5) == (given.json, given.citizens, given.households, given.seconds)
    assert [200, 100_000] == read_arguments(["registry"]).households


def test_a_whole_run_measures_each_size_and_each_fault(
    running: Running, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(registry, "registry_running", running)
    file = tmp_path / "figures.json"

    assert 0 == registry.run(Plan([1, 2], 0.3, [200, 400]), Report(file, False))

    found = json.loads(file.read_text(encoding="utf-8"))
    assert ["200", "400"] == list(found["households"])
    assert {"http_500", "reset", "late_200_ms"} == set(found["faults"])
    for one in (*found["households"].values(), *found["faults"].values()):
        assert {"p50_ms", "p95_ms", "lookups_per_s"} <= set(one)
        assert ["1", "2"] == list(one["lookups_per_s"])
        assert 0 < one["p50_ms"] <= one["p95_ms"]


def test_an_index_that_is_anothers_fails_the_run(running: Running) -> None:
    with running(200) as known:
        [home, *_] = known.homes(5)
        citizens = Citizens(known.url, known.secret, 1)

        with pytest.raises(WrongAnswer, match="another index"):
            citizens.look_up([Home(home.idcs, Decimal("1.23"))], 5)


def test_people_are_spread_over_the_whole_register(running: Running) -> None:
    with running(2000) as known:
        homes = known.homes(100)

    assert 25 <= len(homes) <= 100
    assert len(homes) == len({home.idcs for home in homes})


def test_a_register_without_people_is_not_measured(running: Running, tmp_path: Path) -> None:
    with running(200) as known:
        connection = sqlite3.connect(known.database)
        connection.execute('UPDATE households SET "index" = NULL')
        connection.commit()
        connection.close()

        with pytest.raises(TooFewPeople):
            known.homes(100)

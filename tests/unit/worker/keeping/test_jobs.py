"""Keys change by the clock, are forgotten once nothing needs them, and backups tell their age."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path

import pytest
from prometheus_client import REGISTRY

from core.keys import new_key
from records.audit import Audit
from tests.unit.worker.workshop import Workshop


def rotations(outcome: str) -> float:
    """How often the nightly work ended so."""
    counted = REGISTRY.get_sample_value("twiza_worker_key_rotations_total", {"outcome": outcome})
    return counted or 0.0


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of the vault key, which rotates after thirty days."""
    path: Path = tmp_path / "vault_key"
    path.write_text(new_key().text)
    monkeypatch.delenv("TWIZA_VAULT_KEY", raising=False)
    monkeypatch.setenv("TWIZA_VAULT_KEY_FILE", str(path))
    monkeypatch.setenv("TWIZA_KEYS_ROTATE_DAYS", "30")
    monkeypatch.setattr("records.keys.LOOK_SECONDS", 0.0)
    return path


def rotated(shop: Workshop, days_ago: int) -> None:
    """Note that keys were rotated so long ago."""
    moment = datetime.now(UTC) - timedelta(days=days_ago)
    Audit(shop.database, lambda: moment).append("keys.rotate", "", "", "", {"key": "0" * 8})


def test_a_key_that_is_old_is_changed_once(workshop: Workshop, file: Path) -> None:
    rotated(workshop, 31)
    jobs, before = import_module("worker.keeping.jobs"), rotations("rotated")
    old = file.read_text().split()
    for _ in range(2):
        jobs.rotate()
    new = file.read_text().split()

    assert (1, 2) == (len(old), len(new))
    assert old == new[1:]
    assert 1 == rotations("rotated") - before
    assert 2 == len(workshop.audited("keys.rotate"))


def test_a_key_is_left_alone_before_its_time_and_where_nobody_asked(
    workshop: Workshop, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs, before = import_module("worker.keeping.jobs"), file.read_text()
    rotated(workshop, 29)
    jobs.rotate()
    early = file.read_text()
    workshop.house.house.cache_clear()
    monkeypatch.setenv("TWIZA_KEYS_ROTATE_DAYS", "0")
    jobs.rotate()

    assert before == early == file.read_text()


@pytest.mark.parametrize(("days", "left"), [(34, 2), (36, 1)])
def test_an_old_key_goes_when_no_backup_can_need_it(
    workshop: Workshop, file: Path, days: int, left: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TWIZA_KEYS_ROTATE_DAYS", "90")
    file.write_text(f"{new_key().text}\n{file.read_text()}\n")
    rotated(workshop, days)
    import_module("worker.keeping.jobs").rotate()

    assert left == len(file.read_text().split())


def test_keys_that_stand_in_no_file_are_told_of_and_stay(
    workshop: Workshop, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TWIZA_VAULT_KEY", file.read_text())
    monkeypatch.delenv("TWIZA_VAULT_KEY_FILE")
    rotated(workshop, 31)
    jobs, before = import_module("worker.keeping.jobs"), rotations("refused")
    jobs.rotate()

    assert 1 == rotations("refused") - before


def test_the_age_of_the_newest_backup_is_told(
    workshop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TWIZA_BACKUP_FOLDER", str(tmp_path / "backups"))
    began = datetime.now(UTC).timestamp()
    backup = import_module("worker.keeping.backup")
    code = backup.main([])
    import_module("worker.keeping.jobs").look()
    told = REGISTRY.get_sample_value("twiza_worker_newest_backup_timestamp_seconds")

    assert 0 == code
    assert told is not None
    assert began <= told <= datetime.now(UTC).timestamp()

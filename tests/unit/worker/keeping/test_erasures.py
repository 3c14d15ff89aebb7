"""An erasure is noted apart before it is carried out, and as long as a backup may undo it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.errors import StoreUnavailable
from core.rights import CARRY_OUT
from core.tasks import close_task
from records.rights_requests import ERASURE
from tests.builders import NOW
from tests.unit.worker.everything_held import fill
from tests.unit.worker.test_rights import begun
from tests.unit.worker.workshop import Workshop
from worker.keeping.erasures import ErasureLog, erased_since


def test_what_was_done_before_a_backup_is_not_done_again(tmp_path: Path) -> None:
    now = NOW
    log = ErasureLog(str(tmp_path), lambda: now)
    log.begin("early", "p" * 32, "n" * 32)
    log.done("early")
    log.begin("open", "q" * 32, "m" * 32)
    now = NOW + timedelta(hours=2)
    log.begin("late", "r" * 32, "l" * 32)
    log.done("late")
    found, unread = erased_since(tmp_path, NOW + timedelta(hours=1))

    assert (["q" * 32, "r" * 32], 0) == ([note.person_key for note in found], unread)


def test_a_task_that_is_tried_again_is_noted_once(tmp_path: Path) -> None:
    log = ErasureLog(str(tmp_path), lambda: NOW)
    for _ in range(3):
        log.begin("task", "p" * 32, "n" * 32)
    log.done("task")
    log.begin("task", "p" * 32, "n" * 32)
    [path] = tmp_path.iterdir()

    assert NOW == erased_since(tmp_path, NOW)[0][0].done
    assert 0o600 == path.stat().st_mode & 0o777


def test_a_note_goes_once_no_backup_is_so_old(tmp_path: Path) -> None:
    now = NOW
    log = ErasureLog(str(tmp_path), lambda: now)
    log.begin("task", "p" * 32, "n" * 32)
    now = NOW + timedelta(days=36)
    early = log.forget(35)
    now = NOW + timedelta(days=38)

    assert (0, 1, []) == (early, log.forget(35), list(tmp_path.iterdir()))


def test_a_damaged_note_is_counted_and_not_passed_over_in_silence(tmp_path: Path) -> None:
    (tmp_path / "half.erasure").write_text('{"person_key":')

    assert ([], 1) == erased_since(tmp_path, NOW)


def test_what_cannot_be_noted_is_not_erased(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    log = ErasureLog(str(tmp_path / "file"), lambda: NOW)

    with pytest.raises(StoreUnavailable):
        log.begin("task", "p" * 32, "n" * 32)


def test_the_worker_notes_an_erasure_that_staff_carry_out(
    shop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TWIZA_ERASURES_FOLDER", str(tmp_path / "erasures"))
    person, number = fill(shop)
    request = begun(shop, ERASURE, person, number)
    shop.rights.carry_out(close_task(shop.seal, {"request": request}))
    [note], unread = erased_since(tmp_path / "erasures", datetime.now(UTC))

    assert (person, number, 0) == (note.person_key, note.number_key, unread)
    assert note.done is not None
    assert CARRY_OUT == shop.rights.carry_out.name


def test_the_worker_notes_an_erasure_of_the_dialogue(
    shop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TWIZA_ERASURES_FOLDER", str(tmp_path / "erasures"))
    person, number = fill(shop)
    asked = {"person_key": person, "number_key": number}
    shop.erasing.erase(close_task(shop.seal, asked))
    [note], _ = erased_since(tmp_path / "erasures", datetime.now(UTC))

    assert (person, number) == (note.person_key, note.number_key)
    assert note.done is not None

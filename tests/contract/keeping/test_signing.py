"""A backup that somebody else changed, made or put together is not restored."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from records.tables import SubmissionRow
from tests.contract.keeping.kept_house import ANSWERS, KeptHouse
from worker.keeping import backup
from worker.keeping.manifest import NAME, measure
from worker.keeping.signing import SIGNATURE

OTHER_KEY = "A" * 43 + "="


def records_of(made: Path) -> Path:
    [path] = made.glob("records-*")
    return path


def add_a_table(made: Path) -> None:
    """Change a file, and tell it in the manifest as whoever makes backups would."""
    with closing(sqlite3.connect(records_of(made))) as connection:
        connection.execute("CREATE TABLE more (number INTEGER)")
    manifest = json.loads((made / NAME).read_text())
    for store in manifest["stores"]:
        if "records" in store["chains"]:
            store["file"] = measure(records_of(made)).model_dump()
            store["rows"]["more"] = 0
    (made / NAME).write_text(json.dumps(manifest))


def change_a_letter(made: Path) -> None:
    text = (made / NAME).read_text()
    (made / NAME).write_text(text.replace("false", "true"))


def take_the_signature_away(made: Path) -> None:
    (made / SIGNATURE).unlink()


def cut_the_signature(made: Path) -> None:
    (made / SIGNATURE).write_bytes((made / SIGNATURE).read_bytes()[:10])


@pytest.mark.parametrize(
    "harm", [add_a_table, change_a_letter, take_the_signature_away, cut_the_signature]
)
def test_a_backup_that_was_changed_is_refused_before_anything_is_touched(
    in_files: KeptHouse, harm: Callable[[Path], None], capsys: pytest.CaptureFixture[str]
) -> None:
    made = in_files.back_up()
    harm(made)
    checked = backup.main(["check", str(made)])
    code = in_files.restore(made, "--without-erasures", "--force")
    why = capsys.readouterr().err

    assert (1, 1) == (checked, code)
    assert 2 == why.count(f"refused: {NAME} is not ")
    assert [("queued",)] == in_files.all(SubmissionRow, "state")


def test_files_of_another_backup_of_ours_are_refused(
    in_files: KeptHouse, capsys: pytest.CaptureFixture[str]
) -> None:
    first = in_files.back_up()
    with closing(sqlite3.connect(in_files.url.removeprefix("sqlite:///"))) as connection:
        connection.execute("DELETE FROM numbers")
        connection.commit()
    second = in_files.back_up()
    shutil.copy(records_of(second), records_of(first))
    in_files.move()

    assert 1 == in_files.restore(first, "--without-erasures")
    assert f"not as they were written: {records_of(first).name}" in capsys.readouterr().err
    assert 0 == in_files.restore(second, "--without-erasures")


def test_a_backup_that_another_service_signed_is_somebodys_decision(
    in_files: KeptHouse, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made = in_files.back_up()
    in_files.move()
    monkeypatch.setenv("TWIZA_PSEUDONYM_KEY", OTHER_KEY)
    refused = in_files.restore(made, "--without-erasures")
    why = capsys.readouterr().err
    decided = in_files.restore(made, "--without-erasures", "--unsigned")

    assert (1, 0) == (refused, decided)
    assert "signed with another key" in why
    assert ANSWERS == in_files.draft()


def test_a_check_says_whether_it_looked_at_the_signature(
    in_files: KeptHouse, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made = in_files.back_up()
    backup.main(["check", str(made)])
    looked = capsys.readouterr().out
    monkeypatch.delenv("TWIZA_PSEUDONYM_KEY")
    backup.main(["check", str(made)])

    assert looked.endswith("signed by us\n")
    assert "its signature not looked at" in capsys.readouterr().out


def test_nothing_is_backed_up_that_cannot_be_signed(
    in_files: KeptHouse, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("TWIZA_PSEUDONYM_KEY")

    assert 1 == backup.main([])
    assert "TWIZA_PSEUDONYM_KEY" in capsys.readouterr().err
    assert not (in_files.folder / "backups").exists()

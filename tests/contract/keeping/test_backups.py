"""A backup holds no key, is sealed where that is asked for, and is whole or not there at all."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.builders import KEY_TEXT
from tests.contract.keeping.kept_house import ANSWERS, KeptHouse
from worker.keeping import backup, restore
from worker.keeping.manifest import NAME, read_manifest

WORDS = "un secret de seize lettres"


def contents(folder: Path) -> bytes:
    """Everything in the files of a folder."""
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_no_key_is_in_a_backup_even_where_it_lies_in_a_folder_of_it(
    in_files: KeptHouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "further"
    folder.mkdir()
    (folder / "key").write_text(KEY_TEXT)
    (folder / "flood.toml").write_text("name = 'flood'")
    monkeypatch.delenv("TWIZA_VAULT_KEY")
    monkeypatch.setenv("TWIZA_VAULT_KEY_FILE", str(folder / "key"))
    monkeypatch.setenv("TWIZA_BACKUP_FOLDERS", str(folder))
    made = in_files.back_up()
    in_files.move()
    (folder / "flood.toml").unlink()
    in_files.restore(made, "--without-erasures", "--force")
    restored = sorted(path.name for path in folder.iterdir())

    assert KEY_TEXT.encode() not in contents(made)
    assert ANSWERS not in contents(made)
    assert ["flood.toml"] == restored


def test_a_backup_is_its_owners_alone(in_files: KeptHouse) -> None:
    made = in_files.back_up()

    assert 0o700 == made.stat().st_mode & 0o777
    assert {0o600} == {path.stat().st_mode & 0o777 for path in made.iterdir()}


def test_a_sealed_backup_shows_no_row_and_opens_with_the_private_key_alone(
    in_files: KeptHouse,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    own, other = tmp_path / "own", tmp_path / "other"
    backup.main(["identity", str(other)])
    capsys.readouterr()
    backup.main(["identity", str(own)])
    monkeypatch.setenv("TWIZA_BACKUP_RECIPIENT", capsys.readouterr().out.strip())
    made = in_files.back_up()
    in_files.move()
    codes = [
        in_files.restore(made, "--without-erasures", *more)
        for more in ([], ["--identity", str(other)], ["--identity", str(own)])
    ]

    assert b"SQLite format" not in contents(made)
    assert in_files.number.encode() not in contents(made)
    assert [1, 2, 0] == codes
    assert ANSWERS == in_files.draft()


def test_exported_keys_go_elsewhere_and_come_back_with_the_passphrase(
    in_files: KeptHouse, tmp_path: Path
) -> None:
    words, wrong = tmp_path / "words", tmp_path / "wrong"
    words.write_text(f"{WORDS}\n")
    wrong.write_text(WORDS.replace("seize", "douze"))
    made, export = in_files.back_up(), tmp_path / "export"
    by = ["--passphrase-file", str(words)]
    beside = backup.main(["keys", str(made / "keys"), *by])
    written = backup.main(["keys", str(export), *by])
    place = str(tmp_path / "secrets")
    refused = restore.main(["keys", str(export), place, "--passphrase-file", str(wrong)])
    done = restore.main(["keys", str(export), place, *by])
    again = restore.main(["keys", str(export), place, *by])

    assert (1, 0, 2, 0, 1) == (beside, written, refused, done, again)
    assert KEY_TEXT.encode() not in export.read_bytes()
    assert f"{KEY_TEXT}\n" == (tmp_path / "secrets" / "vault_key").read_text()
    assert 0o600 == (tmp_path / "secrets" / "vault_key").stat().st_mode & 0o777


def test_a_backup_that_fails_leaves_nothing(
    in_files: KeptHouse, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(sqlite3.connect(in_files.folder / "empty")) as connection:
        connection.execute("CREATE TABLE audit (number INTEGER, hash TEXT)")
    in_files.use(f"sqlite:///{in_files.folder}/empty", in_files.said_url)
    code = backup.main(["--into", str(tmp_path / "none")])

    assert 1 == code
    assert "never migrated" in capsys.readouterr().err
    assert [] == list((tmp_path / "none").iterdir())


def test_both_databases_show_one_moment_while_others_write(in_files: KeptHouse) -> None:
    files = [url.removeprefix("sqlite:///") for url in (in_files.url, in_files.said_url)]
    for file in files:
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("CREATE TABLE ticks (number INTEGER)")
    stop = threading.Event()

    def tick() -> None:
        # The second is always written after the first: a copy may be one behind, never ahead.
        first, second = (sqlite3.connect(file, timeout=30) for file in files)
        while not stop.is_set():
            for connection in (first, second):
                with connection:
                    connection.execute("INSERT INTO ticks VALUES (1)")
        first.close()
        second.close()

    writer = threading.Thread(target=tick)
    writer.start()
    try:
        manifests = [read_manifest(in_files.back_up()) for _ in range(3)]
    finally:
        stop.set()
        writer.join()
    counts = [
        {name: store.rows["ticks"] for store in made.stores for name in store.chains}
        for made in manifests
    ]

    assert counts[-1]["records"] > 0
    assert all(count["records"] - count["transcripts"] in (0, 1) for count in counts)


def test_old_backups_go_and_the_newest_stays(
    in_files: KeptHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = in_files.back_up(), in_files.back_up()
    text = (old / NAME).read_text()
    ended = read_manifest(old).ended
    long_ago = ended - timedelta(days=40)
    before, after = (one.isoformat().replace("+00:00", "Z") for one in (ended, long_ago))
    assert before in text
    (old / NAME).write_text(text.replace(before, after))
    made = in_files.back_up()

    assert [new.name, made.name] == sorted(path.name for path in made.parent.iterdir())


def test_a_whole_backup_is_told_from_a_damaged_one(
    in_files: KeptHouse, capsys: pytest.CaptureFixture[str]
) -> None:
    made = in_files.back_up()
    whole = backup.main(["check", str(made)])
    said = capsys.readouterr().out
    next(made.glob("transcripts-*")).unlink()
    damaged = backup.main(["check", str(made)])

    assert (0, 1) == (whole, damaged)
    assert said.startswith("whole: ")

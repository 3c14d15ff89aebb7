"""What the sandbox keeps of a code: nothing that opens anything."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from sqlalchemy.orm import Session

from sandbox.registry.one_time_codes import OneTimeCodes

FATIMA = "2111111116"


def test_a_code_is_nowhere_in_the_database(app: Flask, tmp_path: Path) -> None:
    database = app.extensions["registry_database"]
    codes = OneTimeCodes(b"key", 300)
    made = []
    for transaction in ("first", "second"):
        with Session(database.writing) as session, session.begin():
            made.append(codes.make(session, FATIMA, transaction)[1])
    database.close()

    kept = b"".join(path.read_bytes() for path in tmp_path.glob("registry.db*"))
    assert b"first" in kept
    assert not any(code.encode() in kept for code in made)


def test_the_same_code_is_kept_differently_for_another_person_and_transaction() -> None:
    codes = OneTimeCodes(b"key", 300)

    digests = {
        codes.digest(FATIMA, "first", "123456"),
        codes.digest(FATIMA, "second", "123456"),
        codes.digest("2222222228", "first", "123456"),
    }

    assert 3 == len(digests)

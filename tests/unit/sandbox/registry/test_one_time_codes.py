"""What the sandbox keeps of a code: nothing that opens anything."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from sandbox.registry.one_time_codes import OneTimeCodes
from sandbox.registry.tables import Code

FATIMA = "2111111116"


def test_a_code_is_nowhere_in_the_database(app: Flask) -> None:
    database = app.extensions["registry_database"]
    codes = OneTimeCodes(b"key", 300)
    made = []
    for transaction in ("first", "second"):
        with Session(database.writing) as session, session.begin():
            made.append(codes.make(session, FATIMA, transaction)[1])
    with database.writing.connect() as connection:
        kept = connection.execute(select(Code.__table__)).mappings().all()

    assert ["first", "second"] == [row["transaction"] for row in kept]
    for code, row in zip(made, kept, strict=True):
        # An identifier may hold the same six digits by chance.
        others = [str(value) for name, value in row.items() if name != "idcs"]
        assert not any(code in value for value in others)


def test_the_same_code_is_kept_differently_for_another_person_and_transaction() -> None:
    codes = OneTimeCodes(b"key", 300)

    digests = {
        codes.digest(FATIMA, "first", "123456"),
        codes.digest(FATIMA, "second", "123456"),
        codes.digest("2222222228", "first", "123456"),
    }

    assert 3 == len(digests)

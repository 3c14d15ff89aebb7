"""What is held of a person and their number, and its erasure: over all tables at once.

A row belongs to a person where it says so, else to a number; one that says nobody was verified, to
the number it names beside. What a table must say to be found
here, `tests/house/test_rights.py` holds: a new one cannot be forgotten.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from records.audit import Audit
from records.clock import Clock, utc_now
from records.database import Database
from records.rights_requests import settle_erasure
from records.silence import WITHDRAWN, end_consent
from records.tables import ExportFileRow, NumberRow, Table

PERSON_COLUMNS: Final = ("person_key", "owner_key")
NUMBER_COLUMNS: Final = ("number_key", "recipient_key")
# When a row was made, or where it is only kept up to date, when it was last.
MADE: Final = ("created", "heard")
# Treated in `erase` each in its own way: choices are emptied, a consent's history says that it
# ended, the audit is cut from its people, and so are their requests; files made for them or of many
# go. A block is the operator's own, and stays.
KEPT: Final = frozenset(
    {
        "numbers",
        "consents",
        "audit",
        "audit_subjects",
        "blocks",
        "rights_requests",
        "export_files",
    }
)


@dataclass(frozen=True, slots=True)
class Holding:
    """How many rows of a table are somebody's, and the days of the first and the last."""

    table: str
    count: int
    first: datetime
    last: datetime


class Rights:
    """A citizen's own view of the records, and its end. Every method may raise StoreUnavailable."""

    def __init__(self, database: Database, audit: Audit, clock: Clock = utc_now) -> None:
        self._database = database
        self._audit = audit
        self._clock = clock

    def held(self, person_key: str, number_key: str) -> list[Holding]:
        """What the tables hold beside choices, consents and audit; empty ones are left out."""
        found = []
        with self._database.reading() as session:
            for table, mine in owned(person_key, number_key):
                made = table.c[next(name for name in MADE if name in table.c)]
                counted = sa.select(sa.func.count(), sa.func.min(made), sa.func.max(made))
                count, first, last = session.execute(counted.where(mine)).one()
                if count:
                    found.append(Holding(table.name, count, first, last))
        return found

    def rows(self, person_key: str, number_key: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Every row that is somebody's, with the name of its table; sealed values stay sealed."""
        with self._database.reading() as session:
            for table, mine in owned(person_key, number_key):
                for row in session.execute(sa.select(table).where(mine)).mappings():
                    yield table.name, dict(row)

    def erase(
        self, person_key: str, number_key: str, channel: str, request_id: int | None = None
    ) -> None:
        """Forget a person and the number they use, all of it or, where SQL fails, nothing.

        A refusal of messages stays with the number: silence is what was asked for. `request_id` is
        the request that staff carry out, None where the citizen does it in the dialogue.
        """
        detail = {"request": request_id} if request_id is not None else {}
        with self._database.session() as session:
            self._audit.append("rights.erasure", person_key, number_key, channel, detail, session)
            for table, mine in owned(person_key, number_key):
                session.execute(sa.delete(table).where(mine))
            number = session.get(NumberRow, number_key, with_for_update=True)
            if number is not None:
                number.language = number.script = number.unreachable_on = ""
                end_consent(session, number_key, WITHDRAWN, self._clock())
            about = ExportFileRow.number_key.in_((number_key, ""))
            session.execute(sa.delete(ExportFileRow).where(about))
            settle_erasure(session, person_key, number_key, self._clock(), request_id)
            self._audit.forget(person_key, number_key, within=session)


def owned(person_key: str, number_key: str) -> Iterator[tuple[sa.Table, sa.ColumnElement[bool]]]:
    """Each table with rows of somebody, and which are theirs; those that point to others first."""
    for table in reversed(Table.metadata.sorted_tables):
        column = owner_of(table)
        if column is None or table.name in KEPT:
            continue
        if column.name not in PERSON_COLUMNS:
            yield table, column == number_key
            continue
        # Nobody was verified for a request that names a number alone: no row is of an empty person.
        owners = [key for key in (person_key, number_key) if key]
        yield table, sa.or_(column.in_(owners), _nobodys(table, number_key))


def _nobodys(table: sa.Table, number_key: str) -> sa.ColumnElement[bool]:
    """Which rows of a table of persons are a number's, nobody having been verified on it."""
    if "number_key" not in table.c:
        return sa.false()
    # A draft always has an owner, and names a number only where that is no person.
    is_nobody = table.c.person_key == "" if "person_key" in table.c else sa.true()
    return sa.and_(table.c.number_key == number_key, is_nobody)


def owner_of(table: sa.Table) -> sa.Column[str] | None:
    """The column that says whose a row is: the person before the number."""
    named = [table.c[name] for name in (*PERSON_COLUMNS, *NUMBER_COLUMNS) if name in table.c]
    return named[0] if named else None

"""The audit: who did what, in rows that are only ever added and that prove each other.

Each row's hash covers the row and the hash before it, so a row that is changed, taken out or put in
breaks the chain at that place. Cutting off the end leaves a whole chain: to notice it, keep the
`head` of an earlier verdict elsewhere. `detail` holds codes and counts: nothing of a person,
because nothing here can be taken back.

Person and number stand in a row under a random name of theirs. The table `audit_subjects` alone
leads from their pseudonyms to it; `forget` takes that out, and the rows, with the chain unbroken,
are nobody's any more.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import secrets
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.environment import read_settings
from core.errors import ServiceError
from core.meters import Names, counters
from records.clock import Clock, utc_now
from records.database import Database, insert_if_absent, open_database, queue_up
from records.settings import RecordsSettings
from records.tables import AuditRow, AuditSubjectRow

Plain = str | int | bool | None
BEFORE_ALL: Final = "0" * 64
# Of an event, what stands before its first dot.
ADDED: Final = counters(
    "twiza_audit_rows_total",
    "Rows added to the audit, by what they are about",
    about=Names(
        *("verification", "disclosure", "consent", "vault", "person", "following", "messages"),
        *("export", "rights", "document", "application", "complaint", "contact", "keys", "number"),
        *("handover", "hours", "identifier", "reply", "staff", "teaching", "token", "webhook"),
        *("submissions", "emergency", "erasure"),
    ),
)


@dataclass(frozen=True, slots=True)
class AuditVerdict:
    """How many rows stand, the number of the first bad one (None: all good), and the last hash.

    Where the chain is broken, `rows` and `head` tell of the good rows before the break.
    """

    rows: int
    broken_at: int | None
    head: str


@dataclass(frozen=True, slots=True)
class Noted:
    """What the audit holds of one act."""

    event: str
    channel: str
    at: datetime


class Audit:
    """The audit of one records database. Every method may raise StoreUnavailable."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def append(
        self,
        event: str,
        person_key: str,
        number_key: str,
        channel: str,
        detail: Mapping[str, Plain],
        within: Session | None = None,
    ) -> None:
        """Add a row at the end of the chain; an empty key or channel means none.

        With `within`, the row is there only if that transaction is committed.
        """
        with self._database.writing(within) as connection:
            queue_up(connection, "audit")
            asked = {"person": person_key, "phone": number_key}
            last = connection.execute(_BEFORE, asked).first()
            number, previous, person, phone = last or (0, BEFORE_ALL, None, None)
            row = {
                "number": number + 1,
                "at": self._clock(),
                "event": event,
                "person_key": person or _named(connection, person_key),
                "number_key": phone or _named(connection, number_key),
                "channel": channel,
                "detail": _canonical(detail),
                "previous_hash": previous,
            }
            connection.execute(_ADDED, {**row, "hash": _hash(row)})
        ADDED.labels(event.partition(".")[0]).inc()

    def of(self, person_key: str, number_key: str = "") -> list[Noted]:
        """What was noted of a person, or of a number where one is named, the oldest first."""
        with self._database.reading() as session:
            theirs = []
            asked = ((AuditRow.person_key, person_key), (AuditRow.number_key, number_key))
            for column, key in asked:
                # Rows from before the subjects stand under the pseudonym itself.
                if key:
                    theirs.append(column.in_([key, *session.scalars(_subjects(key))]))
            mine = sa.select(AuditRow).where(sa.or_(sa.false(), *theirs))
            rows = session.scalars(mine.order_by(AuditRow.number))
            return [Noted(row.event, row.channel, row.at) for row in rows]

    def forget(self, *pseudonyms: str, within: Session | None = None) -> None:
        """Cut what leads from these persons and numbers to their rows, for good."""
        with self._database.session(within) as session:
            theirs = AuditSubjectRow.pseudonym.in_(pseudonyms)
            session.execute(sa.delete(AuditSubjectRow).where(theirs))

    def verify(self) -> AuditVerdict:
        """Walk the whole chain and say whether, and where, it is broken."""
        in_order = sa.select(AuditRow).order_by(AuditRow.number).execution_options(yield_per=500)
        rows, head = 0, BEFORE_ALL
        with self._database.reading() as session, session.scalars(in_order) as found:
            for row in found:
                follows = row.number == rows + 1 and row.previous_hash == head
                if not follows or row.hash != _hash(vars(row)):
                    return AuditVerdict(rows, rows + 1, head)
                rows, head = row.number, row.hash
        return AuditVerdict(rows, None, head)


# One is added at every disclosure while all others wait: tables and columns, no mapped rows.
_AUDIT: Final = cast(sa.Table, AuditRow.__table__)
_SUBJECTS: Final = cast(sa.Table, AuditSubjectRow.__table__)
_ADDED: Final = sa.insert(_AUDIT)


def _subjects(pseudonym: str | sa.BindParameter[str]) -> sa.Select[str]:
    return sa.select(_SUBJECTS.c.subject).where(_SUBJECTS.c.pseudonym == pseudonym)


# The newest row, and what person and number are called where they have a name.
_BEFORE: Final = (
    sa.select(
        _AUDIT.c.number,
        _AUDIT.c.hash,
        *(_subjects(sa.bindparam(name)).scalar_subquery() for name in ("person", "phone")),
    )
    .order_by(_AUDIT.c.number.desc())
    .limit(1)
)


def _named(connection: sa.Connection, pseudonym: str) -> str:
    """The random name of a person or a number, given now where it has none; empty for none."""
    if not pseudonym:
        return ""
    insert_if_absent(
        connection, AuditSubjectRow, pseudonym=pseudonym, subject=secrets.token_hex(16)
    )
    return connection.execute(_subjects(pseudonym)).scalar_one()


def _canonical(value: Mapping[str, Plain]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _hash(row: Mapping[str, Any]) -> str:
    content = _canonical(
        {
            "number": row["number"],
            "at": row["at"].astimezone(UTC).isoformat(timespec="microseconds"),
            "event": row["event"],
            "person": row["person_key"],
            "phone": row["number_key"],
            "channel": row["channel"],
            "detail": row["detail"],
        }
    )
    return hashlib.sha256((row["previous_hash"] + content).encode()).hexdigest()


def main(arguments: Sequence[str] | None = None) -> int:
    """`bin/audit verify`: 0 for a whole chain, 1 for a broken one, 2 where it cannot be read."""
    parser = argparse.ArgumentParser(prog="bin/audit", description="Check the audit's chain.")
    parser.add_argument("command", choices=["verify"])
    parser.parse_args(arguments)
    try:
        verdict = Audit(open_database(read_settings(RecordsSettings).records_url)).verify()
    except ServiceError as failure:
        sys.stderr.write(f"{failure} {failure.__cause__ or ''}\n")
        return 2
    if verdict.broken_at is not None:
        place = f"{verdict.broken_at}; {verdict.rows} good before it, last hash {verdict.head}"
        sys.stdout.write(f"broken at row {place}\n")
        return 1
    sys.stdout.write(f"whole: {verdict.rows} rows, last hash {verdict.head}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

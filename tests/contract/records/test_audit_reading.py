"""The audit is read by filters, on pages that stay as they are, and a check finds what is wrong."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from records.audit import Audit
from records.audit_reading import AuditFilters, AuditReading
from records.database import Database
from records.nights import Nights
from records.tables import AuditRow
from tests.builders import NOW
from tests.contract.records.conftest import HandClock


@pytest.fixture
def audit(database: Database, clock: HandClock) -> Audit:
    audit = Audit(database, clock)
    for day, staff in enumerate(("1", "2", "12", "1")):
        audit.append("staff.signed_in", "", "", "console", {"staff": int(staff)})
        audit.append("identifier.revealed", "", f"n{day}", "console", {"by": staff, "reason": "x"})
        clock.move(days=1)
    return audit


@pytest.fixture
def reading(audit: Audit, database: Database, clock: HandClock) -> AuditReading:
    return AuditReading(database, clock)


@pytest.mark.parametrize(
    ("filters", "numbers"),
    [
        (AuditFilters(), [8, 7, 6, 5, 4, 3, 2, 1]),
        (AuditFilters(event="identifier.revealed"), [8, 6, 4, 2]),
        (AuditFilters(staff="1"), [8, 7, 2, 1]),
        (AuditFilters(staff="12"), [6, 5]),
        (AuditFilters(since=NOW + timedelta(days=1), until=NOW + timedelta(days=2)), [4, 3]),
        (AuditFilters(event="staff.signed_in", staff="2"), [3]),
    ],
)
def test_a_page_shows_what_its_filters_name(
    reading: AuditReading, filters: AuditFilters, numbers: list[int]
) -> None:
    assert numbers == [act.number for act in reading.page(filters, None)]


def test_pages_follow_one_another_whatever_is_added_meanwhile(
    reading: AuditReading, audit: Audit
) -> None:
    first = reading.page(AuditFilters(), None, 3)
    audit.append("staff.joined", "", "", "console", {"staff": 3})
    second = reading.page(AuditFilters(), first[2].number, 3)

    assert [8, 7, 6, 5] == [act.number for act in first]
    assert [5, 4, 3, 2] == [act.number for act in second]
    assert ("1", "12") == (first[0].by, first[2].by)


def test_every_event_is_listed_once(reading: AuditReading) -> None:
    assert ["identifier.revealed", "staff.signed_in"] == reading.events()


def test_a_whole_chain_is_found_whole_and_the_check_is_kept(reading: AuditReading) -> None:
    found = reading.check("7")

    assert (8, True, "7") == (found.rows, found.is_whole, found.by)
    assert [found] == reading.checks()


def test_a_chain_whose_end_was_cut_off_since_the_last_check_is_found(
    reading: AuditReading, database: Database, audit: Audit
) -> None:
    reading.check("")
    with database.session() as session:
        _let_change(session.connection())
        session.execute(sa.delete(AuditRow).where(AuditRow.number == 8))
    found = reading.check("7")
    audit.append("staff.joined", "", "", "console", {"staff": 3})
    later = reading.check("7")

    assert (None, True, False) == (found.broken_at, found.is_cut, found.is_whole)
    assert later.is_cut


def test_a_row_that_was_changed_is_named(reading: AuditReading, database: Database) -> None:
    with database.session() as session:
        _let_change(session.connection())
        session.execute(sa.update(AuditRow).where(AuditRow.number == 4).values(detail="{}"))
    found = reading.check("")

    assert (4, False) == (found.broken_at, found.is_whole)


def test_the_last_nights_stand_first(database: Database, clock: HandClock) -> None:
    nights = Nights(database, clock)
    nights.keep({"drafts": 2})
    clock.move(days=1)
    nights.keep({"drafts": 0})

    assert [{"drafts": 0}, {"drafts": 2}] == [night.removed for night in nights.last()]


def _let_change(connection: sa.Connection) -> None:
    """Take away what keeps the database from changing the audit, as an intruder with rights can."""
    if connection.dialect.name == "sqlite":
        named = sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for name in connection.scalars(named).all():
            connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
    else:
        connection.exec_driver_sql("ALTER TABLE audit DISABLE TRIGGER ALL")

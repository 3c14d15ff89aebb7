"""Supervisors set when people answer; what cannot be read changes nothing."""

from __future__ import annotations

import pytest

from records.database import Database
from records.staff_hours import StaffHours
from tests.unit.console.conftest import Browser, SignIn


@pytest.fixture
def supervisor(signed_in: SignIn) -> Browser:
    """A supervisor at the hours."""
    browser = signed_in("supervisor")
    browser.open("/hours")
    return browser


def test_hours_are_set_and_say_who_set_them(supervisor: Browser, database: Database) -> None:
    assert "réglages" in supervisor.text

    supervisor.send("/hours", hours="mon-thu  09:00-16:00, fri 09:00-12:00", off="2026-11-18")

    current = StaffHours(database).current()
    assert current is not None
    assert ("mon-thu 09:00-16:00, fri 09:00-12:00", "2026-11-18") == (current.hours, current.off)
    assert "Changées par Supervisor" in supervisor.text


@pytest.mark.parametrize(
    ("hours", "off"),
    [
        ("every day", ""),
        ("mon 16:00-09:00", ""),
        ("mon-fri 09:00-16:00", "tomorrow"),
        ("mon 09:00-10:00," * 30, ""),
    ],
)
def test_what_cannot_be_read_changes_nothing(
    supervisor: Browser, database: Database, hours: str, off: str
) -> None:
    supervisor.send("/hours", hours=hours, off=off)

    assert "Illisible" in supervisor.text
    assert StaffHours(database).current() is None

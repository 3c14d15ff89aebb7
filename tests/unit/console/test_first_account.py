"""Whoever deploys the service makes the first account of the console, and no second one."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from console.first_account import main
from core.privacy import Seal
from records.audit_reading import AuditReading
from records.database import open_database
from records.migrate import upgrade
from records.staff import StaffAccounts
from tests.builders import KEY, KEY_TEXT

EMAIL = "leila@example.ma"
GOOD = "sept lentilles sous un figuier"


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A migrated database, which the settings name."""
    address = f"sqlite:///{tmp_path / 'records.sqlite'}"
    upgrade(address)
    given = {"REDIS_URL": "redis://127.0.0.1:1/0", "RECORDS_URL": address}
    for name, value in {**given, "VAULT_KEY": KEY_TEXT, "PSEUDONYM_KEY": KEY_TEXT}.items():
        monkeypatch.setenv(f"TWIZA_{name}", value)
    return address


def make(monkeypatch: pytest.MonkeyPatch, password: str, email: str = EMAIL) -> int:
    """Run the command with a password at its standard input."""
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
    return main([email, "Leila Naciri"])


def test_the_first_account_is_an_administrator_whose_making_is_audited(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert 0 == make(monkeypatch, GOOD)

    database = open_database(url)
    made = StaffAccounts(database, Seal(KEY)).open(EMAIL, GOOD)
    assert made is not None
    assert "admin" == made.role
    assert ["staff.joined"] == AuditReading(database).events()


def test_a_second_administrator_is_made_by_the_first(
    url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    make(monkeypatch, GOOD)

    assert 1 == make(monkeypatch, GOOD, "other@example.ma")
    assert "ask them for an invitation" in capsys.readouterr().err
    assert 1 == len(StaffAccounts(open_database(url), Seal(KEY)).everybody())


def test_a_password_that_is_easily_guessed_makes_no_account(
    url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert 1 == make(monkeypatch, "passwordpassword")
    assert "password_weak" in capsys.readouterr().err
    assert [] == StaffAccounts(open_database(url), Seal(KEY)).everybody()

"""The first administrator is made at the machine, once; a lost second factor is forgotten there."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from console.command import main
from core.privacy import Seal
from records.audit import Audit
from records.database import Database
from records.staff import StaffAccounts
from tests.builders import KEY, KEY_TEXT

Run = Callable[..., tuple[int, str]]
FIRST = ("first", "leila@twiza.example", "--name", "Leila Naciri", "--by", "Amal")
GOOD = "trois oliviers sous la neige\n"


@pytest.fixture
def run(url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """A command of `bin/staff` with what is typed: its exit code, and all it said."""
    given = {"RECORDS_URL": url, "REDIS_URL": "redis://127.0.0.1:1/0"}
    given |= {"VAULT_KEY": KEY_TEXT, "PSEUDONYM_KEY": KEY_TEXT}
    for name, value in given.items():
        monkeypatch.setenv(f"TWIZA_{name}", value)

    def command(*arguments: str, typed: str = GOOD) -> tuple[int, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        capsys.readouterr()
        code = main(arguments)
        said = capsys.readouterr()
        return code, said.out + said.err

    return command


@pytest.fixture
def accounts(database: Database) -> StaffAccounts:
    """The accounts, of which no administrator is open."""
    kept = StaffAccounts(database, Seal(KEY))
    kept.close(next(one.id for one in kept.everybody() if one.role == "admin"))
    return kept


def test_the_first_administrator_can_sign_in_and_is_audited(
    run: Run, accounts: StaffAccounts, database: Database
) -> None:
    code, _ = run(*FIRST)
    opened = accounts.open("leila@twiza.example", GOOD.strip())

    assert 0 == code
    assert opened and ("admin", "Leila Naciri") == (opened.role, opened.name)
    assert Audit(database).verify().broken_at is None
    with database.reading() as session:
        events = session.execute(sa.text("SELECT event FROM audit")).scalars().all()
    assert ["staff.joined"] == list(events)


def test_there_is_no_second_first_administrator(run: Run, accounts: StaffAccounts) -> None:
    run(*FIRST)
    code, said = run("first", "other@twiza.example", "--name", "Badr", "--by", "Amal")

    assert (1, True) == (code, "there is an administrator" in said)
    assert accounts.with_email("other@twiza.example") is None


@pytest.mark.parametrize("password", ["olives", "aaaaaaaaaaaaaaaa"])
def test_a_weak_password_makes_no_account(run: Run, accounts: StaffAccounts, password: str) -> None:
    code, said = run(*FIRST, typed=f"{password}\n")

    assert 1 == code
    assert password not in said
    assert accounts.with_email("leila@twiza.example") is None


def test_a_lost_second_factor_is_forgotten(run: Run, accounts: StaffAccounts) -> None:
    agent = accounts.with_email("agent@twiza.example")
    assert agent
    accounts.keep_second_factor(agent.id, "JBSWY3DPEHPK3PXP")

    code, _ = run("reset-second-factor", "agent@twiza.example", "--by", "Amal")

    assert (0, "") == (code, accounts.second_factor(agent.id))
    assert 1 == run("reset-second-factor", "nobody@twiza.example", "--by", "Amal")[0]


def test_the_list_says_role_and_address(run: Run, accounts: StaffAccounts) -> None:
    _, said = run("list")

    assert "agent       agent@twiza.example" in said
    assert "closed" in said

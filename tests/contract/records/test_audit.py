"""The audit: only ever added to, one chain whoever adds, and a break is found where it is."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.errors import StoreUnavailable
from records.audit import BEFORE_ALL, Audit, AuditVerdict
from records.database import Database
from tests.contract.records.conftest import HandClock, run_in_processes

_ROOT = Path(__file__).parents[3]


@pytest.fixture
def audit(database: Database, clock: HandClock) -> Audit:
    audit = Audit(database, clock)
    for n in range(5):
        audit.append("identity_verified", "person", "number", "ussd", {"attempt": n, "ok": True})
        clock.move(seconds=1.5)
    return audit


def _open_to_change(session: Session) -> None:
    if session.get_bind().dialect.name == "sqlite":
        for name in ("audit_keeps_rows", "audit_keeps_words", "audit_keeps_places"):
            session.execute(sa.text(f"DROP TRIGGER {name}"))
    else:
        session.execute(sa.text("ALTER TABLE audit DISABLE TRIGGER ALL"))


def test_an_empty_audit_is_whole(database: Database) -> None:
    assert AuditVerdict(0, None, BEFORE_ALL) == Audit(database).verify()


def test_what_was_appended_is_a_whole_chain(audit: Audit) -> None:
    verdict = audit.verify()

    assert (5, None) == (verdict.rows, verdict.broken_at)


def test_the_last_hash_tells_two_audits_apart(audit: Audit) -> None:
    before = audit.verify().head
    audit.append("consent_given", "", "number", "ussd", {"text": "1"})

    assert before != audit.verify().head


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET event = 'nothing' WHERE number = 3",
        "DELETE FROM audit WHERE number = 5",
        "DELETE FROM audit",
    ],
)
def test_the_database_refuses_to_change_or_delete_a_row(
    database: Database, audit: Audit, statement: str
) -> None:
    with pytest.raises(StoreUnavailable) as refused, database.session() as session:
        session.execute(sa.text(statement))

    assert "append-only" in str(refused.value.__cause__)
    assert (5, None) == (audit.verify().rows, audit.verify().broken_at)


def test_the_database_refuses_to_replace_a_row_or_empty_the_table(
    database: Database, audit: Audit
) -> None:
    on_sqlite = database.engine.dialect.name == "sqlite"
    replacing = "REPLACE INTO audit SELECT * FROM audit WHERE number = 5"
    with pytest.raises(StoreUnavailable) as refused, database.session() as session:
        session.execute(sa.text(replacing if on_sqlite else "TRUNCATE audit"))

    assert "append-only" in str(refused.value.__cause__)
    assert 5 == audit.verify().rows


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit SET detail = '{}' WHERE number = 3",
        "UPDATE audit SET person_key = 'another' WHERE number = 3",
        "UPDATE audit SET at = '2020-01-01 00:00:00' WHERE number = 3",
        "UPDATE audit SET hash = previous_hash WHERE number = 3",
        "DELETE FROM audit WHERE number = 3",
    ],
)
def test_a_change_made_behind_the_databases_back_is_found_where_it_is(
    database: Database, audit: Audit, change: str
) -> None:
    with database.session() as session:
        _open_to_change(session)
        session.execute(sa.text(change))

    verdict = audit.verify()

    assert (2, 3) == (verdict.rows, verdict.broken_at)


def test_processes_that_append_at_once_make_one_chain(database: Database, url: str) -> None:
    program = """
import sys
from records.audit import Audit
from records.database import open_database
audit = Audit(open_database(sys.argv[1], wait_seconds=20))
for n in range(25):
    audit.append("turn", "", "number", "ussd", {"n": n})
"""
    run_in_processes(3, program, url)

    verdict = Audit(database).verify()

    assert (75, None) == (verdict.rows, verdict.broken_at)


def test_a_row_of_a_transaction_that_fails_is_not_in_the_chain(
    database: Database, audit: Audit
) -> None:
    with pytest.raises(LookupError), database.session() as session:
        audit.append("turn", "", "number", "ussd", {}, within=session)
        raise LookupError
    audit.append("turn", "", "number", "ussd", {})

    assert (6, None) == (audit.verify().rows, audit.verify().broken_at)


def test_the_command_says_whether_the_chain_is_whole(
    database: Database, audit: Audit, url: str
) -> None:
    def verify() -> tuple[int, str]:
        environment = {**os.environ, "TWIZA_RECORDS_URL": url}
        command = [str(_ROOT / "bin" / "audit"), "verify"]
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=60, check=False
        )
        return done.returncode, done.stdout

    whole = verify()
    with database.session() as session:
        _open_to_change(session)
        session.execute(sa.text("DELETE FROM audit WHERE number = 2"))
    broken = verify()

    assert (0, f"whole: 5 rows, last hash {whole[1].split()[-1]}\n") == whole
    assert 1 == broken[0]
    assert broken[1].startswith("broken at row 2; 1 good before it")

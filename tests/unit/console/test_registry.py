"""The page of the registry: breakers, what is kept, what waits, what is stuck and is sent again."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
import redis
import sqlalchemy as sa

from core.registry_health import RegistryHealth
from records.applications import Applications, HandedIn
from records.database import Database
from records.submissions import STUCK, Submissions
from records.tables import AuditRow
from tests.unit.console.conftest import SignIn


def hand_in(database: Database, reference: str) -> None:
    """Something on its way to the registry."""
    Applications(database).hand_in(
        HandedIn(
            idempotency_key=f"draft-{reference}",
            reference=reference,
            person_key=f"person-{reference}",
            number_key="number",
            kind="application",
            programme="asd_child",
            sealed=b"sealed",
        )
    )


def get_stuck(database: Database) -> None:
    """What is first in the queue is given up for now."""
    submissions = Submissions(database)
    [leased] = submissions.lease(1, 30)
    submissions.failed(leased, "http.418", None, is_own=True)


@pytest.mark.parametrize("role", ["supervisor", "admin"])
def test_the_state_of_each_operation_is_told_with_its_last_fault(
    signed_in: SignIn, store: redis.Redis, role: str
) -> None:
    health = RegistryHealth(store)
    health.note("records.social", "open", "RegistryUnavailable: http.503")
    health.note("payments.search", "closed")
    three_days_ago = datetime.now(UTC) - timedelta(days=3)
    RegistryHealth(store, lambda: three_days_ago).answered("offices")
    text = signed_in(role).open("/registry?lang=fr")

    assert text.index("records.social") < text.index("payments.search")
    assert "RegistryUnavailable: http.503" in text
    assert "Suspendue un moment" in text
    assert re.search(r"il y a 3\sjours", text)
    assert "pas encore donné par le registre" in text
    assert 'hx-trigger="every 15s"' in text


def test_what_is_stuck_is_sent_again_and_the_audit_says_who_did_it(
    signed_in: SignIn, database: Database
) -> None:
    hand_in(database, "712345678943")
    get_stuck(database)
    browser = signed_in("supervisor")

    assert "712345678943" in browser.open("/registry?lang=fr")
    assert "http.418" in browser.text

    browser.send("/registry/retry", reference="712345678943")

    assert "Renvoi dans la demi-minute." in browser.text
    assert [] == Submissions(database).standing(STUCK)
    assert 1 == Submissions(database).waiting()
    with database.reading() as session:
        noted = session.scalars(sa.select(AuditRow).order_by(AuditRow.number.desc())).first()
    assert noted is not None
    assert "submissions.retried" == noted.event
    assert "712345678943" not in str(noted.detail)


def test_without_a_word_on_which_nothing_is_sent(signed_in: SignIn, database: Database) -> None:
    hand_in(database, "712345678943")
    get_stuck(database)
    browser = signed_in("supervisor")
    browser.open("/registry?lang=fr")
    browser.send("/registry/retry")

    assert 1 == len(Submissions(database).standing(STUCK))
    assert "n'est bloqué" in browser.text.replace("&#39;", "'")


def test_everything_is_sent_again_at_once(signed_in: SignIn, database: Database) -> None:
    for reference in ("712345678943", "812345678940"):
        hand_in(database, reference)
        get_stuck(database)
    browser = signed_in("admin")
    browser.open("/registry")
    browser.send("/registry/retry", all="yes")

    assert 2 == Submissions(database).waiting()


def test_a_store_that_is_away_is_told_as_such(signed_in: SignIn, store: redis.Redis) -> None:
    browser = signed_in("supervisor")
    store.set("registry:seen", "no hash")
    browser.open("/registry")

    assert 503 == browser.status

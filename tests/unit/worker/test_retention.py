"""Once a night what there is no more reason to keep is forgotten."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from importlib import import_module

import sqlalchemy as sa

from core.tasks import close_task
from records.audit_reading import AuditReading
from records.nights import Nights
from records.tables import SubmissionRow
from tests.builders import NUMBER
from tests.unit.worker.citizens import hands_in
from tests.unit.worker.submitting import drain, rows
from tests.unit.worker.workshop import Workshop


def test_what_was_refused_is_forgotten_after_its_days(shop: Workshop) -> None:
    hands_in(shop, programme="")
    drain(shop)
    shop.retention.forget()
    kept = bool(rows(shop)[0].sealed)
    old = datetime.now(UTC) - timedelta(days=31)
    with shop.database.session() as session:
        session.execute(sa.update(SubmissionRow).values(settled=old))
    shop.retention.forget()

    assert kept
    assert b"" == rows(shop)[0].sealed
    assert "refused" == rows(shop)[0].state


def test_a_number_is_forgotten_when_there_is_nothing_more_to_tell_it(shop: Workshop) -> None:
    hands_in(shop)
    addresses, key = shop.house.house().addresses, shop.pseudonyms.number(NUMBER)
    shop.retention.forget()
    while_waiting = addresses.find(key)
    drain(shop)
    shop.retention.forget()
    that_night = addresses.find(key)
    old = datetime.now(UTC) - timedelta(days=3)
    with shop.database.session() as session:
        session.execute(sa.update(SubmissionRow).values(settled=old))
    shop.retention.forget()

    assert while_waiting is not None
    assert that_night is not None
    assert addresses.find(key) is None


def test_each_night_leaves_what_it_removed(shop: Workshop) -> None:
    hands_in(shop, programme="")
    drain(shop)
    old = datetime.now(UTC) - timedelta(days=31)
    with shop.database.session() as session:
        session.execute(sa.update(SubmissionRow).values(settled=old))
    shop.retention.forget()

    assert [1] == [night.removed["refused"] for night in Nights(shop.database).last()]


def test_the_chain_is_checked_by_night_and_for_who_asks(shop: Workshop) -> None:
    hands_in(shop)
    checking = import_module("worker.checking")
    checking.nightly()
    checking.check(close_task(shop.seal, {"by": "4"}))
    found = AuditReading(shop.database).checks()

    assert [("4", True), ("", True)] == [(one.by, one.is_whole) for one in found]

"""What the tests of submissions do to a worker: rounds of its schedule, time, a choosy registry."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
import sqlalchemy as sa

from actions.registry.shapes import NewApplication, Receipt
from core.errors import RegistryError
from records.tables import SubmissionRow
from tests.builders import IDCS
from tests.unit.worker.workshop import Workshop

OTHER: Final = "2111111116"


def rows(shop: Workshop) -> list[SubmissionRow]:
    """Every submission, in the order of handing in."""
    with shop.database.reading() as session:
        return list(session.scalars(sa.select(SubmissionRow).order_by(SubmissionRow.id)))


def states(shop: Workshop) -> list[str]:
    """The state of every submission."""
    return [row.state for row in rows(shop)]


def pass_time(shop: Workshop, **age: float) -> None:
    """Let the time pass for which failed submissions wait, rounds rest, and leases last."""
    shop.house.house().store.delete(shop.submissions.RESTS)
    created = datetime.now(UTC) - timedelta(**age)
    values = {"not_before": created, "leased_until": None, "created": created}
    with shop.database.session() as session:
        session.execute(sa.update(SubmissionRow).values(**values))


def drain(shop: Workshop) -> None:
    """A round of the schedule."""
    shop.submissions.drain()


def refuse_one(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch, fault: RegistryError, idcs: str = IDCS
) -> None:
    """The registry fails on the applications of one person, and takes the others."""
    submit = shop.registry.submit_application

    def for_one(application: NewApplication) -> Receipt:
        if application.idcs == idcs:
            raise fault
        return submit(application)

    monkeypatch.setattr(shop.registry, "submit_application", for_one)

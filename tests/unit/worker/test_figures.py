"""The worker counts what was recorded and handed in, and notes where applications come from."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib import import_module
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from actions.registry.port import Household, Person, RnpStatus, RsuStatus
from actions.registry.pretend import PretendOffice, PretendRecord, PretendRegistry
from actions.registry.shapes import Office
from records.clock import utc_now
from records.tables import SubmissionRow
from tests.builders import IDCS
from tests.contract.transcripts.conftest import a_turn
from tests.end_to_end.running_house import wait_for
from tests.unit.worker.citizens import hands_in
from tests.unit.worker.workshop import Workshop
from transcripts.figures import ZONE, Figures


def open_registry(workshop: Workshop) -> None:
    """The registry knows where a rural household lives."""
    office = Office("CSC-1", "Centre", "1, rue", "Ouled Teïma", "Souss-Massa")
    citizen = Person(IDCS, RnpStatus.REGISTERED, datetime(1980, 2, 3, tzinfo=UTC).date())
    household = Household(RsuStatus.REGISTERED, 4, area="rural")
    workshop.registry = PretendRegistry(
        [PretendRecord(citizen, household, home_office="CSC-1")],
        lambda: datetime.now(UTC),
        offices=[PretendOffice(office)],
    )


def test_what_the_registry_took_is_counted_with_its_region_and_kind_of_place(
    workshop: Workshop,
) -> None:
    figures = import_module("worker.figures")
    open_registry(workshop)
    hands_in(workshop)
    hands_in(workshop, kind="complaint")

    workshop.submissions.drain()
    figures.count_of_records()

    with workshop.database.reading() as session:
        noted = {
            row.kind: (row.region, row.area) for row in session.scalars(sa.select(SubmissionRow))
        }
    assert {"application": ("MA-09", "rural"), "complaint": ("", "")} == noted
    today = utc_now().astimezone(ZONE).date()
    [figure] = Figures(workshop.database).between(today, today, ["applications"])
    assert ("sent", "MA-09,rural", 1) == (
        figure.subject.name,
        figure.subject.detail,
        figure.count,
    )


def test_what_was_recorded_is_counted_by_the_next_round(workshop: Workshop) -> None:
    figures = import_module("worker.figures")
    workshop.archive.archive().transcripts.record([a_turn("1", utc_now(), language="fr")])

    figures.count()
    wait_for("the rest", lambda: not workshop.archive.archive().store.exists("figures:rest"), 60)
    figures.count()

    today = utc_now().astimezone(ZONE).date()
    [figure] = Figures(workshop.database).between(today, today, ["turns"])
    assert 1 == figure.count


def test_who_has_counted_rests_nine_times_as_long_and_nobody_counts_meanwhile(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    figures = import_module("worker.figures")
    archive = workshop.archive.archive()
    clock = iter([100.0, 104.0])
    monkeypatch.setattr(figures, "time", SimpleNamespace(monotonic=lambda: next(clock)))

    figures.count()
    archive.transcripts.record([a_turn("1", utc_now(), language="fr")])
    figures.count()

    today = utc_now().astimezone(ZONE).date()
    assert 35 < int(archive.store.ttl("figures:rest")) <= 37
    assert [] == Figures(workshop.database).between(today, today, ["turns"])

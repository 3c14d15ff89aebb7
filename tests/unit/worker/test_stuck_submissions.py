"""What fails by its own fault is set aside and holds back nothing; an outage sets nothing aside."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from core.errors import (
    RegistryAnswerUnreadable,
    RegistryError,
    RegistryRefused,
    RegistryTimeout,
    RegistryUnavailable,
)
from core.references import in_groups
from records.tables import SubmissionRow
from tests.builders import IDCS
from tests.unit.worker.citizens import hands_in
from tests.unit.worker.submitting import OTHER, drain, pass_time, refuse_one, rows, states
from tests.unit.worker.workshop import Workshop


def test_a_refusal_that_nobody_foresaw_ends_stuck_and_lets_its_persons_later_ones_go(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    hands_in(shop)
    hands_in(shop, "complaint")
    refuse_one(shop, monkeypatch, RegistryRefused("http.418"))
    for _ in range(10):
        during = states(shop)
        drain(shop)
        pass_time(shop)
    drain(shop)
    first, second = rows(shop)

    assert ["queued", "queued"] == during
    assert ("stuck", "http.418", 10) == (first.state, first.last_error, first.attempts)
    assert first.sealed
    assert "sent" == second.state


def test_a_refusal_that_nobody_foresaw_does_not_end_the_round(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    for idcs in (IDCS, IDCS, IDCS, OTHER):
        hands_in(shop, idcs=idcs)
    with shop.database.session() as session:
        session.execute(sa.update(SubmissionRow).values(person_key=""))
    refuse_one(shop, monkeypatch, RegistryRefused("http.400"))
    drain(shop)

    assert ["queued", "queued", "queued", "sent"] == states(shop)


@pytest.mark.parametrize(
    "fault",
    [RegistryTimeout("slow"), RegistryUnavailable("http.500"), RegistryAnswerUnreadable("x")],
)
def test_one_that_breaks_the_registry_is_stuck_once_others_pass(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch, fault: RegistryError
) -> None:
    hands_in(shop)
    refuse_one(shop, monkeypatch, fault)
    for programme in [f"p{number}" for number in range(12)]:
        drain(shop)
        hands_in(shop, idcs=OTHER, programme=programme)
        pass_time(shop)
    first, *others = rows(shop)

    assert ("stuck", 12) == (first.state, first.attempts)
    assert {"sent", "queued"} == {other.state for other in others}


def test_an_outage_however_long_makes_nothing_stuck(shop: Workshop) -> None:
    hands_in(shop)
    hands_in(shop, idcs=OTHER)
    shop.registry.failure = RegistryAnswerUnreadable("a page of a proxy")
    for _ in range(40):
        drain(shop)
        pass_time(shop)
    during = states(shop)
    shop.registry.failure = None
    drain(shop)

    assert ["queued", "queued"] == during
    assert ["sent", "sent"] == states(shop)


def test_what_was_stuck_arrives_once_it_is_tried_again_and_is_told(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = hands_in(shop)
    with monkeypatch.context() as patch:
        refuse_one(shop, patch, RegistryRefused("http.418"))
        for _ in range(10):
            drain(shop)
            pass_time(shop)
    silent = list(shop.twilio.texts)
    shop.house.house().submissions.retry(reference)
    drain(shop)

    assert [] == silent
    assert ["sent"] == states(shop)
    assert in_groups(reference) in shop.twilio.texts[0]

"""What was handed in reaches the registry once, whatever fails; its owner learns what matters."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from actions.registry.shapes import Receipt
from core.errors import (
    RegistryError,
    RegistryNotAsked,
    RegistryRefused,
    RegistryTimeout,
    RegistryUnavailable,
)
from core.messages import ChannelKind
from core.references import in_groups, new_reference
from records.tables import SubmissionRow
from tests.builders import NUMBER
from tests.unit.worker.citizens import hands_in, hears
from tests.unit.worker.submitting import OTHER, drain, pass_time, refuse_one, rows, states
from tests.unit.worker.workshop import Workshop


def test_an_application_is_sent_once_and_its_content_destroyed(shop: Workshop) -> None:
    reference = hands_in(shop)
    drain(shop)
    drain(shop)
    [row] = rows(shop)

    assert [reference] == [one.reference for one in shop.registry.submitted]
    assert ("sent", reference, b"") == (row.state, row.registry_reference, row.sealed)
    assert [] == shop.twilio.taken


@pytest.mark.parametrize("kind", ["complaint", "contact"])
def test_complaints_and_changes_of_contact_are_sent_too(shop: Workshop, kind: str) -> None:
    hands_in(shop, kind)
    drain(shop)

    assert 1 == len(shop.registry.complained) + len(shop.registry.contacts)
    assert ["sent"] == states(shop)
    assert [] == shop.twilio.taken


@pytest.mark.parametrize("fault", [RegistryUnavailable("away"), RegistryTimeout("slow")])
def test_what_waits_for_the_registry_arrives_when_it_is_back(
    shop: Workshop, fault: RegistryUnavailable
) -> None:
    reference = hands_in(shop)
    shop.registry.failure = fault
    for _ in range(3):
        drain(shop)
        pass_time(shop)
    waiting = states(shop)
    shop.registry.failure = None
    drain(shop)

    assert ["queued"] == waiting
    assert ["sent"] == states(shop)
    assert 1 == len(shop.registry.submitted)
    assert in_groups(reference) in shop.twilio.texts[0]
    assert 1 == len(shop.twilio.texts)


def test_an_answer_that_got_lost_makes_no_second_application(shop: Workshop) -> None:
    hands_in(shop)
    shop.registry.lost = RegistryTimeout("no answer")
    drain(shop)
    taken, unsure = len(shop.registry.submitted), states(shop)
    shop.registry.lost = None
    pass_time(shop)
    drain(shop)

    assert (1, ["queued"]) == (taken, unsure)
    assert 1 == len(shop.registry.submitted)
    assert ["sent"] == states(shop)


@pytest.mark.parametrize("kind", ["application", "complaint"])
@pytest.mark.parametrize("fault", [RegistryTimeout("slow"), RegistryUnavailable("http.500")])
def test_where_nobody_knows_whether_it_arrived_the_registry_is_asked_and_nothing_sent_again(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch, kind: str, fault: RegistryError
) -> None:
    reference = hands_in(shop, kind)
    shop.registry.lost = fault
    drain(shop)
    shop.registry.lost = None
    pass_time(shop)
    with monkeypatch.context() as patch:
        patch.setattr(shop.registry, f"submit_{kind}", never)
        drain(shop)
    [row] = rows(shop)

    assert ("sent", reference) == (row.state, row.registry_reference)


def test_what_the_registry_does_not_have_is_sent_again_once_it_said_so(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    hands_in(shop)
    shop.registry.failure = RegistryTimeout("slow")
    drain(shop)
    pass_time(shop)
    # It cannot say whether it has it, so it is not sent.
    with monkeypatch.context() as patch:
        patch.setattr(shop.registry, "submit_application", never)
        drain(shop)
    shop.registry.failure = None
    pass_time(shop)
    drain(shop)

    assert ["sent"] == states(shop)
    assert 1 == len(shop.registry.submitted)


def test_what_cannot_have_arrived_is_sent_again_without_a_question(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    hands_in(shop)
    shop.registry.failure = RegistryNotAsked("no connection came about")
    drain(shop)
    shop.registry.failure = None
    pass_time(shop)
    monkeypatch.setattr(shop.registry, "application", never)
    drain(shop)

    assert ["sent"] == states(shop)


def never(*_: object) -> None:
    """What must not be called."""
    raise AssertionError("it was called")


def test_a_worker_that_dies_before_it_noted_the_receipt_does_no_harm(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    hands_in(shop)

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(shop.submissions, "_arrived", die)
        drain(shop)
    drain(shop)
    leased = states(shop)
    pass_time(shop)
    drain(shop)

    assert ["queued"] == leased
    assert ["sent"] == states(shop)
    assert 1 == len(shop.registry.submitted)


def test_what_failed_is_not_tried_before_its_time_and_waits_ever_longer(shop: Workshop) -> None:
    hands_in(shop)
    shop.registry.failure = RegistryUnavailable("away")
    waits = []
    for _ in range(12):
        drain(shop)
        [row] = rows(shop)
        waits.append((row.not_before - datetime.now(UTC)).total_seconds())
        drain(shop)
        assert row.attempts == rows(shop)[0].attempts
        pass_time(shop)

    for tries, wait in enumerate(waits, start=1):
        most = min(2.0**tries, 900.0)
        assert most / 2 - 1 <= wait <= most


def test_a_registry_that_is_down_is_asked_twice_a_round_and_not_for_everybody(
    shop: Workshop,
) -> None:
    for number in range(5):
        hands_in(shop, idcs=f"{number}" * 10)
    shop.registry.failure = RegistryUnavailable("away")
    drain(shop)

    assert Counter({0: 3, 1: 2}) == Counter(row.attempts for row in rows(shop))


def test_one_that_fails_holds_up_nobody_else(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    hands_in(shop)
    hands_in(shop, idcs=OTHER)
    refuse_one(shop, monkeypatch, RegistryTimeout("slow"))
    drain(shop)

    assert ["queued", "sent"] == states(shop)


def test_what_one_person_handed_in_goes_in_its_order(shop: Workshop) -> None:
    first, second = hands_in(shop), hands_in(shop, "complaint")
    shop.registry.failure = RegistryUnavailable("away")
    drain(shop)
    attempts = [row.attempts for row in rows(shop)]
    shop.registry.failure = None
    pass_time(shop)
    drain(shop)

    assert [1, 0] == attempts
    assert [(first, "sent"), (second, "sent")] == [(r.reference, r.state) for r in rows(shop)]


@pytest.mark.parametrize(
    ("programme", "reason", "words"),
    [
        ("tayssir", "application.programme_closed", "ne prend pas de demandes"),
        ("", "request.invalid", "n'a pas accepté"),
    ],
)
def test_a_refusal_for_good_is_told_in_plain_words(
    shop: Workshop, programme: str, reason: str, words: str
) -> None:
    reference = hands_in(shop, programme=programme)
    drain(shop)
    drain(shop)
    [row] = rows(shop)

    assert ("refused", reason) == (row.state, row.last_error)
    assert [NUMBER] == [number for number, _ in shop.twilio.taken]
    assert words in shop.twilio.texts[0]
    assert in_groups(reference) in shop.twilio.texts[0]


def test_what_is_already_open_is_told_and_destroyed_and_what_was_unreadable_is_kept(
    shop: Workshop,
) -> None:
    hands_in(shop)
    hands_in(shop)
    hands_in(shop, programme="")
    drain(shop)

    assert ["sent", "refused", "refused"] == states(shop)
    assert [False, False, True] == [bool(row.sealed) for row in rows(shop)]
    assert "déjà ouverte" in shop.twilio.texts[0]


def test_a_refusal_of_ourselves_is_waited_out_and_told_to_nobody(shop: Workshop) -> None:
    hands_in(shop)
    shop.registry.failure = RegistryRefused("http.401")
    drain(shop)
    waiting = states(shop)
    shop.registry.failure = None
    pass_time(shop)
    drain(shop)

    assert (["queued"], ["sent"]) == (waiting, states(shop))


def test_another_reference_of_the_registry_is_told(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    final = new_reference()
    monkeypatch.setattr(shop.registry, "submit_application", lambda _: Receipt(final))
    reference = hands_in(shop)
    drain(shop)
    kept = shop.house.house().submissions

    assert in_groups(final) in shop.twilio.texts[0]
    assert in_groups(reference) in shop.twilio.texts[0]
    assert kept.find(final) == kept.find(reference)


def test_it_is_told_on_whatsapp_to_whoever_wrote_there_today(shop: Workshop) -> None:
    hands_in(shop, programme="tayssir")
    hears(shop, ChannelKind.WHATSAPP)
    drain(shop)

    assert [f"whatsapp:{NUMBER}"] == [to for to, _ in shop.twilio.taken]


def test_what_nobody_can_open_is_set_aside_and_holds_up_nobody(shop: Workshop) -> None:
    hands_in(shop)
    with shop.database.session() as session:
        session.execute(sa.update(SubmissionRow).values(sealed=b"not sealed"))
    hands_in(shop)
    drain(shop)

    assert [("refused", "unreadable"), ("sent", "")] == [
        (row.state, row.last_error) for row in rows(shop)
    ]

"""Who agreed is told of a change once, where and as they chose, and never at night."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
import sqlalchemy as sa
import time_machine

from actions.following import NOTE_HOME, UNSUBSCRIBE
from actions.registry.notify import TAKE
from core.messages import ChannelKind
from core.tasks import close_task
from records.consents import Consents
from records.followers import Detail, Followers
from records.people import Numbers
from records.tables import NoticeRow
from tests.builders import IDCS, NUMBER
from tests.unit.worker.citizens import follows, hears
from tests.unit.worker.workshop import Workshop
from worker.schedules import SCHEDULE

DAY: Final = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
OTHER: Final = "+212698765432"


@pytest.fixture(autouse=True)
def by_day() -> Any:
    """It is eleven in the morning in Morocco."""
    with time_machine.travel(DAY, tick=True) as traveller:
        yield traveller


def reports(
    shop: Workshop, event_id: str = "event-1", kind: str = "application_changed", **detail: str
) -> None:
    """The registry reports a change of IDCS, and the intake queues it."""
    event = {
        "event_id": event_id,
        "kind": kind,
        "idcs": detail.pop("idcs", IDCS),
        "programme": detail.pop("programme", "asd"),
        "happened_on": DAY.isoformat(),
        "detail": detail or {"state": "accepted", "reference": "712345678901"},
    }
    shop.notices.take(close_task(shop.seal, event))


def outcomes(shop: Workshop) -> list[tuple[str, str]]:
    """State and outcome of every notice."""
    with shop.database.reading() as session:
        found = session.scalars(sa.select(NoticeRow).order_by(NoticeRow.id))
        return [(row.state, row.outcome) for row in found]


def test_who_agreed_in_full_hears_which_aid_and_what_changed(workshop: Workshop) -> None:
    follows(workshop)
    reports(workshop)

    [(to, text)] = workshop.twilio.taken
    assert NUMBER == to
    assert "ASD" in text and "acceptée" in text and "STOP" in text


def test_who_agreed_in_short_hears_no_more_than_that(workshop: Workshop) -> None:
    follows(workshop, Detail.SHORT)
    reports(workshop)

    [text] = workshop.twilio.texts
    assert "ASD" not in text and "accept" not in text
    assert "Quelque chose a changé" in text


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        ("payment_changed", "paid"),
        ("payment_changed", "a state nobody knows"),
        ("document_missing", "documents_missing"),
        ("index_changed", ""),
        ("application_changed", "refused"),
    ],
)
def test_no_message_holds_an_amount_an_identifier_an_index_or_a_reference(
    workshop: Workshop, kind: str, state: str
) -> None:
    follows(workshop)
    secrets = {"amount": "543.21", "index": "8.7654321", "reference": "712345678901"}
    reports(workshop, kind=kind, state=state, idcs=IDCS, **secrets)

    [text] = workshop.twilio.texts
    assert not any(character.isdigit() for character in text)


def test_the_same_event_is_told_once(workshop: Workshop) -> None:
    follows(workshop)
    reports(workshop)
    reports(workshop)
    workshop.notices.tell()

    assert 1 == len(workshop.twilio.texts)
    assert [("told", "sms")] == outcomes(workshop)


def test_changes_are_told_in_the_order_they_were_reported(workshop: Workshop) -> None:
    follows(workshop)
    workshop.twilio.script += [503]
    for number, state in enumerate(("received", "in_review", "accepted")):
        reports(workshop, f"event-{number}", state=state)
    workshop.make_all_due()
    workshop.deliveries.drain()

    said = [text.partition("\n")[0] for text in workshop.twilio.texts]
    assert ["arrivée", "étude", "acceptée"] == [
        next(word for word in ("arrivée", "étude", "acceptée") if word in line) for line in said
    ]


def test_nobody_hears_who_did_not_agree(workshop: Workshop) -> None:
    follows(workshop)
    reports(workshop, idcs="2111111116")

    assert [] == workshop.twilio.taken
    assert [] == outcomes(workshop)


def test_a_number_that_refused_messages_hears_nothing(workshop: Workshop) -> None:
    follows(workshop)
    Numbers(workshop.database).opt_out(workshop.pseudonyms.number(NUMBER))
    reports(workshop)

    assert [] == workshop.twilio.taken
    assert [("dropped", "nobody")] == outcomes(workshop)


def test_a_number_whose_consent_was_taken_back_hears_nothing(workshop: Workshop) -> None:
    follows(workshop)
    Consents(workshop.database).withdraw(workshop.pseudonyms.number(NUMBER))
    reports(workshop)

    assert [] == workshop.twilio.taken


def test_a_number_silent_for_months_may_be_somebody_elses_and_hears_nothing(
    workshop: Workshop, by_day: time_machine.Traveller
) -> None:
    follows(workshop)
    by_day.move_to(DAY + timedelta(days=200))
    reports(workshop)

    assert [] == workshop.twilio.taken


def test_it_is_told_on_the_number_where_the_person_was_verified_last(
    workshop: Workshop, by_day: time_machine.Traveller
) -> None:
    person_key = follows(workshop)
    by_day.shift(60)
    follows(workshop, number=OTHER)
    reports(workshop)
    by_day.shift(60)
    Followers(workshop.database).used(person_key, workshop.pseudonyms.number(NUMBER))
    reports(workshop, "event-2")
    Numbers(workshop.database).opt_out(workshop.pseudonyms.number(NUMBER))
    reports(workshop, "event-3")

    assert [OTHER, NUMBER, OTHER] == [to for to, _ in workshop.twilio.taken]


def test_whoever_wrote_on_whatsapp_today_is_told_there_and_later_by_sms(
    workshop: Workshop, by_day: time_machine.Traveller
) -> None:
    follows(workshop)
    hears(workshop, ChannelKind.WHATSAPP)
    by_day.shift(3600)
    reports(workshop)
    by_day.shift(24 * 3600)
    reports(workshop, "event-2")

    assert [f"whatsapp:{NUMBER}", NUMBER] == [to for to, _ in workshop.twilio.taken]


@pytest.mark.parametrize("kind", [ChannelKind.USSD, ChannelKind.SMS])
def test_whoever_called_or_wrote_an_sms_last_is_told_by_sms(
    workshop: Workshop, kind: ChannelKind
) -> None:
    follows(workshop)
    hears(workshop, kind)
    reports(workshop)

    assert [NUMBER] == [to for to, _ in workshop.twilio.taken]


@pytest.mark.parametrize(
    ("language", "word"), [("ar", "قبل"), ("ary", "تقبل"), ("fr", "acceptée"), ("zgh", "yah")]
)
def test_it_is_told_in_the_language_of_the_number(
    workshop: Workshop, language: str, word: str
) -> None:
    follows(workshop, language=language)
    reports(workshop)

    assert word in workshop.twilio.texts[0]


def test_what_is_reported_at_night_is_told_in_the_morning(
    workshop: Workshop, by_day: time_machine.Traveller
) -> None:
    follows(workshop)
    by_day.move_to(datetime(2026, 11, 23, 21, 0, tzinfo=UTC))
    reports(workshop)
    at_night = list(workshop.twilio.taken)
    by_day.move_to(datetime(2026, 11, 24, 6, 59, tzinfo=UTC))
    workshop.notices.tell()
    at_dawn = list(workshop.twilio.taken)
    by_day.move_to(datetime(2026, 11, 24, 7, 0, 1, tzinfo=UTC))
    workshop.notices.tell()

    assert [] == at_night
    assert [] == at_dawn
    assert 1 == len(workshop.twilio.taken)


def test_in_ramadan_the_morning_comes_by_the_clock_of_ramadan(
    workshop: Workshop, by_day: time_machine.Traveller
) -> None:
    by_day.move_to(datetime(2027, 2, 6, 20, 30, tzinfo=UTC))
    follows(workshop)
    reports(workshop)
    by_day.move_to(datetime(2027, 2, 7, 7, 30, tzinfo=UTC))
    workshop.notices.tell()
    by_the_old_clock = list(workshop.twilio.taken)
    by_day.move_to(datetime(2027, 2, 7, 8, 0, 1, tzinfo=UTC))
    workshop.notices.tell()

    assert [] == by_the_old_clock
    assert 1 == len(workshop.twilio.taken)


def test_a_worker_that_was_away_by_day_does_not_tell_it_at_night(
    workshop: Workshop, by_day: time_machine.Traveller
) -> None:
    follows(workshop)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workshop.notices.tell, "delay", lambda: None)
        reports(workshop)
    by_day.move_to(datetime(2026, 11, 23, 22, 0, tzinfo=UTC))
    workshop.notices.tell()

    assert [] == workshop.twilio.taken
    assert [("queued", "")] == outcomes(workshop)


def test_a_notice_that_waits_is_sealed_and_holds_back_no_answer(
    workshop: Workshop, by_day: time_machine.Traveller
) -> None:
    by_day.move_to(datetime(2026, 11, 23, 22, 0, tzinfo=UTC))
    follows(workshop)
    reports(workshop)
    workshop.deliver("Votre réponse")
    with workshop.database.reading() as session:
        sealed = session.scalars(sa.select(NoticeRow.sealed)).one()

    assert ["Votre réponse"] == workshop.twilio.texts
    for secret in (IDCS, "accepted", "asd", "712345678901"):
        assert secret.encode() not in sealed


def test_a_notice_nobody_can_open_is_dropped_and_holds_up_nobody(workshop: Workshop) -> None:
    person_key = follows(workshop)
    workshop.house.house().notices.add("broken", person_key, b"not sealed", DAY)
    reports(workshop)

    assert [("dropped", "unreadable"), ("told", "sms")] == outcomes(workshop)


def test_a_disclosure_is_audited_without_its_words(workshop: Workshop) -> None:
    follows(workshop)
    reports(workshop)
    reports(workshop)

    assert [("sms", "{}")] == [
        (row.channel, row.detail) for row in workshop.audited("disclosure.notice")
    ]


def test_every_task_that_is_queued_by_name_has_a_taker(workshop: Workshop) -> None:
    scheduled = {entry["task"] for entry in SCHEDULE.values()}
    workshop.app.app.loader.import_default_modules()

    assert {TAKE, UNSUBSCRIBE, NOTE_HOME, *scheduled} <= set(workshop.app.app.tasks)


def test_the_schedule_goes_by_the_clock_of_morocco(workshop: Workshop) -> None:
    assert "Africa/Casablanca" == str(workshop.app.app.timezone)
    assert all(entry["options"]["expires"] for entry in SCHEDULE.values())

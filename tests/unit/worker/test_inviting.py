"""An emergency from its approval to the last invitation, by the operator's own commands."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import redis
import time_machine

from core.messages import ChannelKind
from records.emergencies import EmergencyState
from records.followers import Detail, Followers
from records.people import Numbers
from tests.builders import NUMBER
from tests.unit.worker.citizens import follows, hears
from tests.unit.worker.operators import DAY, KEY, LANGUAGES, Operator, counts, invites, settles
from tests.unit.worker.workshop import Workshop


@pytest.fixture(autouse=True)
def by_day() -> Any:
    """It is morning in Morocco, on the second day of the emergency."""
    with time_machine.travel(DAY, tick=False) as traveller:
        yield traveller


def test_people_are_invited_in_their_language_once_a_second_person_approved(
    operator: Operator, workshop: Workshop
) -> None:
    for nth, language in enumerate(LANGUAGES):
        settles(workshop, nth, language)
    operator.run("propose", operator.file, "--by", "Amal")
    before = invites(workshop)
    code, said = operator.run("approve", KEY, "--by", "amal")
    operator.run("approve", KEY, "--by", "Badr")
    texts = invites(workshop)

    assert [] == before
    assert 1 == code and "somebody else must approve" in said
    assert 4 == len(set(texts))
    for part in ("للطلب", "باش تطلبو", "Inondation", "Tiwisi"):
        assert any(part.lower() in text.lower() for text in texts), part
    audited = [row.detail for row in workshop.audited("emergency.approved")]
    assert f'"account":"{getpass.getuser()}","budget":500000,"by":"Badr"' in audited[0]


def test_nobody_is_invited_twice_whatever_is_repeated(
    operator: Operator, workshop: Workshop, by_day: Any
) -> None:
    for nth in range(3):
        settles(workshop, nth)
    operator.opens()
    invites(workshop, 3, by_day)
    operator.run("propose", operator.file, "--by", "Amal")
    operator.write(("budget_dirhams = 5000", "budget_dirhams = 6000"))
    operator.opens()
    invites(workshop, 3, by_day)

    assert 3 == len(workshop.twilio.texts)
    assert 3 == counts(workshop).invited


def test_a_worker_that_dies_with_the_message_in_the_outbox_invites_nobody_twice(
    operator: Operator, workshop: Workshop, by_day: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settles(workshop, 1)
    operator.opens()
    with monkeypatch.context() as dying:
        dying.setattr(workshop.deliveries.drain, "delay", lambda: None)
        workshop.inviting.invite()
    by_day.shift(timedelta(minutes=5))
    workshop.inviting.invite()
    workshop.deliveries.drain()

    assert 1 == len(workshop.twilio.texts)
    assert 1 == counts(workshop).reached


def test_the_rate_holds_and_is_spread_over_the_minute(
    operator: Operator, workshop: Workshop, by_day: Any
) -> None:
    for nth in range(20):
        settles(workshop, nth)
    operator.write(("rate_per_minute = 60", "rate_per_minute = 12"))
    operator.opens()
    rounds = [len(invites(workshop, 1, by_day)) for _ in range(7)]

    assert [2] * 7 == rounds


def test_the_budget_stops_the_invitations(
    operator: Operator, workshop: Workshop, by_day: Any
) -> None:
    for nth in range(5):
        settles(workshop, nth)
    operator.write(("budget_dirhams = 5000", "budget_dirhams = 0.80"))
    operator.opens()
    invites(workshop, 3, by_day)

    assert 2 == counts(workshop).invited
    assert "spent 0.70 dirhams of 0.80 dirhams" in operator.run("status", KEY)[1]


def test_a_pause_takes_back_what_was_not_sent_and_a_resume_sends_it(
    operator: Operator, workshop: Workshop, monkeypatch: pytest.MonkeyPatch, by_day: Any
) -> None:
    for nth in range(3):
        settles(workshop, nth)
    operator.opens()
    with monkeypatch.context() as stalled:
        stalled.setattr(workshop.deliveries.drain, "delay", lambda: None)
        workshop.inviting.invite()
    code, said = operator.run("pause", KEY, "--by", "Amal")
    workshop.deliveries.drain()
    while_paused = invites(workshop, 2, by_day)
    operator.run("resume", KEY, "--by", "Amal")

    assert 0 == code and "paused" in said and "spent 0.00" in said
    assert [] == while_paused == workshop.twilio.texts
    assert 3 == len(invites(workshop, 1, by_day))


def test_after_a_stop_nobody_is_invited_and_it_cannot_be_resumed(
    operator: Operator, workshop: Workshop, by_day: Any
) -> None:
    operator.opens()
    operator.run("stop", KEY, "--by", "Amal")
    settles(workshop, 1)

    assert [] == invites(workshop, 2, by_day)
    assert 1 == operator.run("resume", KEY, "--by", "Amal")[0]
    assert "stopped" in operator.run("status", KEY)[1]


def test_who_agrees_while_it_is_open_is_invited_too(
    operator: Operator, workshop: Workshop, by_day: Any
) -> None:
    operator.opens()
    invites(workshop, 1, by_day)
    settles(workshop, 1)

    assert 1 == len(invites(workshop, 1, by_day))


@pytest.mark.parametrize(
    ("moment", "invited"),
    [
        (datetime(2027, 1, 10, 6, 59, 50, tzinfo=UTC), 0),  # 07:59:50 in Morocco
        (datetime(2027, 1, 10, 7, 0, tzinfo=UTC), 1),
        (datetime(2027, 1, 11, 20, 0, tzinfo=UTC), 0),  # quiet from 21:00
        (datetime(2027, 1, 24, 19, 59, tzinfo=UTC), 1),
        (datetime(2027, 1, 24, 23, 0, tzinfo=UTC), 0),  # over
        (datetime(2027, 1, 25, 9, 0, tzinfo=UTC), 0),
    ],
)
def test_dates_and_quiet_hours_are_those_of_morocco(
    operator: Operator, workshop: Workshop, by_day: Any, moment: datetime, invited: int
) -> None:
    settles(workshop, 1)
    by_day.move_to(datetime(2027, 1, 10, 6, 0, tzinfo=UTC))
    operator.opens()
    by_day.move_to(moment)

    assert invited == len(invites(workshop))


def test_a_clock_that_goes_back_for_ramadan_moves_the_hours(
    operator: Operator, workshop: Workshop, by_day: Any
) -> None:
    by_day.move_to(datetime(2027, 2, 15, 7, 30, tzinfo=UTC))  # 07:30 there: Ramadan, UTC+0
    operator.write(
        ("starts = 2027-01-10T08:00:00", "starts = 2027-02-15T08:00:00"),
        ("ends = 2027-01-24", "ends = 2027-02-20"),
    )
    settles(workshop, 1)
    operator.opens()
    too_early = invites(workshop)
    by_day.move_to(datetime(2027, 2, 15, 8, 0, tzinfo=UTC))

    assert [] == too_early
    assert 1 == len(invites(workshop))


def test_messages_that_wait_at_nightfall_are_taken_back_until_the_morning(
    operator: Operator, workshop: Workshop, by_day: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settles(workshop, 1)
    operator.opens()
    by_day.move_to(datetime(2027, 1, 11, 19, 59, 59, tzinfo=UTC))
    with monkeypatch.context() as stalled:
        stalled.setattr(workshop.deliveries.drain, "delay", lambda: None)
        workshop.inviting.invite()
    by_day.move_to(datetime(2027, 1, 11, 20, 0, tzinfo=UTC))
    at_night = invites(workshop)
    workshop.deliveries.drain()
    by_day.move_to(datetime(2027, 1, 12, 7, 0, tzinfo=UTC))

    assert [] == at_night == workshop.twilio.texts
    assert 1 == len(invites(workshop))


def test_who_refused_messages_is_not_invited(operator: Operator, workshop: Workshop) -> None:
    number = settles(workshop, 1)
    operator.opens()
    Numbers(workshop.database).opt_out(workshop.pseudonyms.number(number))

    assert [] == invites(workshop)


def test_who_is_in_the_middle_of_a_talk_is_invited_when_it_is_over(
    operator: Operator, workshop: Workshop, by_day: Any
) -> None:
    number = settles(workshop, 1)
    operator.opens()
    hears(workshop, ChannelKind.SMS, number)
    meanwhile = invites(workshop)
    by_day.shift(timedelta(minutes=15))

    assert [] == meanwhile
    assert 1 == len(invites(workshop))


def test_one_in_answer_opens_the_application_even_days_later(
    operator: Operator, workshop: Workshop, by_day: Any, store: redis.Redis
) -> None:
    person = follows(workshop, Detail.SHORT, NUMBER, "fr")
    Followers(workshop.database).lives(person, "MA-09", "tiznit")
    operator.opens()
    invites(workshop)
    life = store.ttl(f"door:sms-{workshop.pseudonyms.number(NUMBER)}")
    by_day.shift(timedelta(days=6))
    workshop.say("1")

    assert 6.9 * 86400 < life <= 7 * 86400
    assert [f'/apply{{"programme":"{KEY}"}}'] == workshop.engine.texts


def test_a_message_no_provider_takes_counts_as_failed(
    operator: Operator, workshop: Workshop
) -> None:
    workshop.twilio.script += [(400, 21408)]
    settles(workshop, 1)
    operator.opens()
    invites(workshop)

    assert (1, 0, 1) == (
        counts(workshop).invited,
        counts(workshop).reached,
        counts(workshop).failed,
    )


def test_who_was_invited_is_forgotten_after_a_while_and_the_counts_stay(
    operator: Operator, workshop: Workshop, by_day: Any
) -> None:
    settles(workshop, 1)
    operator.opens()
    invites(workshop)
    by_day.shift(timedelta(days=60))
    workshop.retention.forget()
    kept = counts(workshop).invited
    by_day.shift(timedelta(days=60))
    workshop.retention.forget()
    _, said = operator.run("status", KEY)

    assert (1, 0) == (kept, counts(workshop).invited)
    assert "invited                   1" in said
    assert EmergencyState.STOPPED is workshop.house.house().emergencies.find(KEY).state

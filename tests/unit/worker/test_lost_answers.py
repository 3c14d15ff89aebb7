"""Where nobody knows whether a message went, its provider is asked before it is sent again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from channels.envelope import close_message
from core.messages import ChannelKind
from core.outgoing import Outgoing
from records.outbox import Draft
from records.tables import OutboxMessage
from tests.builders import NUMBER
from tests.unit.worker.scripted_twilio import LOST
from tests.unit.worker.workshop import Workshop

pytestmark = pytest.mark.usefixtures("still")


def go_on(workshop: Workshop) -> None:
    """Let the time pass, and send what is due."""
    workshop.make_all_due()
    workshop.deliveries.drain()


def carried(workshop: Workshop, text: str, seconds_ago: float = 30) -> int:
    """An answer that a webhook carried, which was to be confirmed by now."""
    recipient = workshop.pseudonyms.number(NUMBER)
    draft = close_message(workshop.seal, recipient, Outgoing(NUMBER, text), ChannelKind.SMS)
    confirm_by = datetime.now(UTC) - timedelta(seconds=seconds_ago)
    [kept] = workshop.outbox.answer(recipient, "sms", [draft], confirm_by).at_once
    return kept


def states(workshop: Workshop) -> list[tuple[str, str]]:
    """State and last error of every message."""
    return [row[:2] for row in workshop.rows()]


def test_a_message_whose_answer_was_lost_is_found_and_not_sent_twice(workshop: Workshop) -> None:
    workshop.twilio.script += [LOST]
    workshop.deliver("first")
    workshop.deliver("second")
    before = workshop.twilio.texts
    go_on(workshop)

    assert ["first"] == before
    assert ["first", "second"] == workshop.twilio.texts
    assert ["sent", "sent"] == [state for state, _ in states(workshop)]


def test_while_the_provider_cannot_be_asked_nothing_is_sent_again(workshop: Workshop) -> None:
    workshop.twilio.script += [LOST]
    workshop.deliver("first")
    workshop.twilio.is_deaf = True
    for _ in range(3):
        go_on(workshop)
    meanwhile = workshop.twilio.texts
    workshop.twilio.is_deaf = False
    go_on(workshop)

    assert ["first"] == meanwhile == workshop.twilio.texts
    assert "sent" == states(workshop)[0][0]


def test_a_message_that_did_not_go_is_sent_again(workshop: Workshop) -> None:
    workshop.twilio.script += [503]
    workshop.deliver("first")
    go_on(workshop)

    assert ["first"] == workshop.twilio.texts


def test_an_equal_text_of_before_is_not_taken_for_the_one_that_was_lost(
    workshop: Workshop,
) -> None:
    workshop.deliver("Menu")
    workshop.twilio.script += [503]
    workshop.deliver("Menu")
    go_on(workshop)

    assert ["Menu", "Menu"] == workshop.twilio.texts


def test_a_worker_that_died_after_sending_leaves_a_message_that_is_not_sent_twice(
    workshop: Workshop,
) -> None:
    house = workshop.house.house()
    recipient = workshop.pseudonyms.number(NUMBER)
    draft = close_message(workshop.seal, recipient, Outgoing(NUMBER, "salam"), ChannelKind.SMS)
    workshop.outbox.put(recipient, "sms", [draft])
    workshop.outbox.lease(1, 60)
    house.channels["sms"].send(Outgoing(NUMBER, "salam"))
    go_on(workshop)

    assert ["salam"] == workshop.twilio.texts
    assert [("sent", "")] == states(workshop)


def test_a_lost_message_that_was_found_to_have_failed_is_done_about(workshop: Workshop) -> None:
    workshop.twilio.script += [LOST]
    workshop.deliver("first")
    workshop.twilio.kept[0].status, workshop.twilio.kept[0].code = "failed", 30007
    go_on(workshop)
    workshop.make_all_due()
    workshop.lookups.look()

    assert ["first"] == workshop.twilio.texts
    assert ["dead"] == [state for state, _ in states(workshop)]


def test_an_answer_that_is_found_is_confirmed(workshop: Workshop) -> None:
    carried(workshop, "Bonjour")
    workshop.twilio.send_itself(NUMBER, "Bonjour", "sent")
    workshop.lookups.look()

    assert [("sent", "")] == states(workshop)
    assert 0 == workshop.twilio.asked


def test_of_equal_texts_the_one_that_was_made_with_the_answer_is_found(workshop: Workshop) -> None:
    carried(workshop, "Toujours en cours")
    for later in (0, 20):
        workshop.twilio.send_itself(NUMBER, "Toujours en cours", "delivered")
        workshop.twilio.kept[-1].made += timedelta(seconds=later)
    workshop.lookups.look()
    with workshop.database.reading() as session:
        names = list(session.scalars(sa.select(OutboxMessage.provider_id)))

    assert [workshop.twilio.kept[0].sid] == names


def test_an_answer_that_arrived_is_done(workshop: Workshop) -> None:
    carried(workshop, "Bonjour")
    workshop.twilio.send_itself(NUMBER, "Bonjour", "delivered")
    workshop.lookups.look()

    assert [("done", "", 0, b"")] == workshop.rows()


def test_an_answer_that_was_lost_is_sent_before_what_came_after_it(workshop: Workshop) -> None:
    carried(workshop, "first")
    workshop.deliver("second")
    before = workshop.twilio.texts
    workshop.lookups.look()

    assert [] == before
    assert ["first", "second"] == workshop.twilio.texts


def test_an_answer_is_not_looked_for_before_its_time(workshop: Workshop) -> None:
    carried(workshop, "Bonjour", seconds_ago=-10)
    workshop.lookups.look()

    assert [("answered", "")] == states(workshop)


def test_an_answer_that_cannot_be_looked_for_is_looked_for_later(workshop: Workshop) -> None:
    carried(workshop, "Bonjour")
    workshop.twilio.is_deaf = True
    workshop.lookups.look()
    meanwhile = states(workshop)
    workshop.twilio.is_deaf = False
    workshop.make_all_due()
    workshop.lookups.look()

    assert [("answered", "")] == meanwhile
    assert ["Bonjour"] == workshop.twilio.texts


def test_a_confirmed_answer_lets_the_next_message_go(workshop: Workshop) -> None:
    kept = carried(workshop, "first", seconds_ago=-60)
    workshop.deliver("second")
    before = workshop.twilio.texts
    workshop.report_of("sms", kept, "SM77", "sent")

    assert [] == before
    assert ["second"] == workshop.twilio.texts


@pytest.mark.parametrize(
    ("status", "code", "state"),
    [("delivered", None, "done"), ("sent", None, "sent"), ("undelivered", 30007, "dead")],
)
def test_what_nobody_told_of_is_asked_for(
    workshop: Workshop, status: str, code: int | None, state: str
) -> None:
    workshop.deliver("first")
    workshop.twilio.kept[0].status, workshop.twilio.kept[0].code = status, code
    workshop.lookups.look()
    early = states(workshop)
    workshop.make_all_due()
    workshop.lookups.look()

    assert [("sent", "")] == early
    assert state == states(workshop)[0][0]


def test_what_a_carrier_never_tells_of_is_done_with_in_the_end(workshop: Workshop) -> None:
    workshop.deliver("first")
    workshop.make_older(hours=49)
    workshop.lookups.look()

    assert [("done", "", 1, b"")] == workshop.rows()


def test_a_failure_whose_reader_died_is_done_about_at_the_next_look(workshop: Workshop) -> None:
    workshop.deliver("first")
    name = workshop.twilio.kept[0].sid
    workshop.house.house().outcomes.reported("sms", 1, name, "undelivered", "30007")
    workshop.make_all_due()
    workshop.lookups.look()

    assert [("dead", "30007")] == states(workshop)


def test_an_answer_that_cannot_be_opened_is_given_up(workshop: Workshop) -> None:
    past = datetime.now(UTC) - timedelta(seconds=1)
    workshop.outbox.answer(workshop.pseudonyms.number(NUMBER), "sms", [Draft(b"x")], past)
    workshop.lookups.look()

    assert [("dead", "unreadable")] == states(workshop)

"""What is to be sent leaves in its recipient's order, and nothing is lost on the way."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import StoreUnavailable
from records.outbox import seal_context
from tests.builders import NUMBER
from tests.unit.worker.workshop import Workshop

pytestmark = pytest.mark.usefixtures("still")

OTHER = "+212698765432"


def test_a_text_is_sent_at_once_and_nothing_of_it_stays_once_it_arrived(
    workshop: Workshop,
) -> None:
    workshop.deliver("Votre réponse")
    [before] = workshop.rows()
    workshop.report("delivered")

    assert [(NUMBER, "Votre réponse")] == workshop.twilio.taken
    assert ("sent", "", 1) == before[:3]
    assert [("done", "", 1, b"")] == workshop.rows()


def test_a_text_longer_than_a_message_arrives_whole_in_order(workshop: Workshop) -> None:
    text = "\n".join(f"{line} " + "x" * 400 for line in range(10))
    workshop.deliver(text)

    assert text == "\n".join(workshop.twilio.texts)
    assert 4 == len(workshop.twilio.texts)


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_failed_message_holds_back_the_later_ones_of_its_recipient_alone(
    workshop: Workshop, status: int
) -> None:
    workshop.twilio.script += [status]
    workshop.deliver("first")
    workshop.deliver("second")
    workshop.deliver("third")
    workshop.deliver("to another", OTHER)
    before = workshop.twilio.texts
    workshop.make_all_due()
    workshop.deliveries.drain()

    assert ["to another"] == before
    assert ["to another", "first", "second", "third"] == workshop.twilio.texts
    assert 0 == workshop.waiting()


def test_a_message_is_tried_until_it_is_taken(workshop: Workshop) -> None:
    workshop.twilio.script += [500, 503, 429, 502]
    workshop.deliver("Votre réponse")
    for _ in range(4):
        workshop.make_all_due()
        workshop.deliveries.drain()

    assert ["Votre réponse"] == workshop.twilio.texts
    assert [("sent", 5)] == [(state, attempts) for state, _, attempts, _ in workshop.rows()]


def test_a_message_that_waits_is_not_tried_before_its_time(workshop: Workshop) -> None:
    workshop.twilio.script += [500]
    workshop.deliver("Votre réponse")
    workshop.deliveries.drain()
    workshop.deliveries.drain()

    assert 1 == workshop.twilio.asked


def test_a_refused_message_is_given_up_and_the_next_one_goes(workshop: Workshop) -> None:
    workshop.twilio.script += [(400, 21408)]
    workshop.deliver("first")
    workshop.deliver("second")

    assert ["second"] == workshop.twilio.texts
    assert [("dead", "21408"), ("sent", "")] == [row[:2] for row in workshop.rows()]


def test_a_message_waits_sealed(workshop: Workshop) -> None:
    workshop.twilio.script += [503]
    workshop.deliver("Votre indice est 8,7654321")
    [(_, error, _, sealed)] = workshop.rows()

    assert "20503" == error
    for secret in (b"indice", b"8,7654321", NUMBER[4:].encode()):
        assert secret not in sealed


def test_a_message_nobody_can_open_is_given_up_and_holds_up_nobody(workshop: Workshop) -> None:
    recipient = workshop.pseudonyms.number(NUMBER)
    workshop.outbox.add(recipient, "sms", workshop.seal.close(b"{}", seal_context("another")))
    workshop.outbox.add(recipient, "sms", b"not sealed at all")
    workshop.deliver("to another", OTHER)
    workshop.deliver("to the same")

    assert ["to another", "to the same"] == workshop.twilio.texts
    assert [("dead", "unreadable")] * 2 == [row[:2] for row in workshop.rows()[:2]]


def test_a_message_of_a_channel_that_is_not_served_waits_and_holds_up_nobody(
    workshop: Workshop,
) -> None:
    workshop.deliver("by pigeon", channel="pigeon")
    workshop.deliver("by sms", OTHER)

    assert ["by sms"] == workshop.twilio.texts
    assert 1 == workshop.waiting()


def test_more_messages_than_one_lease_takes_are_all_sent(workshop: Workshop) -> None:
    workshop.twilio.script += [503] * 45
    for number in range(45):
        workshop.deliver(f"text {number}", f"+2126000000{number:02d}")
    workshop.make_all_due()
    workshop.deliveries.drain()

    assert {f"text {number}" for number in range(45)} == set(workshop.twilio.texts)
    assert 45 == len(workshop.twilio.texts)


def test_a_started_worker_sends_what_an_earlier_one_left(workshop: Workshop) -> None:
    workshop.twilio.script += [503]
    workshop.deliver("Votre réponse")
    workshop.make_all_due()
    workshop.app.app.tasks["worker.deliveries.drain"].apply().get()

    assert ["Votre réponse"] == workshop.twilio.texts


def test_a_delivery_without_the_records_is_tried_again(workshop: Workshop, records: Path) -> None:
    records.unlink()

    with pytest.raises(StoreUnavailable):
        workshop.deliver("Votre réponse")
    assert 0 == workshop.twilio.asked

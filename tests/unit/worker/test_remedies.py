"""What a provider refuses, at once or later, is done about as its code asks, and once."""

from __future__ import annotations

import pytest

from channels.envelope import close_message
from channels.providers.twilio.errors import explain
from core.messages import ChannelKind
from core.outgoing import Outgoing, Remedy
from records.dead_letters import DeadLetters
from records.outbox import NOTICE
from tests.builders import NUMBER
from tests.unit.worker.workshop import Workshop

pytestmark = pytest.mark.usefixtures("still")

OTHER = "+212698765432"
TEMPLATE = "HX" + "a" * 32
WHATSAPP = f"whatsapp:{NUMBER}"


def put(workshop: Workshop, message: Outgoing, purpose: str = NOTICE) -> int:
    """Queue a message on WhatsApp."""
    recipient = workshop.pseudonyms.number(message.number)
    draft = close_message(workshop.seal, recipient, message, ChannelKind.WHATSAPP, purpose=purpose)
    [kept] = workshop.outbox.put(recipient, "whatsapp", [draft])
    return kept


def states(workshop: Workshop) -> list[tuple[str, str]]:
    """State and last error of every message."""
    return [row[:2] for row in workshop.rows()]


def record(workshop: Workshop, number: str = NUMBER) -> tuple[bool, frozenset[str]]:
    """Whether a number refused messages, and where it is not reached."""
    found = workshop.house.house().numbers.find(workshop.pseudonyms.number(number))
    assert found is not None
    return found.opted_out, found.unreachable_on


def test_every_remedy_is_one_that_something_is_done_for(workshop: Workshop) -> None:
    assert set(Remedy) == set(workshop.remedies._REMEDIES)


@pytest.mark.parametrize("code", ["21211", "21614"])
def test_a_bad_number_is_marked_and_tried_no_more(workshop: Workshop, code: str) -> None:
    workshop.house.house().numbers.choose_language(workshop.pseudonyms.number(NUMBER), "fr")
    workshop.twilio.script += [(400, int(code))]
    workshop.deliver("first")
    workshop.make_all_due()
    workshop.deliveries.drain()

    assert [("dead", code, 1, b"")] == workshop.rows()
    assert (False, frozenset({"sms"})) == record(workshop)


def test_a_number_that_is_reached_after_all_is_marked_no_more(workshop: Workshop) -> None:
    numbers, key = workshop.house.house().numbers, workshop.pseudonyms.number(NUMBER)
    numbers.choose_language(key, "fr")
    numbers.unreachable(key, "sms")
    numbers.unreachable(key, "whatsapp")
    workshop.deliver("first")
    workshop.report("delivered")

    assert (False, frozenset({"whatsapp"})) == record(workshop)


def test_who_wrote_stop_to_the_carrier_is_opted_out(workshop: Workshop) -> None:
    workshop.twilio.script += [(400, 21610)]
    workshop.deliver("first")

    assert [("dead", "21610", 1, b"")] == workshop.rows()
    assert (True, frozenset()) == record(workshop)
    assert 1 == len(workshop.audited("messages.stopped"))


def test_an_unknown_code_is_tried_a_few_times_and_then_lies_dead_for_staff(
    workshop: Workshop,
) -> None:
    tries = workshop.house.house().settings.delivery_tries
    workshop.twilio.script += [(400, 99999)] * tries
    workshop.deliver("first")
    for _ in range(tries + 3):
        workshop.make_all_due()
        workshop.deliveries.drain()
    [(state, code, attempts, sealed)] = workshop.rows()
    retried = DeadLetters(workshop.database).retry([1])
    workshop.deliveries.drain()

    assert ("dead", "99999", tries) == (state, code, attempts)
    assert sealed
    assert 1 == retried
    assert ["first"] == workshop.twilio.texts


def test_a_provider_that_is_away_is_tried_for_as_long_as_a_message_lives(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    workshop.twilio.script += [503] * 30
    workshop.deliver("first")
    for _ in range(20):
        workshop.make_all_due()
        workshop.deliveries.drain()
    during = states(workshop)
    workshop.make_older(hours=25)
    workshop.deliveries.drain()

    assert [("queued", "20503")] == during
    assert [("dead", "20503")] == states(workshop)


def test_a_sender_that_is_throttled_goes_slower_and_the_message_waits(workshop: Workshop) -> None:
    house = workshop.house.house()
    before = house.pace.rate("sms")
    workshop.twilio.script += [(429, 20429)]
    workshop.deliver("first")
    middle = house.pace.rate("sms")
    workshop.make_all_due()
    workshop.deliveries.drain()

    assert (80, 40) == (before, middle)
    assert 80 == house.pace.rate("whatsapp")
    assert ["first"] == workshop.twilio.texts
    assert ("sent", "20429") == states(workshop)[0]


def test_throttling_is_never_counted_against_a_message(workshop: Workshop) -> None:
    workshop.twilio.script += [(400, 63018)] * 20
    workshop.deliver("first", channel="whatsapp")
    for _ in range(20):
        workshop.make_all_due()
        workshop.deliveries.drain()

    assert ["first"] == workshop.twilio.texts


def test_a_phone_that_is_off_is_tried_a_few_times_far_apart(workshop: Workshop) -> None:
    workshop.deliver("first")
    for _ in range(6):
        workshop.report("undelivered", "30003")
        workshop.deliveries.drain()
        early = len(workshop.twilio.texts)
        workshop.make_all_due()
        workshop.deliveries.drain()

    assert ["first"] * 4 == workshop.twilio.texts
    assert 4 == early
    assert [("dead", "30003")] == states(workshop)


def test_a_failure_that_is_reported_twice_is_done_about_once(workshop: Workshop) -> None:
    workshop.deliver("first")
    for _ in range(3):
        workshop.report("failed", "30008")
    workshop.make_all_due()
    workshop.deliveries.drain()
    workshop.report("sent", message=0)
    workshop.report("delivered")

    assert ["first", "first"] == workshop.twilio.texts
    assert [("done", "30008")] == states(workshop)


def test_what_was_filtered_lies_dead_and_its_content_is_kept_for_staff(workshop: Workshop) -> None:
    workshop.deliver("first")
    workshop.deliver("second")
    workshop.report("undelivered", "30007", message=0)

    assert [("dead", "30007"), ("sent", "")] == states(workshop)
    assert workshop.rows()[0][3]


def test_what_nobody_asked_for_is_withheld_from_who_wrote_stop_meanwhile(
    workshop: Workshop,
) -> None:
    workshop.twilio.script += [503]
    put(workshop, Outgoing(NUMBER, "a notice"))
    workshop.deliveries.drain()
    workshop.house.house().numbers.opt_out(workshop.pseudonyms.number(NUMBER))
    workshop.make_all_due()
    workshop.deliver("the answer to STOP", channel="whatsapp")

    assert ["the answer to STOP"] == workshop.twilio.texts
    assert [("dead", "opted_out"), ("sent", "")] == states(workshop)


def test_a_receipt_goes_to_nobody_who_wrote_stop(workshop: Workshop) -> None:
    workshop.house.house().numbers.opt_out(workshop.pseudonyms.number(NUMBER))
    workshop.deliver("Référence 123", purpose="receipt")
    workshop.deliver("Référence 456", OTHER, purpose="receipt")

    assert [(OTHER, "Référence 456")] == workshop.twilio.taken


def test_a_blocked_number_is_sent_nothing_at_all(workshop: Workshop) -> None:
    workshop.house.house().blocks.add(workshop.pseudonyms.number(NUMBER), "floods us", "Amal")
    workshop.deliver("Bonjour")

    assert 0 == workshop.twilio.asked
    assert [("dead", "blocked")] == states(workshop)


@pytest.mark.parametrize(
    ("code", "remedy"),
    [
        ("63016", Remedy.TEMPLATE_THEN_CONTENT),
        *((code, Remedy.SLOW_DOWN) for code in ("63018", "63017", "20429", "14107", "63038")),
        *((code, Remedy.OPTED_OUT) for code in ("21610", "63014", "63033")),
        *((code, Remedy.BAD_NUMBER) for code in ("63024", "21211", "21614", "63003", "30006")),
        *((code, Remedy.UNREACHABLE) for code in ("30003", "30005")),
        *((code, Remedy.FILTERED) for code in ("30007", "63032", "63049", "63051")),
        *((code, Remedy.PLAIN_TEXT) for code in ("63019", "63021", "63034", "63027", "63028")),
        *((code, Remedy.PLAIN_TEXT) for code in ("63040", "63041", "21655", "21656")),
        ("30008", Remedy.RETRY),
    ],
)
def test_twilios_codes_have_their_remedies(code: str, remedy: Remedy) -> None:
    assert remedy is explain(code).remedy
    assert len(explain(code).says) > 10

"""Beyond WhatsApp's window a template asks to write, and the text waits; or it goes by SMS."""

from __future__ import annotations

import pytest

from channels.envelope import close_message
from core.messages import ChannelKind
from core.outgoing import Outgoing, Prepared
from records.outbox import NOTICE, WAKING
from tests.builders import NUMBER
from tests.unit.worker.workshop import Workshop

pytestmark = pytest.mark.usefixtures("still")

TEMPLATE = "HX" + "a" * 32
WHATSAPP = f"whatsapp:{NUMBER}"


@pytest.fixture
def with_template(monkeypatch: pytest.MonkeyPatch) -> None:
    """A template that says a message waits."""
    pairs = ",".join(f"{language}:{TEMPLATE}" for language in ("ar", "fr"))
    monkeypatch.setenv("TWIZA_CHANNEL_WHATSAPP_WAKING_TEMPLATES", pairs)


def put(workshop: Workshop, message: Outgoing, purpose: str = NOTICE) -> int:
    """Queue a message on WhatsApp."""
    recipient = workshop.pseudonyms.number(message.number)
    draft = close_message(workshop.seal, recipient, message, ChannelKind.WHATSAPP, purpose=purpose)
    [kept] = workshop.outbox.put(recipient, "whatsapp", [draft])
    return kept


def states(workshop: Workshop) -> list[tuple[str, str]]:
    """State and last error of every message."""
    return [row[:2] for row in workshop.rows()]


def test_beyond_the_window_a_template_asks_and_the_content_goes_before_the_answer(
    workshop: Workshop, with_template: None
) -> None:
    workshop.deliver("Votre paiement est prêt", channel="whatsapp")
    workshop.report("failed", "63016")
    asked = [(one.recipient, one.content) for one in workshop.twilio.kept]
    held = states(workshop)
    workshop.deliver("Bonjour", channel="whatsapp")

    assert [(WHATSAPP, ""), (WHATSAPP, TEMPLATE)] == asked
    assert [("held", "63016"), ("sent", "")] == held
    assert ["Votre paiement est prêt", "Bonjour"] == workshop.twilio.texts[-2:]


def test_one_template_asks_for_all_that_waits(workshop: Workshop, with_template: None) -> None:
    for text in ("first", "second"):
        workshop.deliver(text, channel="whatsapp")
    for message in (0, 1):
        workshop.report("failed", "63016", message)

    assert [TEMPLATE] == [one.content for one in workshop.twilio.kept if one.content]
    assert ["held", "held", "sent"] == [state for state, _ in states(workshop)]


def test_without_a_template_what_may_go_by_sms_does(workshop: Workshop) -> None:
    put(workshop, Outgoing(NUMBER, "Salam ⵣ", instead="Salam"))
    workshop.deliveries.drain()
    workshop.report("failed", "63016")

    assert [(WHATSAPP, "Salam ⵣ"), (NUMBER, "Salam")] == workshop.twilio.taken
    assert [("dead", "63016"), ("sent", "")] == states(workshop)


def test_what_may_not_go_by_sms_stays_with_staff(workshop: Workshop) -> None:
    put(workshop, Outgoing(NUMBER, "Votre indice est 8,7"))
    workshop.deliveries.drain()
    workshop.report("failed", "63016")

    assert [WHATSAPP] == [to for to, _ in workshop.twilio.taken]
    assert [("dead", "63016")] == states(workshop)


def test_with_the_setting_nothing_goes_by_sms_instead(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TWIZA_SMS_INSTEAD", "false")
    put(workshop, Outgoing(NUMBER, "Salam", instead="Salam"))
    workshop.deliveries.drain()
    workshop.report("failed", "63016")

    assert [WHATSAPP] == [to for to, _ in workshop.twilio.taken]


def test_where_the_template_fails_what_waited_for_it_goes_by_sms(
    workshop: Workshop, with_template: None
) -> None:
    put(workshop, Outgoing(NUMBER, "Salam", instead="Salam par SMS"))
    workshop.deliveries.drain()
    workshop.report("failed", "63016")
    workshop.report("failed", "63032")

    assert (NUMBER, "Salam par SMS") == workshop.twilio.taken[-1]
    assert ["dead", "dead", "sent"] == [state for state, _ in states(workshop)]


def test_a_template_that_is_refused_gives_way_to_plain_text(workshop: Workshop) -> None:
    put(workshop, Outgoing(NUMBER, "1 Oui\n2 Non", Prepared(TEMPLATE)))
    workshop.twilio.script += [(400, 21655)]
    workshop.deliveries.drain()

    assert [(WHATSAPP, "1 Oui\n2 Non")] == workshop.twilio.taken
    assert [("sent", "21655")] == states(workshop)


def test_a_template_without_a_text_is_given_up(workshop: Workshop) -> None:
    put(workshop, Outgoing(NUMBER, prepared=Prepared(TEMPLATE)), WAKING)
    workshop.twilio.script += [(400, 21655)]
    workshop.deliveries.drain()

    assert [("dead", "21655")] == states(workshop)

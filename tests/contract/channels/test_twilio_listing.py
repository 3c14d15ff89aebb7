"""What Twilio is asked of its messages is understood, page after page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from channels.port import Messenger
from channels.providers.twilio.adapter import TwilioProvider
from core.errors import DeliveryError, DeliveryRefused
from core.outgoing import Outgoing
from tests.contract.channels.recordings import ACCOUNT
from tests.contract.channels.test_twilio_deliveries import NUMBER, a_sender
from tests.contract.channels.test_twilio_deliveries import phone as a_phone

phone = a_phone
OTHER = "+212698765432"


@pytest.fixture
def sender(phone: str) -> TwilioProvider:
    """An SMS sender at the pretend Twilio."""
    return a_sender(f"{phone}/twilio")


def receive(phone: str, sid: str, text: str, seconds_ago: float, **more: str) -> None:
    """A message of a citizen that no webhook told of."""
    form: dict[str, Any] = {
        "MessageSid": sid,
        "AccountSid": ACCOUNT,
        "From": NUMBER,
        "To": "+212520000002",
        "Body": text,
        "NumMedia": "0",
    }
    asked = {**form, **more, "seconds_ago": seconds_ago}
    requests.post(f"{phone}/twilio/sandbox/received", json=asked, timeout=5).raise_for_status()


def test_a_sender_keeps_its_messages(sender: TwilioProvider) -> None:
    assert isinstance(sender, Messenger)


def test_what_became_of_a_message_is_told_by_its_name(sender: TwilioProvider) -> None:
    name = sender.send(Outgoing(NUMBER, "salam"))
    fate = sender.fate(name)

    assert fate is not None
    assert name == fate.provider_id
    assert fate.status in ("queued", "sent", "delivered")
    assert sender.fate("SM" + "0" * 32) is None


def test_the_messages_to_a_number_are_listed_newest_first(sender: TwilioProvider) -> None:
    begun = datetime.now(UTC) - timedelta(seconds=2)
    for number, text in ((NUMBER, "one"), (OTHER, "two"), (NUMBER, "three")):
        sender.send(Outgoing(number, text))

    listed = sender.sent_to(NUMBER, begun)
    assert ["three", "one"] == [fate.text for fate in listed]
    assert [] == sender.sent_to(NUMBER, datetime.now(UTC) + timedelta(minutes=5))


def test_the_messages_of_another_kind_are_not_listed(phone: str, sender: TwilioProvider) -> None:
    a_sender(f"{phone}/twilio", "whatsapp").send(Outgoing(NUMBER, "on whatsapp"))

    assert [] == sender.sent_to(NUMBER, datetime.now(UTC) - timedelta(minutes=5))


def test_what_was_received_is_read_oldest_first_over_hours(
    phone: str, sender: TwilioProvider
) -> None:
    for sid, hours in (("SMb", 2.0), ("SMd", 0.01), ("SMa", 5.5), ("SMc", 1.0), ("SMold", 9.0)):
        receive(phone, sid, f"text of {sid}", hours * 3600)
    sender.send(Outgoing(NUMBER, "not received"))
    since = datetime.now(UTC) - timedelta(hours=6)
    read = list(sender.received(since))

    assert ["SMa", "SMb", "SMc", "SMd"] == [one.message_id for one in read]
    assert {NUMBER} == {one.number for one in read}
    assert "text of SMa" == read[0].text
    assert sorted(one.received_at for one in read) == [one.received_at for one in read]


def test_more_than_a_page_is_read_whole(phone: str, sender: TwilioProvider) -> None:
    for number in range(230):
        receive(phone, f"SM{number:04}", f"text {number}", 3000 - number)
    read = list(sender.received(datetime.now(UTC) - timedelta(hours=1)))

    assert [f"text {number}" for number in range(230)] == [one.text for one in read]


def test_a_list_that_is_refused_says_nothing_of_its_messages(
    phone: str, sender: TwilioProvider
) -> None:
    receive(phone, "SMa", "salam khadija", 5)
    stranger = a_sender(f"{phone}/twilio", auth_token="another-auth-token")
    with pytest.raises(DeliveryRefused) as refused:
        list(stranger.received(datetime.now(UTC) - timedelta(minutes=5)))

    assert "20003" == refused.value.code
    assert refused.value.__suppress_context__


def test_a_provider_that_is_away_is_told_so() -> None:
    away = a_sender("http://127.0.0.1:1")

    for ask in (
        lambda: away.fate("SM1"),
        lambda: away.sent_to(NUMBER, datetime.now(UTC)),
        lambda: list(away.received(datetime.now(UTC))),
    ):
        with pytest.raises(DeliveryError) as fault:
            ask()
        assert fault.value.retryable


@pytest.mark.parametrize(
    ("pairs", "language", "name"),
    [
        ("fr:HX" + "a" * 32, "fr", "HX" + "a" * 32),
        ("fr:HX" + "a" * 32, "ar", None),
        ("", "fr", None),
    ],
)
def test_a_template_that_wakes_is_the_settings_own(
    pairs: str, language: str, name: str | None
) -> None:
    sender = a_sender("http://127.0.0.1:1", "whatsapp", waking_templates=pairs)
    prepared = sender.waking(language)

    assert name == (prepared.name if prepared else None)


@pytest.mark.parametrize("pairs", ["fr", "fr:HX1", "xx:HX" + "a" * 32, "HX" + "a" * 32])
def test_a_template_that_is_named_wrongly_stops_the_start(pairs: str) -> None:
    with pytest.raises(ValueError, match="ContentSid"):
        a_sender("http://127.0.0.1:1", "whatsapp", waking_templates=pairs)


def test_an_answer_carries_each_text_with_its_own_address(sender: TwilioProvider) -> None:
    answer = sender.carry(
        [
            Outgoing(NUMBER, "a & b", report="https://d/1"),
            Outgoing(NUMBER, "c", report="https://d/2"),
        ]
    )

    assert '<Message action="https://d/1">a &amp; b</Message>' in answer.body
    assert '<Message action="https://d/2">c</Message>' in answer.body

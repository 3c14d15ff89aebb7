"""What is done about each of Twilio's codes, by a real worker over a real outbox."""

from __future__ import annotations

import pytest

from locales.catalogs import Catalogs
from tests.dialogue.stores import pseudonyms, redis_keys, rows
from tests.end_to_end.callers import chat_at_the_identifier
from tests.end_to_end.pretend_twilio import (
    arrived,
    becomes,
    chose_a_language,
    deliver,
    in_the_end,
    inject,
    let_time_pass,
    outbox,
    texts_of,
    write,
)
from tests.end_to_end.running_house import RunningHouse, wait_for

pytestmark = pytest.mark.e2e

TEXT = "Votre demande est étudiée."


@pytest.mark.parametrize(
    ("channel", "code"),
    [("sms", 30003), ("sms", 30005), ("sms", 30008), ("whatsapp", 63018), ("whatsapp", 63010)],
)
def test_what_may_pass_later_is_tried_again_and_arrives_once(
    house: RunningHouse, stranger: str, channel: str, code: int
) -> None:
    inject(house, stranger, code=code)
    deliver(house, channel, stranger, TEXT)
    becomes(house, stranger, ("queued", str(code)))
    waiting = texts_of(house, stranger)
    let_time_pass(house, stranger)
    arrived(house, stranger, 1)

    assert [] == waiting
    becomes(house, stranger, ("done", str(code)))
    assert 1 == len(in_the_end(lambda: texts_of(house, stranger)))
    slowed = f"pace:{channel}" in redis_keys(house)
    assert slowed or code != 63018


@pytest.mark.parametrize(
    ("channel", "code"), [("sms", 30004), ("sms", 30007), ("whatsapp", 63049), ("sms", 30010)]
)
def test_what_will_never_pass_lies_dead_and_lets_the_next_one_by(
    house: RunningHouse, stranger: str, channel: str, code: int
) -> None:
    inject(house, stranger, code=code)
    deliver(house, channel, stranger, TEXT)
    becomes(house, stranger, ("dead", str(code)))
    deliver(house, channel, stranger, "Autre chose.")

    assert ["Autre chose."] == arrived(house, stranger, 1)


@pytest.mark.parametrize(
    ("channel", "code", "status"),
    [
        ("sms", 30006, 0),
        ("sms", 21211, 400),
        ("sms", 21614, 400),
        ("whatsapp", 63024, 0),
        ("whatsapp", 63003, 400),
    ],
)
def test_a_number_that_cannot_be_reached_is_marked_for_that_kind_of_channel(
    house: RunningHouse, stranger: str, channel: str, code: int, status: int
) -> None:
    chose_a_language(house, stranger)
    inject(house, stranger, code=code, status=status)
    deliver(house, channel, stranger, TEXT)
    becomes(house, stranger, ("dead", str(code)))

    assert [(channel,)] == marks(house, "unreachable_on", stranger)


@pytest.mark.parametrize(
    ("channel", "code", "status"),
    [("sms", 21610, 400), ("whatsapp", 63033, 0), ("whatsapp", 63014, 0)],
)
def test_whoever_stopped_us_is_marked_and_nothing_unasked_goes_there_any_more(
    house: RunningHouse, stranger: str, channel: str, code: int, status: int
) -> None:
    inject(house, stranger, code=code, status=status)
    deliver(house, channel, stranger, TEXT)
    becomes(house, stranger, ("dead", str(code)))
    deliver(house, channel, stranger, TEXT)
    becomes(house, stranger, ("dead", str(code)), ("dead", "opted_out"))

    assert [(1,)] == marks(house, "opted_out", stranger)
    assert [] == texts_of(house, stranger)


def test_beyond_the_window_a_template_asks_to_write_and_the_content_comes_then(
    house: RunningHouse, stranger: str
) -> None:
    inject(house, stranger, code=63016)
    deliver(house, "whatsapp", stranger, TEXT)
    becomes(house, stranger, ("held", "63016"), ("done", ""))
    asked = texts_of(house, stranger)
    write(house, "whatsapp", stranger, "salam")
    both = arrived(house, stranger, 3)

    assert [Catalogs.load().say("ar", "door_message_waits")] == asked
    assert TEXT == both[1]
    assert "Choisissez votre langue" in both[2]
    assert 3 == len(in_the_end(lambda: texts_of(house, stranger)))


def test_buttons_that_fail_on_their_way_come_again_as_lines(
    house: RunningHouse, stranger: str
) -> None:
    chat_at_the_identifier(house.chat("whatsapp", stranger), "fr")
    known = len(texts_of(house, stranger))
    inject(house, stranger, code=63040)
    write(house, "whatsapp", stranger, "00")
    [text] = arrived(house, stranger, known + 1)[known:]

    assert "\n1 " in text
    assert known + 1 == len(in_the_end(lambda: texts_of(house, stranger)))


def test_a_refusal_of_ours_waits_for_an_operator_and_loses_nothing(
    house: RunningHouse, stranger: str
) -> None:
    inject(house, stranger, code=20003, status=401)
    deliver(house, "sms", stranger, TEXT)
    wait_for("the wait", lambda: [("queued", "20003")] == outbox(house, stranger))
    let_time_pass(house, stranger)

    assert 1 == len(arrived(house, stranger, 1))


def marks(house: RunningHouse, column: str, number: str) -> list[tuple[object, ...]]:
    """What a column says of a number."""
    asked = f"select {column} from numbers where number_key = ?"  # nosec B608
    return rows(house, asked, pseudonyms(house).number(number))

"""Messages arrive once and in order, whatever provider, worker and door do meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import redis
import requests

from core.messages import ChannelKind
from core.reach import Heard, Reach
from locales.catalogs import Catalogs
from tests.dialogue.stores import pseudonyms, rows
from tests.end_to_end.callers import chat_at_the_identifier
from tests.end_to_end.handed_in import hand_in, kill_worker, state_of
from tests.end_to_end.pretend_twilio import (
    arrived,
    becomes,
    deliver,
    have_done,
    in_the_end,
    inject,
    let_time_pass,
    miss,
    outbox,
    passed,
    report,
    seal_of,
    texts_of,
    write,
)
from tests.end_to_end.running_house import RunningHouse, wait_for
from tests.end_to_end.words import flat, said

pytestmark = pytest.mark.e2e


def all_gone(house: RunningHouse, number: str) -> bool:
    """True once nothing of a number waits, and nothing of it was given up."""
    return all(state in ("sent", "done") for state, _ in outbox(house, number))


def in_line(house: RunningHouse, number: str, count: int) -> None:
    """Wait until so many messages of a number stand in the outbox."""
    wait_for(f"{count} in line", lambda: count == len(outbox(house, number)))


def test_what_came_while_the_door_was_away_is_answered_in_order_and_once(
    house: RunningHouse, stranger: str
) -> None:
    chat_at_the_identifier(house.chat("sms", stranger), "fr")
    known = len(texts_of(house, stranger))
    house.kill("door")
    assert 0 == write(house, "sms", stranger, "2345678906").status
    # As if it had been longer ago: what is just written may still be on its way.
    miss(house, "sms", stranger, "2345678906", seconds_ago=95)
    miss(house, "sms", stranger, "13/10/1980", seconds_ago=90)
    house.wait_until_healthy("door")
    have_done(house, "worker.reconciliation.catch_up")
    first = arrived(house, stranger, known + 2)[known:]
    have_done(house, "worker.reconciliation.catch_up")

    assert said("fr", "utter_ask_birth_date", "sms") in flat(first[0])
    assert said("fr", "utter_not_matched", "sms") in flat(first[1])
    assert first == in_the_end(lambda: texts_of(house, stranger))[known:]


def test_an_answer_that_got_lost_is_sent_again_before_the_next_one(
    house: RunningHouse, stranger: str
) -> None:
    chat_at_the_identifier(house.chat("sms", stranger), "fr")
    known = len(texts_of(house, stranger))
    lost = write(house, "sms", stranger, "2345678906")
    behind = write(house, "sms", stranger, "13/10/1980")
    both = arrived(house, stranger, known + 2, 90.0)[known:]

    assert "<Message action=" in lost.body
    assert "<Message" not in behind.body
    assert said("fr", "utter_ask_birth_date", "sms") in flat(both[0])
    assert said("fr", "utter_not_matched", "sms") in flat(both[1])
    assert both == in_the_end(lambda: texts_of(house, stranger))[known:]


def test_messages_keep_their_order_while_the_first_is_tried_again(
    house: RunningHouse, stranger: str
) -> None:
    inject(house, stranger, status=503, times=2)
    for place, text in enumerate(("un", "deux", "trois"), 1):
        deliver(house, "sms", stranger, text)
        in_line(house, stranger, place)
    for _ in range(2):
        wait_for("the first waiting", lambda: outbox(house, stranger)[0][0] == "queued")
        let_time_pass(house, stranger)
    came = arrived(house, stranger, 3, 90.0)

    assert ["un", "deux", "trois"] == came
    wait_for("all gone", lambda: all_gone(house, stranger))


def test_an_answer_of_the_provider_that_got_lost_sends_nothing_twice(
    house: RunningHouse, stranger: str
) -> None:
    inject(house, stranger, lost=True, silent=True)
    deliver(house, "sms", stranger, "une fois")
    wait_for("a try that ended unknown", lambda: outbox(house, stranger)[:1])
    arrived(house, stranger, 1)
    let_time_pass(house, stranger)
    wait_for("the message found", lambda: all_gone(house, stranger), 60.0)

    assert 1 == len(in_the_end(lambda: passed(house, "sms", stranger)))


def test_a_worker_that_is_killed_between_sending_and_noting_it_sends_nothing_twice(
    house: RunningHouse, stranger: str
) -> None:
    inject(house, stranger, seconds=8.0, silent=True)
    deliver(house, "sms", stranger, "une fois")
    # The provider has taken it, and has not answered yet.
    arrived(house, stranger, 1)
    deliver(house, "sms", stranger, "après")
    in_line(house, stranger, 2)
    kill_worker(house)
    let_time_pass(house, stranger)
    came = arrived(house, stranger, 2, 90.0)

    assert ["une fois", "après"] == came
    wait_for("all gone", lambda: all_gone(house, stranger))
    assert 2 == len(in_the_end(lambda: passed(house, "sms", stranger)))


@pytest.mark.parametrize(
    ("told", "state"),
    [
        (("delivered", "sent", "queued"), "done"),
        (("sent", "delivered", "delivered", "undelivered"), "done"),
        (("read", "failed", "delivered"), "done"),
        (("sending", "accepted", "sent"), "sent"),
    ],
)
def test_reports_in_any_order_end_where_the_furthest_of_them_does(
    house: RunningHouse, stranger: str, told: tuple[str, ...], state: str
) -> None:
    inject(house, stranger, silent=True)
    deliver(house, "whatsapp", stranger, "bonjour")
    becomes(house, stranger, ("sent", ""))
    [taken] = passed(house, "whatsapp", stranger)
    key = pseudonyms(house).number(stranger)
    [(message,)] = rows(house, "select id from outbox where recipient_key = ?", key)
    answers = [report(house, "whatsapp", taken["sid"], message, status) for status in told]
    becomes(house, stranger, (state, ""))

    assert {204} == set(answers)
    assert [(state, "")] == in_the_end(lambda: outbox(house, stranger))
    assert 1 == len(passed(house, "whatsapp", stranger))


def test_news_for_somebody_who_wrote_long_ago_waits_behind_a_template(
    house: RunningHouse, stranger: str
) -> None:
    fault = {"operation": "/counter/v1/applications", "kind": "error", "status": 503, "count": 2}
    url = f"{house.run['registry']}/sandbox/faults"
    requests.post(url, json=fault, timeout=5).raise_for_status()
    # Nothing else is asked for by them.
    citizen = house.citizen("No phone number on file") | {"phone": stranger}
    wrote_long_ago(house, stranger, hours=25)
    reference = hand_in(house, citizen, "minhaty")
    have_done(house, "worker.submissions.drain")
    wait_for("it at the registry", lambda: state_of(house, reference) == ("sent", 2), 60.0)
    becomes(house, stranger, ("held", ""), ("done", ""))
    woken = texts_of(house, stranger)
    write(house, "whatsapp", stranger, "salam")
    came = arrived(house, stranger, 3)

    assert [Catalogs.load().say("fr", "door_message_waits")] == woken
    assert reference[:3] in came[1]
    assert said("fr", "utter_menu", "whatsapp") in flat(came[2])
    assert 3 == len(in_the_end(lambda: texts_of(house, stranger)))


def wrote_long_ago(house: RunningHouse, number: str, hours: int) -> None:
    """A number that last wrote on WhatsApp so long ago, as the door keeps it."""
    store = redis.Redis.from_url(house.redis_url())
    at = datetime.now(UTC) - timedelta(hours=hours)
    heard = Heard(number, ChannelKind.WHATSAPP, at)
    Reach(store, seal_of(house)).heard(pseudonyms(house).number(number), heard)
    store.close()

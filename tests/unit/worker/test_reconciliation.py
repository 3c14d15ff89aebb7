"""What citizens wrote while the door was away is found, and answered once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import redis
import sqlalchemy as sa

from core.messages import ChannelKind
from core.reach import Heard
from tests.builders import NUMBER
from tests.unit.channels.scripted_engine import says
from tests.unit.worker.workshop import Workshop
from transcripts.tables import TurnRow

pytestmark = pytest.mark.usefixtures("still")

SENDER = "+212520000002"
OTHER = "+212698765432"


@pytest.fixture
def read_to(workshop: Workshop, store: redis.Redis) -> None:
    """Every list was read an hour ago for the last time."""
    at = datetime.now(UTC) - timedelta(hours=1)
    for name in ("sms", "whatsapp"):
        store.set(f"caught:{name}", at.isoformat())


def catch_up(workshop: Workshop) -> list[str]:
    """Read the lists, and all that was sent until then."""
    workshop.reconciliation.catch_up()
    return workshop.twilio.texts


def test_what_missed_the_door_is_answered_once(workshop: Workshop, read_to: None) -> None:
    workshop.engine.script += [says("Bonjour"), says("Au revoir")]
    workshop.twilio.receive(NUMBER, SENDER, "salam", minutes_ago=20)
    first = catch_up(workshop)
    second = catch_up(workshop)

    assert ["Bonjour"] == first == second
    assert ["salam"] == workshop.engine.texts


def test_messages_of_one_citizen_are_read_in_their_order(workshop: Workshop, read_to: None) -> None:
    workshop.engine.script += [says("one"), says("two"), says("three")]
    for text, minutes in (("b", 20), ("c", 10), ("a", 30)):
        workshop.twilio.receive(NUMBER, SENDER, f"salam {text}", minutes_ago=minutes)

    assert ["one", "two", "three"] == catch_up(workshop)
    assert ["salam a", "salam b", "salam c"] == workshop.engine.texts


def test_what_the_door_has_read_is_not_read_again(workshop: Workshop, read_to: None) -> None:
    workshop.engine.script += [says("Bonjour"), says("again")]
    received = workshop.twilio.receive(NUMBER, SENDER, "salam", minutes_ago=20)
    workshop.say("salam", received.sid)

    assert [] == catch_up(workshop)
    assert ["salam"] == workshop.engine.texts


def test_a_webhook_that_comes_after_all_moves_nothing(workshop: Workshop, read_to: None) -> None:
    workshop.engine.script += [says("Bonjour"), says("again")]
    received = workshop.twilio.receive(NUMBER, SENDER, "salam", minutes_ago=20)
    catch_up(workshop)
    workshop.say("salam", received.sid)

    assert ["salam"] == workshop.engine.texts


def test_what_may_still_be_on_its_way_is_left_to_its_webhook(
    workshop: Workshop, read_to: None
) -> None:
    workshop.twilio.receive(NUMBER, SENDER, "salam", minutes_ago=0.1)

    assert [] == catch_up(workshop)
    assert [] == workshop.engine.texts


def test_a_first_start_begins_now_and_reads_nothing_of_the_past(workshop: Workshop) -> None:
    workshop.twilio.receive(NUMBER, SENDER, "salam", minutes_ago=20)
    before = catch_up(workshop)
    workshop.twilio.receive(OTHER, SENDER, "salam", minutes_ago=2)

    assert [] == before
    assert [] == workshop.engine.texts


def test_nothing_older_than_the_setting_is_read(
    workshop: Workshop, store: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    workshop.engine.script += [says("Bonjour")]
    monkeypatch.setenv("TWIZA_CATCH_UP_HOURS", "2")
    store.set("caught:sms", (datetime.now(UTC) - timedelta(days=3)).isoformat())
    workshop.twilio.receive(NUMBER, SENDER, "old", minutes_ago=3 * 60)
    workshop.twilio.receive(NUMBER, SENDER, "new", minutes_ago=60)
    catch_up(workshop)

    assert ["new"] == workshop.engine.texts


def test_a_choice_that_was_overtaken_by_what_its_citizen_wrote_since_chooses_nothing(
    workshop: Workshop, read_to: None
) -> None:
    workshop.engine.script += [says("Bonjour")]
    workshop.twilio.receive(NUMBER, SENDER, "1", minutes_ago=20)
    workshop.twilio.receive(NUMBER, SENDER, "salam", minutes_ago=19)
    heard = Heard(NUMBER, ChannelKind.SMS, datetime.now(UTC) - timedelta(minutes=5))
    workshop.house.house().reach.heard(workshop.pseudonyms.number(NUMBER), heard)
    catch_up(workshop)
    workshop.recording.record()
    with workshop.database.reading() as session:
        recorded = {turn.said: turn.outcome for turn in session.scalars(sa.select(TurnRow))}

    assert ["salam"] == workshop.engine.texts
    assert {"1": "overtaken", "salam": "answered"} == recorded


def test_a_blocked_number_is_not_read(workshop: Workshop, read_to: None) -> None:
    workshop.house.house().blocks.add(workshop.pseudonyms.number(NUMBER), "floods us", "Amal")
    workshop.twilio.receive(NUMBER, SENDER, "salam", minutes_ago=20)

    assert [] == catch_up(workshop)
    assert [] == workshop.engine.texts


def test_a_list_that_cannot_be_read_is_read_from_where_it_was(
    workshop: Workshop, read_to: None, store: redis.Redis
) -> None:
    workshop.engine.script += [says("Bonjour")]
    workshop.twilio.receive(NUMBER, SENDER, "salam", minutes_ago=20)
    workshop.twilio.is_deaf = True
    before, mark = catch_up(workshop), store.get("caught:sms")
    workshop.twilio.is_deaf = False

    assert [] == before
    assert ["Bonjour"] == catch_up(workshop)
    assert mark != store.get("caught:sms")


def test_one_worker_at_a_time_reads_a_list(
    workshop: Workshop, read_to: None, store: redis.Redis
) -> None:
    workshop.twilio.receive(NUMBER, SENDER, "salam", minutes_ago=20)
    store.set("caught:sms:lock", "another worker")

    assert [] == catch_up(workshop)
    assert [] == workshop.engine.texts

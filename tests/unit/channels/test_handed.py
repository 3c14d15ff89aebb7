"""While a person of the staff leads a conversation the bot is silent, and nothing is lost."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson
import pytest

from channels.deadline import Said
from channels.worker import DISCARD
from core.messages import ChannelKind, Content, Media
from core.recorded import STREAM, open_record
from core.staffed import RATE, Lead, Staffed, written_in
from tests.builders import IDCS, an_inbound
from tests.unit.channels.door import CHAT, Door, TestProvider
from tests.unit.channels.scripted_engine import ScriptedEngine, says

SMS = ChannelKind.SMS


@pytest.fixture
def staffed(door: Door) -> Staffed:
    """What the console does."""
    door.knows("fr")
    return Staffed(door.store)


def write(door: Door, text: str, message: str) -> Said:
    """An SMS of the citizen, and what is answered."""
    inbound = an_inbound(text, channel="sms", message_id=message)
    return door.conversations.hop("sms", TestProvider(SMS, CHAT), inbound)


def records(door: Door) -> list[dict[str, Any]]:
    """What was recorded."""
    entries: Any = door.store.xrange(STREAM)
    return [orjson.loads(open_record(door.seal, each[b"turn"])) for _, each in entries]


def test_the_citizen_is_told_once_and_the_engine_nothing(
    door: Door, engine: ScriptedEngine, staffed: Staffed
) -> None:
    staffed.begin(door.conversation("sms"), 7)

    told = write(door, "bonjour", "m1")
    again = write(door, "vous êtes là ?", "m2")

    assert (door.sentence("door_with_person", "fr", SMS),) == told.texts
    assert () == again.texts
    assert [] == engine.told
    assert ["bonjour", "vous êtes là ?"] == [one["said"] for one in records(door)]
    assert {"person"} == {one["step"] for one in records(door)}


def test_a_message_that_comes_twice_is_recorded_once(door: Door, staffed: Staffed) -> None:
    staffed.begin(door.conversation("sms"), 7)

    first, second = write(door, "bonjour", "m1"), write(door, "bonjour", "m1")

    assert first.texts == second.texts
    assert 1 == len(records(door))


def test_an_identifier_given_to_a_person_is_sealed_too(door: Door, staffed: Staffed) -> None:
    staffed.begin(door.conversation("sms"), 7)

    write(door, f"mon IDCS {IDCS}", "m1")

    (said,) = [one["said"] for one in records(door)]
    assert IDCS not in said
    assert "[[idcs:" in said


def test_a_file_that_staff_cannot_see_is_forgotten_by_the_provider(
    door: Door, staffed: Staffed
) -> None:
    staffed.begin(door.conversation("sms"), 7)
    photo = Media("https://media.example/ME1", "image/jpeg")
    inbound = an_inbound("", channel="sms", message_id="m1", content=Content.IMAGE)
    sent = replace(inbound, media=(photo,))

    told = door.conversations.hop("sms", TestProvider(SMS, CHAT), sent)

    keys = ("door_with_person", "door_media")
    assert tuple(door.sentence(key, "fr", SMS) for key in keys) == told.texts
    asked = [value for task, value in door.queued() if task == DISCARD]
    assert [{"channel": "sms", "url": photo.url}] == asked


def test_a_place_sent_to_a_person_is_sealed(door: Door, staffed: Staffed) -> None:
    staffed.begin(door.conversation("sms"), 7)
    home = an_inbound("34.0209,-6.8416", channel="sms", content=Content.LOCATION)

    door.conversations.hop("sms", TestProvider(SMS, CHAT), home)

    (said,) = [one["said"] for one in records(door)]
    assert said.startswith("[[place:")


def test_handed_back_the_bot_answers_again(
    door: Door, engine: ScriptedEngine, staffed: Staffed
) -> None:
    staffed.begin(door.conversation("sms"), 7)
    write(door, "bonjour", "m1")
    staffed.end(door.conversation("sms"))
    engine.script += [says("Bonjour !")]

    assert ("Bonjour !",) == write(door, "bonjour", "m2").texts


@pytest.mark.parametrize("rating", ["1", " 3 ", "٢"])
def test_one_digit_says_how_it_was(
    door: Door, engine: ScriptedEngine, staffed: Staffed, rating: str
) -> None:
    staffed.ask(door.conversation("sms"), 7)

    thanked = write(door, rating, "m1")

    assert (door.sentence("door_rated", "fr", SMS),) == thanked.texts
    kept = [value for task, value in door.queued() if task == RATE]
    assert [7] == [value["handover"] for value in kept]
    assert [] == engine.told
    engine.script += [says("Bonjour !")]
    assert ("Bonjour !",) == write(door, "1", "m2").texts


def test_anything_else_after_it_is_for_the_bot(
    door: Door, engine: ScriptedEngine, staffed: Staffed
) -> None:
    staffed.ask(door.conversation("sms"), 7)
    engine.script += [says("Votre paiement ?")]

    assert ("Votre paiement ?",) == write(door, "mon paiement", "m1").texts
    assert [] == [task for task, _ in door.queued() if task == RATE]


def test_going_on_keeps_that_the_citizen_was_told(door: Door, staffed: Staffed) -> None:
    conversation = door.conversation("sms")
    staffed.begin(conversation, 7)
    staffed.told(conversation, 7)
    staffed.begin(conversation, 7)

    assert b"led:7:told" == door.store.get(f"handover:{conversation}")
    staffed.begin(conversation, 8)
    assert b"led:8" == door.store.get(f"handover:{conversation}")
    assert (Lead("led", 7, is_told=True), Lead()) == (Lead.read(b"led:7:told"), Lead.read(None))


def test_a_caller_by_ussd_is_written_to_by_sms() -> None:
    assert "sms-abc" == written_in("ussd-abc")
    assert "whatsapp-ussd-" == written_in("whatsapp-ussd-")

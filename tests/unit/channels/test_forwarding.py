"""What a caller reads goes to their number as a message: at their word, and never in secret."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import redis

from channels.deadline import Said
from channels.owed import text_cause
from channels.rendering.pages import Budget
from core.messages import ChannelKind, Expects
from core.reach import Heard
from core.vault import SHOWN
from records.consents import Consents
from tests.builders import NOW, NUMBER
from tests.redis_server import RedisServer
from tests.unit.channels.door import Call, Chat, Door
from tests.unit.channels.scripted_engine import ScriptedEngine, says

MENU = says("Menu", expects=Expects.MENU, buttons=[("Papiers", "/papers")], root=True)
PAPERS = "Il faut la carte d’identité."
LINES = [f"Ligne {n} : un papier dont il faut une copie." for n in range(1, 26)]


@pytest.fixture
def door(
    engine: ScriptedEngine,
    store: redis.Redis,
    redis_server: RedisServer,
    records_url: str,
    words: None,
) -> Iterator[Door]:
    """A door with channels that can send."""
    opened = Door(redis_server.url, records_url, engine, sends=True)
    opened.knows("fr")
    yield opened
    opened.close()


@pytest.fixture
def call(door: Door, engine: ScriptedEngine) -> Call:
    """A call that stands at the menu."""
    engine.script += [MENU]
    call = Call(door)
    call.dial()
    return call


def answer(*texts: str, **custom: Any) -> list[dict[str, Any]]:
    """An answer, and what closes it."""
    asked = {"expects": Expects.MENU, "buttons": [("Menu", "/home")], "key": "utter_what_next"}
    return says(*texts, "Et maintenant ?", **(asked | custom))


def a_file(door: Door) -> list[dict[str, Any]]:
    """An answer with a value of somebody's file."""
    value = door.vault.put("9,7430010", SHOWN, door.conversation())
    return answer(f"Votre indice : {value}")


def sent(door: Door) -> list[tuple[str, str]]:
    """What was queued to be sent: channel and text."""
    return [
        (value["channel"], value["text"])
        for name, value in door.queued()
        if name == "worker.deliveries.deliver"
    ]


def wrote_on_whatsapp(door: Door, hours_ago: float) -> None:
    at = NOW - timedelta(hours=hours_ago)
    reach = door.conversations._tools.reach
    reach.heard(door.pseudonyms.number(NUMBER), Heard(NUMBER, ChannelKind.WHATSAPP, at))


def test_an_answer_can_be_sent_by_sms_to_the_number_that_calls(
    door: Door, call: Call, engine: ScriptedEngine
) -> None:
    engine.script += [answer(PAPERS)]
    offered = call.press("1")
    told = call.press("2")

    assert f"2 {door.sentence('door_send_this', 'fr')}" in offered.texts[0].split("\n")
    assert [("sms", "Il faut la carte d'identité.")] == sent(door)
    assert told.texts[0].startswith(door.sentence("door_sent_sms", "fr") + "\nIl faut la carte")
    assert ["/open", "/papers"] == engine.texts


def test_it_is_owed_until_it_stands_in_the_outbox(
    door: Door, call: Call, engine: ScriptedEngine
) -> None:
    engine.script += [answer(PAPERS)]
    call.press("1")
    call.press("2")

    [owed] = door.owed()
    [task] = [value for name, value in door.queued() if name == "worker.deliveries.deliver"]
    assert ("sms", NUMBER, (task["text"],)) == (owed.channel, owed.number, owed.texts)
    # Whoever comes first, it goes once.
    assert (owed.cause, text_cause(owed.cause, 0)) == (task["owed"], task["cause"])


@pytest.mark.parametrize("hours", [0.1, 23.9])
def test_it_goes_by_whatsapp_where_the_number_wrote_there_not_long_ago(
    door: Door, call: Call, engine: ScriptedEngine, hours: float
) -> None:
    wrote_on_whatsapp(door, hours)
    engine.script += [answer(PAPERS)]
    call.press("1")
    told = call.press("2")

    assert [("whatsapp", PAPERS)] == sent(door)
    assert told.texts[0].startswith(door.sentence("door_sent_whatsapp", "fr"))


def test_a_chat_of_the_number_opens_that_window(
    door: Door, call: Call, engine: ScriptedEngine
) -> None:
    engine.script += [MENU, answer(PAPERS)]
    Chat(door).say("salam")
    door.queued()
    call.press("1")
    call.press("2")

    assert ["whatsapp"] == [channel for channel, _ in sent(door)]


def test_after_a_day_it_goes_by_sms(door: Door, call: Call, engine: ScriptedEngine) -> None:
    wrote_on_whatsapp(door, 24.1)
    engine.script += [answer(PAPERS)]
    call.press("1")
    call.press("2")

    assert ["sms"] == [channel for channel, _ in sent(door)]


@pytest.mark.parametrize("word", ["whatsapp", "WhatsApp", "واتساب", "sms"])
def test_a_word_asks_for_it_too(door: Door, call: Call, engine: ScriptedEngine, word: str) -> None:
    engine.script += [answer(PAPERS)]
    call.press("1")
    call.press(word)

    assert 1 == len(sent(door))


def test_where_there_is_nothing_to_send_the_word_is_a_word(
    door: Door, call: Call, engine: ScriptedEngine
) -> None:
    call.press("whatsapp")

    assert ["/open", "whatsapp"] == engine.texts
    assert [] == sent(door)


def test_what_holds_values_of_a_file_goes_only_when_they_know_who_can_read_it(
    door: Door, call: Call, engine: ScriptedEngine
) -> None:
    engine.script += [a_file(door)]
    call.press("1")
    warned = call.press("2")
    nothing = sent(door)
    told = call.press("1")

    assert warned.texts[0].startswith(door.sentence("door_send_personal", "fr"))
    assert [] == nothing
    assert [("sms", "Votre indice : 9,7430010")] == sent(door)
    assert told.texts[0].startswith(door.sentence("door_sent_sms", "fr"))


@pytest.mark.parametrize("no", ["2", "9", "0", "rsu"])
def test_without_their_yes_nothing_goes(
    door: Door, call: Call, engine: ScriptedEngine, no: str
) -> None:
    engine.script += [a_file(door)]
    call.press("1")
    call.press("2")
    told = call.press(no)

    assert [] == sent(door)
    assert told.is_open
    assert ["/open", "/papers"] == engine.texts


def test_a_file_goes_by_whatsapp_only_where_that_was_agreed_to(
    door: Door, call: Call, engine: ScriptedEngine
) -> None:
    wrote_on_whatsapp(door, 1)
    number = door.pseudonyms.number(NUMBER)
    consents = Consents(door.database)
    channels = []
    for version in ("2026-11", "2026-11-abroad"):
        consents.give(number, version, "fr", "ussd")
        engine.script += [a_file(door), MENU]
        for key in ("1", "2", "1"):
            call.press(key)
        channels += [channel for channel, _ in sent(door)]
        call.press("00")

    assert ["sms", "whatsapp"] == channels


def test_the_next_caller_gets_nothing_of_it(door: Door, call: Call, engine: ScriptedEngine) -> None:
    engine.script += [a_file(door), MENU]
    call.press("1")
    call.press("2")
    opened = call.dial()
    call.press("1")

    assert opened.texts[0].startswith("Menu")
    assert [] == sent(door)


def test_without_the_broker_it_says_so(
    engine: ScriptedEngine, redis_server: RedisServer, records_url: str, words: None
) -> None:
    broken = "redis://127.0.0.1:1/1"
    door = Door(redis_server.url, records_url, engine, broker_url=broken, sends=True)
    door.knows("fr")
    engine.script += [MENU, answer(PAPERS)]
    call = Call(door)
    for key in ("", "1", "2"):
        told = call.press(key) if key else call.dial()

    assert told.texts[0].startswith(door.sentence("door_not_sent", "fr"))
    assert [] == door.owed()
    door.close()


def test_it_is_not_offered_where_that_costs_a_page(
    door: Door, call: Call, engine: ScriptedEngine
) -> None:
    engine.script += [answer("a" * 138)]

    assert door.sentence("door_send_this", "fr") not in call.press("1").texts[0]


def test_it_is_offered_on_calls_alone(door: Door, engine: ScriptedEngine) -> None:
    engine.script += [answer(PAPERS)]
    said = Chat(door, kind=ChannelKind.SMS).say("papiers")

    assert door.sentence("door_send_this", "fr") not in said.texts[0]


def walked(call: Call, said: Said) -> list[str]:
    """Every page from here on."""
    screens = [said.texts[0]]
    while "98 " in screens[-1]:
        screens.append(call.press("98").texts[0])
    return screens


def on_screen(screens: list[str]) -> list[str]:
    """Which of the lines are read on these pages, though a page may end in one."""
    foot = ("98 ", "0 ", "00 ")
    lines = [one for screen in screens for one in screen.split("\n") if not one.startswith(foot)]
    return [line for line in LINES if line in " ".join(lines)]


def test_a_long_answer_that_is_nobodys_ends_in_an_sms(
    door: Door, call: Call, engine: ScriptedEngine
) -> None:
    engine.script += [answer(*LINES)]
    screens = walked(call, call.press("1"))
    [(channel, rest)] = sent(door)

    assert len(screens) <= 4
    assert all(map(Budget().holds, screens))
    assert LINES == [*on_screen(screens), *rest.split("\n")]
    assert "sms" == channel
    assert door.sentence("door_rest_by_sms", "fr") in " ".join(screens)
    assert "1 Menu" in screens[-1]


def test_a_long_answer_of_a_file_is_shown_whole_and_only_offered(
    door: Door, call: Call, engine: ScriptedEngine
) -> None:
    value = door.vault.put("9,7430010", SHOWN, door.conversation())
    engine.script += [answer(*LINES, f"Indice : {value}")]
    screens = walked(call, call.press("1"))

    assert len(screens) > 4
    assert LINES == on_screen(screens)
    assert [] == sent(door)
    assert door.sentence("door_send_this", "fr") in screens[-1]


def test_who_refused_messages_reads_it_all_on_the_screen(
    door: Door, call: Call, engine: ScriptedEngine
) -> None:
    door.numbers.opt_out(door.pseudonyms.number(NUMBER))
    engine.script += [answer(*LINES)]
    screens = walked(call, call.press("1"))

    assert LINES == on_screen(screens)
    assert [] == sent(door)

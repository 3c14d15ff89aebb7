"""How answers go back: at once or in their turn, once each, and followed to their end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from core.errors import StoreUnavailable
from records.outbox import Draft, Outbox
from tests.builders import KEY_TEXT, NUMBER
from tests.redis_server import RedisServer
from tests.unit.channels.door import queued
from tests.unit.channels.front_door import SETTINGS, FrontDoor, carried
from tests.unit.channels.scripted_engine import ScriptedEngine, says
from tests.unit.channels.stored import stored

OTHER = "+212698765432"


def broker(redis_server: RedisServer) -> str:
    """The address of the broker."""
    return redis_server.url.removesuffix("/0") + "/1"


@pytest.fixture
def environment(
    monkeypatch: pytest.MonkeyPatch,
    redis_server: RedisServer,
    records_url: str,
    engine: ScriptedEngine,
) -> pytest.MonkeyPatch:
    """The environment of a door with a USSD and an SMS channel."""
    stores = {
        "REDIS_URL": redis_server.url,
        "BROKER_URL": broker(redis_server),
        "RECORDS_URL": records_url,
        "VAULT_KEY": KEY_TEXT,
        "PSEUDONYM_KEY": KEY_TEXT,
        "ENGINE_URL": engine.url,
    }
    for name, value in (SETTINGS | stores).items():
        monkeypatch.setenv(f"TWIZA_{name}", value)
    return monkeypatch


@pytest.fixture
def front(
    environment: pytest.MonkeyPatch, store: redis.Redis, records_url: str, words: None
) -> Iterator[FrontDoor]:
    """A door, called over HTTP."""
    door = FrontDoor(records_url, store)
    yield door
    door.close()


def test_an_answer_goes_back_at_once_and_is_kept_until_it_is_confirmed(
    front: FrontDoor, engine: ScriptedEngine
) -> None:
    engine.script += [says("Bonjour")]
    [(text, address)] = carried(front.sms())

    assert "Bonjour" == text
    assert "https://door.example/channels/sms/reports?message=1" == address
    assert [("answered", "")] == front.states()
    assert b"Bonjour" not in front.stored()


def test_an_answer_waits_behind_one_that_nobody_confirmed(
    front: FrontDoor, engine: ScriptedEngine, redis_server: RedisServer
) -> None:
    engine.script += [says("first"), says("second")]
    front.sms()
    second = front.sms()

    assert 200 == second.status_code
    assert [] == carried(second)
    assert [("answered", ""), ("queued", "")] == front.states()
    assert [("worker.deliveries.drain", {})] == queued(broker(redis_server), front.seal)


def test_an_answer_goes_at_once_behind_one_of_which_its_provider_told(
    front: FrontDoor, engine: ScriptedEngine
) -> None:
    engine.script += [says("first"), says("second")]
    [(_, address)] = carried(front.sms())
    reported = front.report(address, "sent")

    assert 204 == reported.status_code
    assert ["second"] == [text for text, _ in carried(front.sms())]


def test_an_answer_waits_behind_what_waits_for_the_same_citizen_alone(
    front: FrontDoor, engine: ScriptedEngine
) -> None:
    engine.script += [says("to one"), says("to another")]
    front.outbox.add(front.recipient, "sms", b"waits")

    assert [] == carried(front.sms())
    assert ["to another"] == [text for text, _ in carried(front.sms(number=OTHER))]


def test_what_was_held_for_a_citizen_goes_before_the_answer(
    front: FrontDoor, engine: ScriptedEngine
) -> None:
    engine.script += [says("Bonjour")]
    front.outbox.put(front.recipient, "sms", [Draft(b"held")], is_held=True)
    answer = front.sms()

    assert [] == carried(answer)
    assert [("queued", ""), ("queued", "")] == front.states()


def test_a_message_delivered_again_is_not_answered_again(
    front: FrontDoor, engine: ScriptedEngine
) -> None:
    engine.script += [says("Bonjour"), says("again")]
    first = front.sms(message_id="SM-same")
    again = front.sms(message_id="SM-same")

    assert ["Bonjour"] == [text for text, _ in carried(first)]
    assert (200, []) == (again.status_code, carried(again))
    assert [("answered", "")] == front.states()
    assert ["salam"] == engine.texts


def test_a_long_answer_goes_in_pieces_each_with_an_address_of_its_own(
    front: FrontDoor, engine: ScriptedEngine
) -> None:
    text = "\n".join(f"{line} " + "x" * 400 for line in range(10))
    engine.script += [says(text)]
    pieces = carried(front.sms())

    assert text == "\n".join(piece for piece, _ in pieces)
    assert len(pieces) == len({address for _, address in pieces}) == 4


def test_without_the_records_an_answer_goes_all_the_same(
    front: FrontDoor, engine: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise StoreUnavailable("locked")

    engine.script += [says("Bonjour")]
    monkeypatch.setattr(Outbox, "answer", fails)

    assert [("Bonjour", "")] == carried(front.sms())


def test_a_report_is_left_to_the_worker_sealed(front: FrontDoor, redis_server: RedisServer) -> None:
    front.report("/channels/sms/reports?message=7", "failed", ErrorCode="30007")
    held = redis.Redis.from_url(broker(redis_server))
    in_clear = stored(held)
    held.close()
    [(task, value)] = queued(broker(redis_server), front.seal)

    assert "worker.reports.take" == task
    assert b"30007" not in in_clear
    assert ("sms", "failed", "30007", "7") == (
        value["channel"],
        value["fate"]["status"],
        value["fate"]["code"],
        value["fate"]["message"],
    )


def test_a_report_that_cannot_be_queued_goes_back_to_its_provider(
    environment: pytest.MonkeyPatch, store: redis.Redis, records_url: str, words: None
) -> None:
    environment.setenv("TWIZA_BROKER_URL", "redis://127.0.0.1:1/0")
    door = FrontDoor(records_url, store)

    assert 503 == door.report("/channels/sms/reports?message=7", "sent").status_code
    door.close()


def test_a_forged_report_is_refused_and_noted_nowhere(front: FrontDoor) -> None:
    form = {"MessageSid": "SM1", "MessageStatus": "delivered"}
    refused = front.app.test_client().post("/channels/sms/reports?message=7", data=form)

    assert 403 == refused.status_code
    assert b"told:" not in front.stored()


def test_the_call_of_a_gateway_is_answered_in_its_own_words(
    front: FrontDoor, engine: ScriptedEngine
) -> None:
    engine.script += [says("Menu")]

    assert "CON Menu" in front.dial().text
    assert [] == front.states()


def test_nothing_of_a_citizen_stands_in_the_outbox_in_clear(
    front: FrontDoor, engine: ScriptedEngine, records_url: str
) -> None:
    engine.script += [says("Votre indice est 8,7654321")]
    front.sms()
    path = Path(records_url.removeprefix("sqlite:///"))
    content = b"".join(one.read_bytes() for one in path.parent.glob(f"{path.name}*"))

    assert b"8,7654321" not in content
    assert NUMBER[4:].encode() not in content

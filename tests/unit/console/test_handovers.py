"""Requests for a person: taken once, answered, passed on, handed back; the bot silent meanwhile."""

from __future__ import annotations

from typing import Any

import pytest
import redis
from celery import Celery

from core.privacy import Seal
from core.staffed import REPLY, Lead, lead_key
from core.tasks import open_task
from records.database import Database
from records.handovers import CLAIMED, DONE, Handovers
from records.replies import Replies
from records.takeovers import Takeover, Takeovers
from tests.builders import KEY, NUMBER
from tests.redis_server import RedisServer
from tests.unit.console.conftest import Browser, SignIn
from tests.unit.console.conversations_world import NUMBER_KEY, ask_for_a_person, fill


@pytest.fixture
def number(database: Database) -> int:
    """A request of a WhatsApp conversation that waits."""
    fill(database)
    return ask_for_a_person(database).id


@pytest.fixture
def agent(signed_in: SignIn, number: int) -> Browser:
    """An agent who looks at the queue."""
    browser = signed_in("agent")
    browser.open("/handovers")
    return browser


def found(database: Database, number: int) -> Takeover:
    """The request as it is."""
    takeover = Takeovers(database).find(number)
    assert takeover is not None
    return takeover


def lead(store: redis.Redis, kind: str = "whatsapp") -> str:
    """How the door takes the conversation."""
    return Lead.read(store.get(lead_key(f"{kind}-{NUMBER_KEY}"))).state  # type: ignore[arg-type]


def written(server: RedisServer) -> list[dict[str, Any]]:
    """The replies that wait for the worker."""
    found, url = [], server.url.removesuffix("/0") + "/1"
    with Celery("reader", broker=url).connection_for_read() as connection:
        queue = connection.SimpleQueue("celery")
        while message := _next(queue):
            message.ack()
            if message.headers["task"] == REPLY:
                found.append(open_task(Seal(KEY), message.payload[0][0]))
        queue.close()
    return found


def _next(queue: Any) -> Any:
    try:
        return queue.get(block=False)
    except queue.Empty:
        return None


def test_the_queue_says_who_waits_and_for_what(agent: Browser) -> None:
    assert "WhatsApp" in agent.text
    assert "L&#39;aide que je reçois" in agent.text
    assert NUMBER not in agent.text
    assert "Agent" in agent.text


def test_a_request_is_taken_once_and_the_bot_is_silent(
    agent: Browser, signed_in: SignIn, number: int, database: Database, store: redis.Redis
) -> None:
    agent.send(f"/handovers/{number}/claim")

    assert "service automatique se tait" in agent.text
    assert agent.path.startswith("/conversations/")
    assert "led" == lead(store)
    late = signed_in("supervisor")
    late.open("/handovers")
    late.send(f"/handovers/{number}/claim")
    assert "plus rapide" in late.text
    assert found(database, number).handover.state == CLAIMED


def test_a_reply_goes_to_the_worker_with_the_number_sealed(
    agent: Browser, number: int, database: Database, redis_server: RedisServer
) -> None:
    agent.send(f"/handovers/{number}/claim")
    written(redis_server)

    agent.send(f"/handovers/{number}/reply", text="Bonjour, votre paiement est prêt.")

    (reply,) = written(redis_server)
    assert "Bonjour, votre paiement est prêt." == reply["text"]
    assert NUMBER not in str(reply)
    assert found(database, number).answered is not None


def test_who_has_not_taken_it_writes_nothing(
    agent: Browser, number: int, redis_server: RedisServer
) -> None:
    written(redis_server)

    for text in ("Bonjour", "", "x" * 2000):
        agent.send(f"/handovers/{number}/reply", text=text)

    assert [] == written(redis_server)


def test_a_kept_reply_is_sent_with_its_blanks_filled_and_not_without(
    agent: Browser, number: int, database: Database, redis_server: RedisServer
) -> None:
    Replies(database).save("ar", "rendez-vous", "Bonjour {nom}, à demain.")
    (reply,) = Replies(database).all()
    agent.send(f"/handovers/{number}/claim")
    written(redis_server)
    assert 'name="blank-nom"' in agent.text

    agent.send(f"/handovers/{number}/canned", reply=str(reply.id))
    assert [] == written(redis_server)
    agent.send(f"/handovers/{number}/canned", reply=str(reply.id), **{"blank-nom": "Fatima"})

    assert ["Bonjour Fatima, à demain."] == [one["text"] for one in written(redis_server)]


def test_handed_back_with_a_note_the_citizen_is_asked_how_it_was(
    agent: Browser,
    number: int,
    database: Database,
    store: redis.Redis,
    redis_server: RedisServer,
) -> None:
    agent.send(f"/handovers/{number}/claim")
    written(redis_server)
    agent.send(f"/handovers/{number}/hand-back", note=" ")
    assert found(database, number).handover.state == CLAIMED

    agent.send(f"/handovers/{number}/hand-back", note="Paiement expliqué")

    assert (DONE, "Paiement expliqué") == (
        found(database, number).handover.state,
        found(database, number).note,
    )
    assert "asked" == lead(store)
    assert [""] == [one["text"] for one in written(redis_server)]
    assert "Paiement expliqué" in agent.open("/handovers")


def test_put_back_it_waits_again_and_the_bot_speaks(
    agent: Browser, number: int, database: Database, store: redis.Redis
) -> None:
    agent.send(f"/handovers/{number}/claim")

    agent.send(f"/handovers/{number}/release")

    assert [number] == [one.id for one in Handovers(database).waiting(9)]
    assert "" == lead(store)


def test_it_is_passed_on_to_somebody_who_may_answer(
    agent: Browser, number: int, database: Database, signed_in: SignIn
) -> None:
    agent.send(f"/handovers/{number}/claim")
    agent.send(f"/handovers/{number}/transfer", to="999")
    assert 400 == agent.status
    agent.open("/handovers")

    agent.send(f"/handovers/{number}/transfer", to="3")
    assert "3" == found(database, number).handover.claimed_by
    supervisor = signed_in("supervisor")
    supervisor.open("/handovers")
    supervisor.send(f"/handovers/{number}/assign", to="1")
    assert "1" == found(database, number).handover.claimed_by


def test_a_caller_by_ussd_is_led_by_sms_and_goes_on_calling(
    signed_in: SignIn, database: Database, store: redis.Redis
) -> None:
    fill(database)
    number = ask_for_a_person(database, "ussd").id
    agent = signed_in("agent")
    agent.open("/handovers")

    agent.send(f"/handovers/{number}/claim")

    assert ("led", "") == (lead(store, "sms"), lead(store, "ussd"))
    assert "Échanges par SMS" in agent.text


def test_a_supervisor_keeps_replies_and_forgets_them(signed_in: SignIn, database: Database) -> None:
    supervisor = signed_in("supervisor")
    supervisor.open("/replies")

    supervisor.send("/replies", language="zgh", name="ⴰⵣⵓⵍ", text="ⴰⵣⵓⵍ {ⵉⵙⵎ}")
    supervisor.send("/replies", language="xx", name="a", text="b")

    (reply,) = Replies(database).all()
    assert ["ⵉⵙⵎ"] == reply.blanks
    supervisor.send(f"/replies/{reply.id}/drop")
    assert [] == Replies(database).all()


def test_beyond_whatsapps_day_the_citizen_can_be_asked_to_write(
    signed_in: SignIn, database: Database, redis_server: RedisServer
) -> None:
    fill(database)
    number = ask_for_a_person(database).id
    agent, other = signed_in("agent"), signed_in("supervisor")
    agent.open("/handovers")
    agent.send(f"/handovers/{number}/claim")
    broker = redis.Redis.from_url(redis_server.url.removesuffix("/0") + "/1")
    before = int(broker.llen("celery"))
    assert f"/handovers/{number}/wake" in agent.text

    agent.send(f"/handovers/{number}/wake")
    other.open("/handovers")
    other.send(f"/handovers/{number}/wake")

    assert before + 1 == int(broker.llen("celery"))
    assert "invité à écrire" in agent.text

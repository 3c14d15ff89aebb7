"""What is owed to who writes is given once, whoever died before giving it."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import replace
from typing import cast

import pytest

from channels.owed import OWED, Owed, text_cause
from core.errors import TokenRefused
from core.tasks import close_task
from records.outbox import RECEIPT
from tests.builders import NUMBER
from tests.unit.channels.scripted_engine import says
from tests.unit.worker.workshop import Workshop

pytestmark = pytest.mark.usefixtures("still")

ASKED = says("Votre IDCS")


class Died(BaseException):
    """The worker was killed."""


def owed(shop: Workshop) -> list[Owed]:
    """All that is owed."""
    kept = cast("dict[bytes, bytes]", shop.house.house().store.hgetall(OWED))
    found = []
    for sealed in kept.values():
        with suppress(TokenRefused):
            found.append(Owed.open(shop.seal, sealed))
    return found


def give_late(shop: Workshop) -> None:
    """Let the time pass after which others give it, and give it."""
    for one in owed(shop):
        due = replace(one, due=0.0).close(shop.seal)
        shop.house.house().store.hset(OWED, one.cause, due)
    shop.owed.give()


def die_before_putting_out(shop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has something to put out dies."""

    def die(*_: object) -> None:
        raise Died

    monkeypatch.setattr(shop.turns, "hand_over", die)


@pytest.fixture
def pending(workshop: Workshop) -> Workshop:
    """A message that the engine failed on."""
    workshop.engine.script += [[]]
    workshop.say("salam")
    return workshop


def test_a_worker_that_dies_between_saving_and_putting_out_loses_nothing(
    pending: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    pending.engine.script += [ASKED]
    with monkeypatch.context() as patch, pytest.raises(Died):
        die_before_putting_out(pending, patch)
        pending.finish()
    before = list(pending.twilio.texts)
    give_late(pending)
    give_late(pending)

    assert "Votre IDCS" not in before
    assert 1 == pending.twilio.texts.count("Votre IDCS")
    assert [] == owed(pending)


def test_a_message_that_was_taken_is_answered_though_its_taker_died(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch, pytest.raises(Died):
        die_before_putting_out(workshop, patch)
        workshop.take("salam")
    give_late(workshop)
    # The same task, given to another worker.
    workshop.take("salam")

    assert ["You said salam"] == workshop.twilio.texts
    assert ["salam"] == workshop.engine.texts


def test_what_was_put_out_is_owed_no_more(workshop: Workshop) -> None:
    workshop.take("salam")
    left = owed(workshop)
    give_late(workshop)

    assert [] == left
    assert ["You said salam"] == workshop.twilio.texts


def test_an_answer_that_stands_in_the_outbox_is_not_put_there_again(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch, pytest.raises(Died):
        # It dies before it can say so.
        patch.setattr(type(workshop.house.house().conversations), "given", lambda *_: die_now())
        workshop.take("salam")
    give_late(workshop)

    assert ["You said salam"] == workshop.twilio.texts


def test_a_turn_whose_door_died_is_finished(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    tools = workshop.house.house().conversations.tools
    with monkeypatch.context() as patch, pytest.raises(Died):
        patch.setattr(tools.engine, "tell", lambda *_, **__: die_now())
        workshop.say("salam")
    give_late(workshop)

    assert [(NUMBER, "You said salam")] == workshop.twilio.taken


def test_what_is_not_due_is_left_to_whoever_owes_it(workshop: Workshop) -> None:
    workshop.say("salam")
    workshop.owed.give()

    assert [("You said salam",)] == [one.texts for one in owed(workshop)]
    assert [] == workshop.twilio.taken


def test_what_cannot_be_read_holds_up_nothing(workshop: Workshop) -> None:
    workshop.say("salam")
    workshop.house.house().store.hset(OWED, "a", b"nothing of ours")
    give_late(workshop)

    assert ["You said salam"] == workshop.twilio.texts
    assert not workshop.house.house().store.exists(OWED)


def asked_for(shop: Workshop) -> str:
    """A text that a caller wants as a message, as its door owes it; the task that brings it."""
    own = shop.house.house()
    one = Owed("a cause", "sms", NUMBER, time.time() + 30, ("Les papiers",))
    own.store.hset(OWED, one.cause, one.close(shop.seal))
    value = {"channel": "sms", "number": NUMBER, "text": "Les papiers"}
    value |= {"purpose": RECEIPT, "cause": text_cause(one.cause, 0), "owed": one.cause}
    return close_task(shop.seal, value)


def test_a_message_whose_task_was_lost_goes_all_the_same(workshop: Workshop) -> None:
    task = asked_for(workshop)
    give_late(workshop)
    # It was not lost after all.
    workshop.deliveries.deliver(task)

    assert ["Les papiers"] == workshop.twilio.texts
    assert [] == owed(workshop)


def test_a_message_whose_task_came_is_owed_no_more(workshop: Workshop) -> None:
    workshop.deliveries.deliver(asked_for(workshop))
    left = owed(workshop)
    give_late(workshop)

    assert [] == left
    assert ["Les papiers"] == workshop.twilio.texts


def die_now() -> None:
    """The end of whoever comes here."""
    raise Died

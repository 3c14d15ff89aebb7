"""Turns that were not answered in time are finished once, and their answers sent."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from core.errors import ConversationBusy, EngineSilent, EngineUnavailable, StoreUnavailable
from core.messages import Expects
from tests.builders import IDCS, NUMBER
from tests.unit.channels.scripted_engine import says
from tests.unit.worker.workshop import Workshop
from transcripts.tables import TurnRow

pytestmark = pytest.mark.usefixtures("still")

MENU = says("Menu", expects=Expects.MENU, buttons=[("Inscription", "/check"), ("Aide", "/help")])
ASKED = says("Votre IDCS", expects=Expects.IDCS)


@pytest.fixture
def pending(workshop: Workshop) -> Workshop:
    """A message that the engine failed on; the door queued it to be finished at once."""
    workshop.engine.script += [[]]
    assert workshop.say("salam").texts
    return workshop


def test_a_pending_message_is_finished_and_its_answer_sent_once(pending: Workshop) -> None:
    pending.engine.script += [ASKED]
    pending.finish()
    pending.finish()

    assert [(NUMBER, "Votre IDCS")] == pending.twilio.taken
    assert ["salam", "salam"] == pending.engine.texts


def test_nothing_pending_is_nothing_sent(workshop: Workshop) -> None:
    workshop.finish()

    assert [] == workshop.twilio.taken
    assert [] == workshop.engine.told


def test_an_engine_that_is_still_away_is_waited_for(pending: Workshop) -> None:
    pending.engine.stop()
    with pytest.raises(EngineUnavailable):
        pending.finish()
    pending.engine.start()
    pending.engine.script += [[], ASKED]
    with pytest.raises(EngineSilent):
        pending.finish()
    pending.finish()

    assert ["Votre IDCS"] == pending.twilio.texts


def test_what_was_finished_answers_the_next_message(pending: Workshop) -> None:
    pending.engine.script += [MENU]
    pending.finish()
    pending.say("2", "SM2")

    assert ["salam", "salam", "/help"] == pending.engine.texts


def test_a_message_is_taken_once_and_its_answer_sent(workshop: Workshop) -> None:
    workshop.engine.script += [MENU]
    workshop.take("salam")
    workshop.take("2", "SM2")

    assert ["salam", "/help"] == workshop.engine.texts
    assert ["Menu\n1 Inscription\n2 Aide", "You said /help"] == workshop.twilio.texts


def test_a_message_taken_twice_moves_the_dialogue_once(workshop: Workshop) -> None:
    workshop.take("salam")
    workshop.take("salam")

    assert ["salam"] == workshop.engine.texts


def test_a_message_whose_taker_died_half_way_is_finished(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    tools = workshop.house.house().conversations._tools

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(tools.engine, "tell", die)
        workshop.take("salam")
    workshop.take("salam")
    workshop.recording.record()
    with workshop.database.reading() as session:
        recorded = [turn.outcome for turn in session.scalars(sa.select(TurnRow))]

    assert ["You said salam"] == workshop.twilio.texts
    assert ["salam"] == workshop.engine.texts
    assert ["answered"] == recorded


def test_a_message_is_not_taken_while_another_turn_runs(workshop: Workshop) -> None:
    house = workshop.house.house()
    conversation = f"sms-{workshop.pseudonyms.number(NUMBER)}"
    with (
        house.conversations._tools.turn_lock.hold(conversation, 1.0),
        pytest.raises(ConversationBusy),
    ):
        workshop.finish()

    workshop.take("salam")
    assert ["You said salam"] == workshop.twilio.texts


def test_an_answer_that_cannot_be_put_out_is_left_to_a_task(
    pending: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    pending.engine.script += [ASKED]
    outbox = pending.house.house().outbox
    answer, failures = outbox.answer, [StoreUnavailable("locked")]

    def fail_once(*given: object) -> object:
        if failures:
            raise failures.pop()
        return answer(*given)

    monkeypatch.setattr(type(outbox), "answer", lambda _, *given: fail_once(*given))
    pending.finish()

    assert [] == failures
    assert ["Votre IDCS"] == pending.twilio.texts


def test_what_was_given_is_sealed_when_the_worker_takes_it(workshop: Workshop) -> None:
    workshop.engine.script += [ASKED, MENU]
    workshop.take("salam")
    workshop.take(IDCS, "SM2")

    assert workshop.engine.texts[1].startswith("[[idcs:")

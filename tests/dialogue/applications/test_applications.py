"""Filling in an application and handing it in: by digits, by chat, in four languages."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.messages import ChannelKind
from core.references import read_reference
from tests.dialogue.applications.applicant import QUESTIONS, Applicant, payload
from tests.dialogue.conftest import KINDS
from tests.dialogue.talk import LANGUAGES, Talk
from tests.end_to_end.running_house import RunningHouse, wait_for

pytestmark = pytest.mark.e2e

Begin = Callable[..., Talk]


@pytest.mark.parametrize("kind", KINDS)
def test_a_programme_that_is_only_a_file_is_applied_for_to_the_end(
    house: RunningHouse, applicant: Callable[..., Applicant], kind: ChannelKind
) -> None:
    filling = applicant(kind).begin().fill()

    assert filling.talk.offers("utter_application_send", payload("send")), filling.talk.hears
    assert "+212612345678" in filling.talk.hears.replace(" ", "")

    known = len(house.inbox(filling.citizen["phone"]))
    reference = filling.send()

    assert filling.talk.heard("utter_application_sent")
    assert filling.talk.heard("utter_application_decision")
    if kind is not ChannelKind.SMS:
        texts = wait_for(
            "the SMS", lambda: [m["text"] for m in house.inbox(filling.citizen["phone"])][known:]
        )
        assert reference in {read_reference(text) for text in texts}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_questions_are_put_in_each_language(
    applicant: Callable[..., Applicant], language: str
) -> None:
    filling = applicant(ChannelKind.WHATSAPP, language).begin()

    assert filling.asked("children"), filling.talk.hears

    filling.answer("children", "0")

    assert filling.asked("heating"), filling.talk.hears

    filling.talk.say("00")

    assert filling.talk.heard("utter_application_kept")
    filling.begin(afresh=False).talk.choose("utter_application_resume", payload("again"))
    assert filling.asked("children")


def test_without_agreement_to_send_nothing_is_sent(
    applicant: Callable[..., Applicant],
) -> None:
    filling = applicant(ChannelKind.USSD).begin().fill()
    filling.talk.choose("utter_application_send", payload("send"))
    filling.talk.choose("utter_application_assisted", payload("yes"))
    filling.talk.choose("utter_application_consent", payload("no"))

    assert filling.talk.heard("utter_application_not_sent")
    assert filling.talk.offers("utter_application_send", payload("send"))


def test_help_and_a_question_in_between_are_answered_and_the_question_comes_back(
    applicant: Callable[..., Applicant],
) -> None:
    filling = applicant(ChannelKind.WHATSAPP).begin()
    filling.talk.say("aide")

    assert filling.talk.heard("utter_help")
    assert filling.asked("children")

    filling.talk.say("quel temps fera-t-il demain à Marrakech ?")

    assert filling.asked("children")

    filling.answer("children", "1")
    filling.talk.say("aide")

    assert filling.talk.heard("utter_help")
    assert filling.asked("heating")


def test_wrong_answers_back_and_a_correction_at_the_summary(
    applicant: Callable[..., Applicant],
) -> None:
    filling = applicant(ChannelKind.USSD).begin()
    filling.talk.say("77")

    assert filling.talk.heard("utter_answer_out_of_bounds")
    assert filling.asked("children")

    filling.answer("children", "2")
    filling.talk.say("0")

    assert filling.asked("children")

    filling.fill()
    filling.talk.choose("utter_application_send", payload("wrong"))
    filling.talk.pick(QUESTIONS["children"]["label"]["fr"])
    filling.talk.say("5")

    assert f"{QUESTIONS['children']['label']['fr']}: 5" in filling.talk.hears

    filling.talk.choose("utter_application_send", payload("leave"))

    assert filling.talk.heard("utter_application_kept")

"""Filling something in and handing it in: by digits on USSD, by chat, in four languages.

The house knows one more programme, whose file is in tests/dialogue/programmes: nothing else was
edited for it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from core.messages import ChannelKind
from core.references import read_reference
from tests.dialogue.conftest import KINDS
from tests.dialogue.talk import LANGUAGES, Talk
from tests.end_to_end.running_house import RunningHouse, wait_for
from tests.end_to_end.words import flat

pytestmark = pytest.mark.e2e

Begin = Callable[..., Talk]
PROGRAMMES = Path(__file__).parent / "programmes"
WINTER = tomllib.loads((PROGRAMMES / "winter_aid.toml").read_text(encoding="utf-8"))
QUESTIONS = {question["key"]: question for question in WINTER["questions"]}
CITIZEN = "Index exactly at the ASD limit"


def payload(name: str) -> str:
    """What a button of ours means before its value is sealed."""
    return '/inform{"answer":"{' + name + '}"}'


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHouse]:
    """A house that knows the programme of the tests."""
    folder = tmp_path_factory.mktemp("house") / "data"
    running = RunningHouse(folder, TWIZA_PROGRAMMES_FOLDER=str(PROGRAMMES))
    try:
        running.wait()
        yield running
    finally:
        assert running.stop() == 0


class Applicant:
    """A citizen who fills in the winter aid."""

    def __init__(self, talk: Talk, citizen: dict[str, Any]) -> None:
        self.talk = talk
        self.citizen = citizen

    def begin(self) -> Applicant:
        """From the menu to the first question, or to what was begun before."""
        self.talk.choose("utter_menu", "/apply")
        self.talk.pick(WINTER["short_names"][self.talk.language])
        if self.talk.heard("utter_ask_consent") or self.talk.heard("utter_ask_idcs"):
            self.talk.verify(self.citizen)
        return self

    def asked(self, key: str) -> bool:
        """True where this is the open question."""
        return flat(QUESTIONS[key]["text"][self.talk.language]) in self.as_read()

    def as_read(self) -> str:
        """What was heard, in the script of the screen."""
        return self.talk.hears

    def answer(self, key: str, *answers: str) -> Applicant:
        """Answer the open question, each part by typing it."""
        for answer in answers:
            self.talk.say(answer)
        return self

    def fill(self) -> Applicant:
        """Answer everything by digits: no children, no heating, the first member, no words."""
        for answer in ("0", "3", "03112026", "1"):
            self.talk.say(answer)
        while not self.talk.offers("utter_application_question", payload("skip")):
            self.talk.choose("utter_application_question", payload("done"))
        self.talk.choose("utter_application_question", payload("skip"))
        self.talk.say("0612345678")
        return self

    def send(self) -> str:
        """Send it, for oneself, and return the reference."""
        self.talk.choose("utter_application_send", payload("send"))
        self.talk.choose("utter_application_assisted", payload("no"))
        self.talk.choose("utter_application_consent", payload("yes"))
        reference = read_reference(self.talk.hears)
        assert reference is not None, self.talk.hears
        return reference


@pytest.fixture
def applicant(house: RunningHouse, talk: Begin) -> Callable[..., Applicant]:
    """Somebody who calls or writes from the number on file."""

    def begin(kind: ChannelKind, language: str = "fr", summary: str = CITIZEN) -> Applicant:
        citizen = house.citizen(summary)
        return Applicant(talk(kind, citizen["phone"], language), citizen)

    return begin


@pytest.mark.parametrize("kind", KINDS)
def test_a_programme_that_is_only_a_file_is_applied_for_to_the_end(
    house: RunningHouse, applicant: Callable[..., Applicant], kind: ChannelKind
) -> None:
    filling = applicant(kind).begin().fill()

    assert filling.talk.heard("utter_application_summary"), filling.talk.hears
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
    filling.begin().talk.choose("utter_application_resume", payload("again"))
    assert filling.asked("children")


def test_without_agreement_to_send_nothing_is_sent(
    applicant: Callable[..., Applicant],
) -> None:
    filling = applicant(ChannelKind.USSD).begin().fill()
    filling.talk.choose("utter_application_send", payload("send"))
    filling.talk.choose("utter_application_assisted", payload("yes"))
    filling.talk.choose("utter_application_consent", payload("no"))

    assert filling.talk.heard("utter_application_not_sent")
    assert filling.talk.heard("utter_application_summary")


def test_it_is_begun_on_ussd_and_ended_on_whatsapp(
    applicant: Callable[..., Applicant],
) -> None:
    filling = applicant(ChannelKind.USSD, summary="Index above both limits").begin()
    filling.answer("children", "2").answer("heating", "1")

    assert filling.asked("stove")

    chat = applicant(ChannelKind.WHATSAPP, summary="Index above both limits").begin()

    assert chat.talk.heard("utter_application_resume")

    chat.talk.choose("utter_application_resume", payload("go_on"))

    assert chat.asked("stove")

    chat.answer("stove", "oui").answer("cold_since", "3/11/2026", "1")
    chat.talk.choose("utter_application_question", payload("done"))
    chat.answer("words", "il fait très froid chez nous").answer("phone", "06 12 34 56 78")

    assert "froid chez nous" in chat.talk.hears
    assert chat.send()


def test_a_dropped_call_goes_on_where_it_was(applicant: Callable[..., Applicant]) -> None:
    filling = applicant(ChannelKind.USSD, summary="Index between the limits").begin()
    filling.answer("children", "4")
    filling.talk.redial()

    assert filling.talk.heard("utter_menu")

    filling.begin()

    assert filling.talk.heard("utter_application_resume")

    filling.talk.choose("utter_application_resume", payload("go_on"))

    assert filling.asked("heating")


def test_help_and_a_question_in_between_are_answered_and_the_question_comes_back(
    applicant: Callable[..., Applicant],
) -> None:
    filling = applicant(ChannelKind.WHATSAPP).begin()
    if filling.talk.heard("utter_application_resume"):
        filling.talk.choose("utter_application_resume", payload("again"))
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
    if filling.talk.heard("utter_application_resume"):
        filling.talk.choose("utter_application_resume", payload("again"))
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


def test_a_restart_of_every_process_in_the_middle_loses_nothing(
    house: RunningHouse, applicant: Callable[..., Applicant]
) -> None:
    filling = applicant(ChannelKind.WHATSAPP, summary="Household registered, no index yet").begin()
    filling.answer("children", "3")
    for name in ("door", "engine", "actions", "redis"):
        house.kill(name)
    for name in ("redis", "actions", "engine", "door"):
        house.wait_until_healthy(name)
    filling.talk.say("00")
    filling.talk.say("salam")
    filling.begin()

    assert filling.talk.heard("utter_application_resume")

    filling.talk.choose("utter_application_resume", payload("go_on"))

    assert filling.asked("heating")


def test_while_the_register_is_away_members_are_asked_later_and_nothing_is_lost(
    house: RunningHouse, applicant: Callable[..., Applicant]
) -> None:
    filling = applicant(ChannelKind.USSD).begin()
    if filling.talk.heard("utter_application_resume"):
        filling.talk.choose("utter_application_resume", payload("again"))
    for answer in ("0", "3"):
        filling.talk.say(answer)
    with house.stalled("registry"):
        filling.talk.say("03112026")
        assert filling.talk.heard("utter_registry_unavailable")

    filling.talk.choose("utter_registry_unavailable", "/try_again")

    assert filling.asked("who")


def test_what_was_begun_is_found_by_asking_for_it(applicant: Callable[..., Applicant]) -> None:
    filling = applicant(ChannelKind.WHATSAPP, summary="Index above both limits").begin()
    filling.answer("children", "1")
    filling.talk.say("00")
    filling.talk.say("je veux finir ma demande inachevée")
    if not filling.talk.heard("utter_application_resume"):
        filling.talk.verify(filling.citizen)

    assert filling.talk.heard("utter_application_resume"), filling.talk.hears


def test_a_problem_is_reported_and_gets_a_reference(house: RunningHouse, talk: Begin) -> None:
    citizen = house.citizen("ASD refused five days ago")
    telling = talk(ChannelKind.USSD, citizen["phone"])
    telling.choose("utter_menu", "/report_problem")
    telling.verify(citizen)
    telling.say("3")
    telling.say("1")
    telling.choose("utter_application_question", payload("skip"))
    telling.choose("utter_application_send", payload("send"))
    telling.choose("utter_procedure_consent", payload("yes"))

    assert read_reference(telling.hears)
    assert telling.heard("utter_procedure_next")


def test_a_new_phone_number_is_taken_here_and_the_family_is_told_where_to_go(
    house: RunningHouse, talk: Begin
) -> None:
    citizen = house.citizen(CITIZEN)
    telling = talk(ChannelKind.USSD, citizen["phone"])
    telling.choose("utter_menu", "/update_information")
    telling.choose("utter_update_what", "/family_changed")

    assert telling.heard("utter_update_family")

    telling.say("00")
    telling.choose("utter_menu", "/update_information")
    telling.choose("utter_update_what", "/change_contact")
    telling.verify(citizen)
    telling.say("1")
    telling.say("0698765432")
    telling.choose("utter_application_send", payload("send"))
    telling.choose("utter_procedure_consent", payload("yes"))

    assert telling.heard("utter_contact_next")


def test_an_address_is_words_and_goes_on_in_a_chat(house: RunningHouse, talk: Begin) -> None:
    citizen = house.citizen("Index above both limits")
    calling = talk(ChannelKind.USSD, citizen["phone"])
    calling.choose("utter_menu", "/update_information")
    calling.choose("utter_update_what", "/change_contact")
    calling.verify(citizen)
    calling.say("2")

    assert calling.heard("utter_application_letters")

    writing = talk(ChannelKind.SMS, citizen["phone"])
    writing.choose("utter_menu", "/update_information")
    writing.choose("utter_update_what", "/change_contact")
    writing.verify(citizen)
    writing.choose("utter_application_resume", payload("go_on"))
    writing.say("12 rue des Orangers, Salé")

    assert "Orangers" in writing.hears


def test_nobody_is_known_yet_to_the_population_register_and_consent_is_enough(
    talk: Begin,
) -> None:
    asking = talk(ChannelKind.USSD)
    asking.choose("utter_menu", "/apply")
    asking.pick("RNP")
    asking.consent()

    assert not asking.heard("utter_ask_idcs")

    asking.say("1")
    asking.say("05111980")
    asking.say("1")
    asking.choose("utter_application_question", payload("skip"))

    assert asking.offers("utter_application_question", payload("skip"))

"""What is the index? Explained to everybody, and one's own to whoever proves who they are."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.messages import ChannelKind
from tests.dialogue.conftest import KINDS
from tests.dialogue.talk import LANGUAGES, Talk
from tests.end_to_end.running_house import RunningHouse

pytestmark = pytest.mark.e2e

Begin = Callable[..., Talk]


def _explained(asking: Talk) -> Talk:
    asking.choose("utter_menu", "/more")
    asking.choose("utter_more", "/explain_score")
    assert asking.heard("utter_score")
    return asking


@pytest.mark.parametrize("kind", KINDS)
def test_the_index_is_explained_to_anybody_and_shown_to_whom_it_belongs(
    house: RunningHouse, talk: Begin, kind: ChannelKind
) -> None:
    citizen = house.citizen("Index above both limits")
    asking = _explained(talk(kind, citizen["phone"]))
    assert not asking.heard("utter_ask_idcs")
    asking.choose("utter_score_next", "/see_index")
    asking.verify(citizen)

    assert asking.heard("utter_index")
    assert asking.heard("utter_index_review")
    assert asking.offers("utter_index_next", "/check_eligibility")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_explanation_is_given_in_every_language(talk: Begin, language: str) -> None:
    _explained(talk(ChannelKind.USSD, language=language))


def test_without_an_index_it_is_said_so(house: RunningHouse, talk: Begin) -> None:
    citizen = house.citizen("Household registered, no index yet")
    asking = _explained(talk(ChannelKind.USSD, citizen["phone"]))
    asking.choose("utter_score_next", "/see_index")
    asking.verify(citizen)

    assert asking.heard("utter_eligibility_no_index")


def test_who_refuses_is_shown_no_index(talk: Begin) -> None:
    asking = _explained(talk(ChannelKind.WHATSAPP))
    asking.choose("utter_score_next", "/see_index")
    asking.choose("utter_ask_consent", "/deny")

    assert asking.heard("utter_consent_refused")


def test_the_index_is_explained_in_between_and_the_question_comes_back(
    house: RunningHouse, talk: Begin
) -> None:
    citizen = house.citizen("Index above both limits")
    asking = talk(ChannelKind.WHATSAPP, citizen["phone"])
    asking.choose("utter_menu", "/check_eligibility")
    asking.consent()
    asking.say("Comment est calculé ce chiffre ?")

    assert asking.heard("utter_score")
    assert asking.heard("utter_ask_idcs")
    asking.verify(citizen)
    assert asking.heard("utter_programme_above")


def test_while_the_register_is_away_the_index_is_asked_for_again(
    house: RunningHouse, talk: Begin
) -> None:
    citizen = house.citizen("Index above both limits")
    asking = _explained(talk(ChannelKind.USSD, citizen["phone"]))
    asking.choose("utter_score_next", "/see_index")
    asking.consent()
    asking.say(citizen["idcs"])
    year, month, day = citizen["birth_date"].split("-")
    with house.stalled("registry"):
        asking.say(day + month + year)
        assert asking.heard("utter_registry_unavailable")

    asking.choose("utter_registry_unavailable", "/try_again")

    assert asking.heard("utter_index")

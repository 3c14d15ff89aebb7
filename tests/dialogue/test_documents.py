"""The papers for an aid or a register: told to anybody, and never more than the files know."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.messages import ChannelKind
from tests.dialogue.catalogue_talk import PROGRAMMES, is_told, pick
from tests.dialogue.conftest import KINDS
from tests.dialogue.talk import LANGUAGES, Talk
from tests.end_to_end.running_house import RunningHouse

pytestmark = pytest.mark.e2e

Begin = Callable[..., Talk]


def which(asking: Talk) -> Talk:
    """Ask by the menu for papers."""
    asking.choose("utter_menu", "/more")
    asking.choose("utter_more", "/required_documents")
    assert asking.heard("utter_documents_which"), asking.hears
    return asking


@pytest.mark.parametrize("kind", KINDS)
def test_every_paper_of_the_file_is_told(talk: Begin, kind: ChannelKind) -> None:
    asking = which(talk(kind))
    rnp = pick(asking, "rnp")

    for document in rnp.documents:
        assert is_told(asking, document.text.in_language("fr")), document.key
    assert asking.heard("utter_documents_more")
    assert asking.offers("utter_documents_next", '/apply{"programme":"{programme_key}"}')


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_papers_are_told_in_every_language(talk: Begin, language: str) -> None:
    asking = which(talk(ChannelKind.USSD, language=language))
    rsu = pick(asking, "rsu")

    assert all(is_told(asking, one.text.in_language(language)) for one in rsu.documents)


def test_an_aid_named_in_free_words_needs_no_menu(talk: Begin) -> None:
    asking = talk(ChannelKind.WHATSAPP)
    asking.say("quels papiers pour AMO Tadamon ?")

    assert asking.heard("utter_documents"), asking.hears
    document = PROGRAMMES["amo_tadamon"].documents[0]
    assert is_told(asking, document.text.in_language("fr"))


def test_from_an_aid_one_goes_on_to_its_papers(talk: Begin) -> None:
    asking = talk(ChannelKind.SMS)
    asking.choose("utter_menu", "/more")
    asking.choose("utter_more", "/list_programmes")
    pick(asking, "asd")
    asking.choose("utter_programme_next", '/required_documents{"programme":"{programme_key}"}')

    assert asking.heard("utter_documents"), asking.hears


def test_asked_during_the_identity_questions_it_is_answered_and_nothing_given_is_lost(
    house: RunningHouse, talk: Begin
) -> None:
    citizen = house.citizen("Index above both limits")
    asking = talk(ChannelKind.WHATSAPP, citizen["phone"])
    asking.choose("utter_menu", "/check_registration")
    asking.consent()
    asking.say("quels papiers pour le RNP ?")

    assert asking.heard("utter_documents"), asking.hears
    assert asking.heard("utter_ask_idcs")
    asking.verify(citizen)
    assert asking.heard("utter_no_promise")


def test_the_papers_are_told_while_the_register_is_away(house: RunningHouse, talk: Begin) -> None:
    with house.stalled("registry"):
        asking = which(talk(ChannelKind.USSD))
        pick(asking, "asd")

    assert asking.heard("utter_documents")

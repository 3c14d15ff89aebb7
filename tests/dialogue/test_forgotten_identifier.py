"""A forgotten identifier is never told; how it is found again is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.messages import ChannelKind
from tests.dialogue.conftest import KINDS
from tests.dialogue.talk import LANGUAGES, Talk
from tests.end_to_end.running_house import RunningHouse

pytestmark = pytest.mark.e2e

Begin = Callable[..., Talk]


@pytest.mark.parametrize("kind", KINDS)
def test_how_to_find_it_again_is_told_without_an_identity(talk: Begin, kind: ChannelKind) -> None:
    asking = talk(kind)
    asking.choose("utter_menu", "/more")
    asking.choose("utter_more", "/forgot_identifier")

    assert asking.heard("utter_forgot_identifier")
    assert "rnp.ma" in asking.hears
    assert asking.offers("utter_what_next", "/talk_to_agent")


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_told_in_every_language(talk: Begin, language: str) -> None:
    asking = talk(ChannelKind.SMS, language=language)
    asking.choose("utter_menu", "/more")
    asking.choose("utter_more", "/forgot_identifier")

    assert asking.heard("utter_forgot_identifier")


def test_who_has_forgotten_it_when_asked_reads_how_and_may_still_type_it(
    house: RunningHouse, talk: Begin
) -> None:
    citizen = house.citizen("Index above both limits")
    asking = talk(ChannelKind.WHATSAPP, citizen["phone"])
    asking.choose("utter_menu", "/check_registration")
    asking.consent()
    asking.say("jé oublié mon idcs")

    assert asking.heard("utter_forgot_identifier")
    assert asking.heard("utter_ask_idcs")
    assert citizen["idcs"] not in asking.hears
    asking.verify(citizen)
    assert asking.heard("utter_rnp_registered")

"""What was answered and chosen in an application stands in no store and no log."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.messages import ChannelKind
from tests.dialogue.applications.applicant import Applicant, payload
from tests.end_to_end import test_privacy as searching
from tests.end_to_end.running_house import RunningHouse

pytestmark = pytest.mark.e2e

WORDS = "la toiture du salon fuit beaucoup"
GIVEN = ("0655443322", "+212655443322", "17/09/2026", "2026-09-17", "toiture", "fuit beaucoup")


def test_nothing_answered_in_an_application_stays_behind(
    house: RunningHouse, applicant: Callable[..., Applicant]
) -> None:
    filling = applicant(ChannelKind.WHATSAPP, summary="shares a phone with Zineb").begin()
    filling.answer("children", "1").answer("heating", "2").answer("cold_since", "17/09/2026", "1")
    if filling.talk.offers("utter_application_question", payload("done")):
        filling.talk.choose("utter_application_question", payload("done"))
    filling.answer("words", WORDS).answer("phone", "06 55 44 33 22")

    assert "toiture" in filling.talk.hears

    reference = filling.send()
    places = {
        "redis": searching._redis_contents(house),
        "records": searching._sql_contents(house.records_url),
        "logs": searching._logs(house.data / "logs"),
    }
    forms = {form for value in (*GIVEN, filling.citizen["idcs"]) for form in written(value)}
    found = {
        (place, form)
        for place, content in places.items()
        for form in forms
        if searching._stands_in(form, content)
    }

    assert set() == found
    assert reference in places["records"]


def written(value: str) -> set[str]:
    """A value as it might stand somewhere."""
    return searching._written_forms(value) if any(map(str.isdigit, value)) else {value}

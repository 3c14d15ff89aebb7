"""Services that are begun, done and left; and the screens and meanings they are known by."""

from __future__ import annotations

from datetime import timedelta
from fnmatch import filter as matching
from pathlib import Path

import pytest
import yaml

from locales.responses import responses
from tests.builders import NOW
from transcripts.journeys import Said, journeys, services
from transcripts.varieties import VARIETIES, variety_of

ROOT = Path(__file__).parents[3]


def said(minute: float, meaning: str = "", *keys: str) -> Said:
    return Said(NOW + timedelta(minutes=minute), meaning, keys)


def test_a_service_is_done_at_its_screen() -> None:
    talk = [said(0, "find_office", "utter_ask_region"), said(1, "inform", "utter_office")]

    [journey] = journeys(talk, NOW + timedelta(minutes=2))

    assert ("find_office", "done") == (journey.service, journey.end)
    assert ["utter_ask_region", "utter_office"] == journey.screens


def test_a_service_that_another_follows_is_left() -> None:
    talk = [said(0, "apply", "utter_ask_idcs"), said(1, "track_benefit", "utter_payment_paid")]

    ends = [(one.service, one.end) for one in journeys(talk, NOW)]

    assert [("apply", "left"), ("track_benefit", "done")] == ends


@pytest.mark.parametrize(("later", "end"), [(29, "open"), (31, "left")])
def test_silence_leaves_a_service_after_half_an_hour(later: float, end: str) -> None:
    [journey] = journeys([said(0, "apply", "utter_ask_idcs")], NOW + timedelta(minutes=later))

    assert end == journey.end


def test_the_same_meaning_again_begins_nothing_new() -> None:
    talk = [said(0, "apply", "utter_ask_idcs"), said(2, "apply", "utter_ask_idcs")]

    assert 1 == len(journeys(talk, NOW))


def test_what_belongs_to_no_service_is_no_journey() -> None:
    assert [] == journeys([said(0, "greet", "utter_menu"), said(1, "thank", "utter_thanks")], NOW)


def test_services_are_known_by_intents_and_screens_that_exist() -> None:
    read = yaml.safe_load((ROOT / "bot/domain/intents.yml").read_text("utf-8"))["intents"]
    intents = {one if isinstance(one, str) else next(iter(one)) for one in read}
    keys = [key for key, _ in responses().variants]

    for service in services().values():
        assert set() == service.begins - intents
        assert [] == [pattern for pattern in service.done if not matching(keys, pattern)]


def test_no_two_services_begin_alike() -> None:
    begun = [intent for service in services().values() for intent in service.begins]

    assert len(set(begun)) == len(begun)


@pytest.mark.parametrize(
    ("language", "text", "variety"),
    [
        ("fr", "je veux payer", "fr"),
        ("ary", "wach dazo lflous", "ary_latn"),
        ("ary", "واش دازو لفلوس", "ary_arab"),
        ("ar", "متى يصرف الدعم", "ar"),
        ("zgh", "ⵎⴰⵏⵉ ⵍⵍⴰⵏ ⵉⵇⴰⵔⵉⴹⵏ", "zgh_tfng"),
        ("fr", "ⵎⴰⵏⵉ", "zgh_tfng"),
        ("zgh", "mani illan iqariden", "zgh_latn"),
        ("", "واش", "ary_arab"),
    ],
)
def test_a_message_has_the_variety_of_its_letters(language: str, text: str, variety: str) -> None:
    assert variety == variety_of(language, text)


def test_varieties_are_the_folders_of_the_training_data() -> None:
    assert {path.name for path in (ROOT / "data/nlu").iterdir()} == set(VARIETIES)

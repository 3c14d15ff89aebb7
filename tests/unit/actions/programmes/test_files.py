"""The programme files that come with the service: what each must say, and what it may not."""

from __future__ import annotations

from datetime import date

import pytest

from actions.programmes import Programme, load_programmes
from actions.programmes.check import faults, text_faults, texts_of
from actions.programmes.texts import Texts
from locales.languages import languages

TODAY = date(2026, 11, 23)
ALL = load_programmes()
EIGHT = {
    *("amo_tadamon", "amo_achamil", "asd_child", "asd_flat"),
    *("birth_grant", "school_grant", "daam", "minhaty"),
}
APPLIED_FOR = [one for one in ALL.values() if one.is_open]
PARTS = [one for one in ALL.values() if one.part_of]
ENDED = [one for one in ALL.values() if one.status == "ended"]


def keyed(programmes: list[Programme]) -> list[object]:
    return [pytest.param(one, id=one.key) for one in programmes]


def test_eight_programmes_and_the_two_registers_are_there() -> None:
    going = {key for key, one in ALL.items() if one.status != "ended"}

    assert {*EIGHT, "asd", "rnp", "rsu"} <= going
    assert {"rnp", "rsu"} == {key for key, one in ALL.items() if one.kind == "register"}


@pytest.mark.parametrize("programme", keyed(list(ALL.values())))
def test_every_programme_is_named_and_summed_up(programme: Programme) -> None:
    assert programme.summary is not None
    assert all(len(short) <= 16 for short in programme.short_names.languages.values())


@pytest.mark.parametrize("programme", keyed(APPLIED_FOR))
def test_what_is_applied_for_here_has_a_few_questions_papers_and_a_place(
    programme: Programme,
) -> None:
    assert 4 <= len(programme.questions) <= 9
    assert programme.documents
    assert programme.place is not None
    assert all(question.label for question in programme.questions)


@pytest.mark.parametrize("programme", keyed(PARTS))
def test_a_part_is_told_of_and_asked_for_in_the_whole(programme: Programme) -> None:
    assert ALL[programme.part_of].is_open
    assert programme.amounts_on(TODAY)
    assert () == programme.questions


@pytest.mark.parametrize("programme", keyed(ENDED))
def test_what_has_ended_asks_nothing_and_names_what_goes_on(programme: Programme) -> None:
    assert "ended" != ALL[programme.successor].status
    assert () == programme.questions + programme.amounts


@pytest.mark.parametrize("programme", keyed(list(ALL.values())))
def test_no_fact_is_dated_in_the_future_or_without_a_source(programme: Programme) -> None:
    lists = ("thresholds", "conditions", "amounts", "delays", "documents")
    for fact in (fact for name in lists for fact in getattr(programme, name)):
        assert fact.since <= TODAY
        assert len(fact.source) > 30


@pytest.mark.parametrize(
    ("day", "amounts"),
    [
        (date(2023, 12, 1), {}),
        (date(2024, 6, 1), {"first_three": 200, "first_three_out_of_school": 150}),
        (date(2025, 6, 1), {"first_three": 250, "first_three_out_of_school": 175}),
        (TODAY, {"first_three": 300, "first_three_out_of_school": 200}),
    ],
)
def test_the_child_aid_pays_what_the_day_says(day: date, amounts: dict[str, int]) -> None:
    further = {"further": 36, "further_out_of_school": 24} if amounts else {}
    told = {one.key: int(one.dirhams) for one in ALL["asd_child"].amounts_on(day)}

    assert {**amounts, **further} == told


@pytest.mark.parametrize(
    ("key", "amounts"),
    [
        ("asd_flat", {"household": (500, "month")}),
        ("birth_grant", {"first": (2000, "once"), "second": (1000, "once")}),
        ("school_grant", {"primary": (200, "year"), "upper_secondary": (300, "year")}),
        ("amo_tadamon", {}),
    ],
)
def test_the_other_amounts_are_those_of_the_sources(
    key: str, amounts: dict[str, tuple[int, str]]
) -> None:
    told = {one.key: (int(one.dirhams), one.per) for one in ALL[key].amounts_on(TODAY)}

    assert amounts == told


def test_an_asd_request_is_answered_and_appealed_within_the_days_of_the_law() -> None:
    days = {what: ALL["asd"].days_for(what, TODAY) for what in ("decision", "appeal")}

    assert {"decision": 30, "appeal": 15} == days


def test_who_prepares_a_visit_is_told_no_day_of_an_answer() -> None:
    assert ALL["rnp"].days_for("decision", TODAY) is None


def test_nobody_is_identified_before_being_in_the_population_register() -> None:
    assert ["rnp"] == [key for key, one in ALL.items() if one.identity == "none"]


def test_no_alias_stands_for_two_things() -> None:
    meant: dict[str, set[str]] = {}
    for programme in ALL.values():
        for alias in programme.aliases:
            meant.setdefault(" ".join(alias.casefold().split()), set()).add(programme.means)

    assert {} == {alias: values for alias, values in meant.items() if len(values) > 1}


def test_every_text_is_in_its_own_letters_and_attested_or_marked_for_review() -> None:
    assert [] == faults(ALL)


def test_an_amazigh_word_that_nobody_attests_is_found_unless_it_is_marked() -> None:
    words = {"ar": "كلمة", "ary": "كلمة", "fr": "mot", "zgh": "ⴰⵡⴰⵍⵍⵓ"}

    assert ["ⴰⵡⴰⵍⵍⵓ" in fault for fault in text_faults(Texts(words))] == [True]
    assert [] == list(text_faults(Texts({**words, "review": "the word"})))


def test_a_placeholder_or_a_hidden_sign_has_no_place_in_a_file() -> None:
    for programme in ALL.values():
        for place, text in texts_of(programme):
            for code in languages():
                assert not set("{}<>[]\u200f\u200e") & set(text.in_language(code)), place

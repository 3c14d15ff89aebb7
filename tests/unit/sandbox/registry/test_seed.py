"""The synthetic population: large, varied, valid, and the same everywhere."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import phonenumbers
import pytest

from core.identifiers import has_good_check_digit, read_idcs
from sandbox.registry.data_files import read_data
from sandbox.registry.seed import Population, make_population

TODAY = date(2026, 11, 23)
AMO_TADAMON, ASD = Decimal("9.3264284"), Decimal("9.743001")


@pytest.fixture(scope="module")
def population() -> Population:
    """The population, aged from one day."""
    return make_population(TODAY)


def test_the_population_is_the_same_on_every_machine(population: Population) -> None:
    told = json.dumps([population.households, population.people], default=str).encode()

    expected = "1c6db6bb167d32a7"
    assert expected == hashlib.sha256(told).hexdigest()[:16]


def test_people_stay_who_they_are_on_another_day(population: Population) -> None:
    later = make_population(TODAY + timedelta(days=400))

    assert population.people == later.people
    assert [h["index"] for h in population.households] == [h["index"] for h in later.households]


def test_there_are_two_hundred_households_in_all_twelve_regions(population: Population) -> None:
    regions = {latin for latin, _ in read_data("names.toml")["regions"]}

    assert 12 == len(regions)
    assert regions == {household["region"] for household in population.households}
    assert {"urban", "rural"} == {household["area"] for household in population.households}
    assert len(population.households) >= 200


def test_every_status_is_there(population: Population) -> None:
    rnp = {person["rnp_status"] for person in population.people}
    rsu = {household["rsu_status"] for household in population.households}
    enrolled = {(row["programme"], row["status"]) for row in population.enrolments}

    assert {"registered", "pre_registered", "data_to_update"} == rnp
    assert {
        "pre_registered",
        "awaiting_visit",
        "registered",
        "index_ready",
        "data_to_update",
    } == rsu
    for programme in ("asd", "amo_tadamon"):
        assert {(programme, "active"), (programme, "suspended")} <= enrolled


def test_indexes_lie_below_between_above_and_exactly_at_the_limits(population: Population) -> None:
    indexes = [Decimal(h["index"]) for h in population.households if h["index"]]

    assert min(indexes) < AMO_TADAMON
    assert any(AMO_TADAMON < index < ASD for index in indexes)
    assert max(indexes) > ASD
    assert {AMO_TADAMON, ASD} <= set(indexes)
    assert any(household["index"] is None for household in population.households)


def test_some_indexes_are_more_than_a_year_old_and_none_is_of_the_future(
    population: Population,
) -> None:
    ages = [(TODAY - h["index_date"]).days for h in population.households if h["index_date"]]

    assert min(ages) > 0
    assert sum(age <= 365 for age in ages) > 20
    assert sum(age > 365 for age in ages) > 20


def test_an_index_has_a_date_and_only_then(population: Population) -> None:
    for household in population.households:
        assert (household["index"] is None) == (household["index_date"] is None)


def test_every_identifier_is_unique_and_all_but_one_pass_the_check_digit(
    population: Population,
) -> None:
    identifiers = [person["idcs"] for person in population.people]

    assert len(identifiers) == len(set(identifiers))
    assert all(read_idcs(idcs) == idcs and idcs[0] in "23456789" for idcs in identifiers)
    assert ["5556667770"] == [idcs for idcs in identifiers if not has_good_check_digit(idcs)]


def test_phones_are_valid_and_two_people_alone_share_one(population: Population) -> None:
    phones = Counter(person["phone"] for person in population.people if person["phone"])

    assert {"+212600000009": 2} == {phone: count for phone, count in phones.items() if count > 1}
    for phone in phones:
        assert phonenumbers.is_valid_number(phonenumbers.parse(phone))


def test_a_household_has_as_many_members_as_it_says(population: Population) -> None:
    members = Counter(person["household_code"] for person in population.people)

    for household in population.households:
        assert household["size"] == members[household["code"]]


def test_names_are_written_in_both_scripts(population: Population) -> None:
    for person in population.people:
        assert person["given_name"].isascii()
        assert not person["given_name_arabic"].isascii()


def test_the_demonstration_people_cover_every_language_and_the_odd_cases(
    population: Population,
) -> None:
    demo = [person for person in population.people if person["summary"]]

    assert 10 <= len(demo) <= 25
    assert {"ar", "ary", "fr", "zgh"} == {person["language"] for person in demo}
    assert 1 == sum(person["phone"] is None for person in demo)
    assert any(person["household_code"] is None for person in demo)

"""Offices: of a home address, of a place in words, near a place; and their appointments."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.contract.registry import people
from tests.contract.registry.worlds import World

RABAT = (34.02, -6.84)


def test_the_office_of_a_home_is_a_centre_of_its_region(world: World) -> None:
    office = world.registry.home_office(people.FATIMA, "fr")

    assert office is not None
    assert "Casablanca-Settat" == office.region
    assert not office.is_mobile


@pytest.mark.parametrize("idcs", [people.SALMA, people.NOBODY, "", "\ud800"])
def test_without_a_home_there_is_no_office(world: World, idcs: str) -> None:
    assert world.registry.home_office(idcs, "fr") is None


@pytest.mark.parametrize("place", ["Salé", "sale", "SALE", "سلا", "commune de Salé"])
def test_a_commune_is_found_however_it_is_written(world: World, place: str) -> None:
    assert ["CSC-04-02"] == [office.code for office in world.registry.offices(place, "fr")]


def test_a_region_gives_all_its_offices_mobile_units_included(world: World) -> None:
    found = world.registry.offices("Béni Mellal Khénifra", "fr")

    assert {"Béni Mellal-Khénifra"} == {office.region for office in found}
    assert any(office.is_mobile and office.days for office in found)
    assert len(found) <= 10


@pytest.mark.parametrize("place", ["", "Atlantis", "-", "x" * 150])
def test_a_place_that_is_none_has_no_offices(world: World, place: str) -> None:
    assert () == world.registry.offices(place, "fr")


def test_words_are_in_the_language_asked_for(world: World) -> None:
    (latin,) = world.registry.offices("Tiznit", "zgh")
    (arabic,) = world.registry.offices("Tiznit", "ary")

    assert latin.code == arabic.code
    assert ("Tiznit", "تيزنيت") == (latin.commune, arabic.commune)


def test_hours_are_told_where_there_are_any_alone(world: World) -> None:
    found = world.registry.offices("Casablanca-Settat", "fr")

    assert any(office.hours for office in found)
    assert any(not office.hours for office in found)


def test_the_five_nearest_come_nearest_first(world: World) -> None:
    found = world.registry.offices_near(*RABAT, "fr")

    assert 5 == len(found)
    assert ["Rabat", "Salé"] == [office.commune for office in found[:2]]


def test_appointments_come_soonest_first_and_lie_ahead(world: World) -> None:
    slots = world.registry.slots("CSC-01-01")

    begins = [slot.begins for slot in slots]
    assert 10 == len(slots)
    assert sorted(begins) == begins
    assert begins[0] > datetime.now(UTC)


@pytest.mark.parametrize("office", ["", "UM-02-01", "CSC-99-99", "\ud800"])
def test_who_gives_no_appointments_has_none(world: World, office: str) -> None:
    assert () == world.registry.slots(office)

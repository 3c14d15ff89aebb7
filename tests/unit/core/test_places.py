"""Names of places as people write them."""

from __future__ import annotations

import pytest

from core.places import find_named, is_place_named, kilometres


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("sale", "Salé"),
        ("SALÉ", "Salé"),
        ("oriental", "L'Oriental"),
        ("jadida", "El Jadida"),
        ("fes meknes", "Fès-Meknès"),
        ("الجديدة", "الجديده"),
        ("اگادير", "أگادير"),
        ("الدار البيضاء", "الدار البيضاء - سطات"),
        ("commune de Salé", "Salé"),
    ],
)
def test_a_place_is_known_however_it_is_written(asked: str, name: str) -> None:
    assert is_place_named(asked, name)


@pytest.mark.parametrize(
    ("asked", "name"), [("", "Salé"), ("el", "El Jadida"), ("Sal", "Salé"), ("---", "Salé")]
)
def test_a_piece_of_a_name_is_no_name(asked: str, name: str) -> None:
    assert not is_place_named(asked, name)


def test_a_distance_is_in_kilometres() -> None:
    rabat, casablanca = (34.0209, -6.8416), (33.5731, -7.5898)

    assert 80 < kilometres(rabat, casablanca) < 95
    assert 0 == kilometres(rabat, rabat)


def test_a_whole_name_goes_before_a_part_of_one() -> None:
    communes = [
        ("one", ("Béni Mellal", "بني ملال"), ("Béni Mellal-Khénifra",)),
        ("two", ("Khénifra",), ("Béni Mellal-Khénifra",)),
    ]

    assert ["one"] == find_named("beni mellal", communes)
    assert ["one", "two"] == find_named("Beni Mellal Khenifra", communes)
    assert ["one"] == find_named("الى بني ملال", communes)
    assert [] == find_named("", communes)

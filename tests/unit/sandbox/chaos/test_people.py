"""What of somebody else's file is found on a screen."""

from __future__ import annotations

from sandbox.chaos.people import Person, foreign_values

ME = Person("4699149152", "11/12/1991", "+212626917864", "9,1204567")
OTHER = Person("2852598596", "07/03/1987", "+212642413091", "9,5124369")
ALIKE = [Person(f"71234567{n}0", "01/01/1990", f"+21261234567{n}", "8,8888888") for n in (1, 2)]
PEOPLE = [ME, OTHER, *ALIKE]


def test_somebody_elses_index_and_identifier_are_found() -> None:
    screen = "RSU : indice : 9,5124369 pour 2852598596"

    assert ["2852598596", "9,5124369"] == foreign_values(ME, PEOPLE, screen)


def test_what_is_ones_own_is_not_somebody_elses() -> None:
    assert [] == foreign_values(ME, PEOPLE, "Indice : 9,1204567, IDCS 4699149152")


def test_nobody_is_known_by_an_index_that_two_have() -> None:
    assert [] == foreign_values(ME, PEOPLE, "Indice : 8,8888888")

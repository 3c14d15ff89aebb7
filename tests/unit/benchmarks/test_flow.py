"""The session that is measured."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from benchmarks.flow import constant_session, screens_text, session
from benchmarks.people import Person

PERSON = Person("2111111116", date(1985, 3, 2), "+212600000001", Decimal("9.1204567"))


def test_the_measured_session_has_ten_hops_that_each_expect_something() -> None:
    hops = session(PERSON)

    assert ["", "9", "00", "1", "2111111116", "02031985", "98", "98", "00", "9"] == [
        hop.keys for hop in hops
    ]
    assert all(mark for hop in hops for mark in hop.marks)
    assert "9,1204567" in hops[7].marks


def test_the_constant_is_asked_the_same_keys() -> None:
    keys = [hop.keys for hop in session(PERSON)]

    assert keys == [hop.keys for hop in constant_session(PERSON)]


def test_a_sentence_is_found_over_two_pages() -> None:
    assert "a sentence over pages" == screens_text(
        ["a sentence\n98 more  0 back", "over\npages\n00 menu"]
    )

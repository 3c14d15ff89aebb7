"""Statuses only go further, whatever order their reports come in."""

from __future__ import annotations

from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.statuses import ARRIVED, FAILED, further, is_status

KNOWN = ["accepted", "scheduled", "queued", "sending", "sent", *sorted(FAILED), "delivered", "read"]
REPORTS = st.lists(st.sampled_from([*KNOWN, "receiving", "nonsense", ""]), max_size=12)


@given(REPORTS, st.randoms())
def test_reports_in_any_order_and_doubled_end_the_same(reports: list[str], random: object) -> None:
    shuffled = [*reports, *reports]
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    assert reduce(further, reports, "") == reduce(further, shuffled, "")


@given(REPORTS)
def test_a_message_that_arrived_has_arrived(reports: list[str]) -> None:
    last = reduce(further, reports, "")

    assert (last in ARRIVED) == any(report in ARRIVED for report in reports)


@pytest.mark.parametrize(
    ("known", "told", "expected"),
    [
        ("", "queued", "queued"),
        ("sent", "queued", "sent"),
        ("read", "delivered", "read"),
        ("delivered", "undelivered", "delivered"),
        ("undelivered", "sent", "undelivered"),
        ("failed", "delivered", "delivered"),
        ("sent", "received", "sent"),
    ],
)
def test_the_furthest_status_holds(known: str, told: str, expected: str) -> None:
    assert expected == further(known, told)


def test_what_is_no_status_is_known_as_none() -> None:
    assert all(map(is_status, KNOWN))
    assert not any(map(is_status, ["", "received", "DELIVERED"]))

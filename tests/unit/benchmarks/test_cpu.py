"""What processes spent between two readings."""

from __future__ import annotations

import pytest

from benchmarks.cpu import Machine, Reading, ServersChanged, counted


def test_only_what_was_spent_since_is_told() -> None:
    before = Reading({"door": 1.0, "engine": 2.0}, frozenset({10, 11}))
    after = Reading({"door": 1.5, "engine": 4.0}, frozenset({10, 11}))

    assert {"door": 0.5, "engine": 2.0} == after.since(before)


def test_a_server_that_was_restarted_spoils_the_measurement() -> None:
    before = Reading({"door": 1.0}, frozenset({10}))
    after = Reading({"door": 0.2}, frozenset({12}))

    with pytest.raises(ServersChanged):
        after.since(before)


def test_what_is_pretended_is_not_counted() -> None:
    spent = {"door": 0.5, "redis": 0.25, "registry": 4.0, "phone": 8.0}

    assert 0.75 == counted(spent)


def test_others_have_the_share_that_nobody_here_spent() -> None:
    before = Machine(busy=10.0, ours=4.0, total=100.0)
    after = Machine(busy=18.0, ours=7.0, total=120.0)

    assert 0.25 == after.others_since(before)
    assert 0.0 == Machine(11.0, 9.0, 120.0).others_since(before)

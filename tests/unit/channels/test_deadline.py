"""A hop is answered once: by its turn or by its clock, and what the clock said stays true."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from channels.deadline import Deadline


@given(st.integers(0, 3), st.booleans())
def test_exactly_one_of_turn_and_clock_answers(before: int, keeps: bool) -> None:
    deadline = Deadline()
    steps = [deadline.keep] if keeps else []
    steps += [deadline.take, deadline.leave]
    for step in steps[:before]:
        step()
    by_clock = deadline.overtake()
    by_turn = [step() for step in steps[before:]][-1:] or [before >= len(steps)]

    assert by_clock != by_turn[0]


def test_what_was_said_not_to_be_kept_is_kept_no_more() -> None:
    deadline = Deadline()
    deadline.overtake()

    assert not deadline.is_kept
    assert not deadline.keep()
    assert not deadline.is_kept


def test_what_is_kept_stays_so_when_the_clock_strikes() -> None:
    deadline = Deadline()
    deadline.keep()

    assert deadline.overtake()
    assert deadline.is_kept
    assert deadline.keep()


def test_a_turn_whose_answer_is_being_saved_may_be_overtaken_until_it_leaves() -> None:
    deadline = Deadline()

    assert deadline.take()
    assert deadline.overtake()
    assert not deadline.leave()


def test_the_time_of_the_answer_stands_still_once_it_is_given() -> None:
    deadline = Deadline()
    deadline.take()
    deadline.leave()
    first = deadline.answered_after

    assert first == deadline.answered_after > 0

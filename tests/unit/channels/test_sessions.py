"""Every hop of a session brings the one input that is new, whatever the citizen typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.sessions import Hop, read_hop
from core.messages import ChannelKind, SessionEvent
from tests.builders import an_inbound

ANSWERS = st.lists(st.text("0123456789*# aé٣", max_size=6), max_size=8)


def read_call(answers: list[str]) -> list[Hop]:
    """What the door reads of a call, hop by hop, as a cumulative gateway sends it."""
    hops, session, typed = [], "", ""
    for reached in range(len(answers) + 1):
        text = "*".join(answers[:reached])
        hop = read_hop(an_inbound(text), "s", session, typed)
        hops.append(hop)
        session, typed = "s", hop.typed
    return hops


@given(ANSWERS.filter(lambda answers: not answers or answers[0].lstrip("*") == answers[0] != ""))
def test_the_inputs_of_a_call_are_exactly_what_was_typed(answers: list[str]) -> None:
    opening, *later = read_call(answers)

    assert Hop((), True, "") == opening
    assert [(answer,) for answer in answers] == [hop.inputs for hop in later]
    assert not any(hop.is_new or hop.is_stale for hop in later)


@given(st.text("0123456789*# aé٣", min_size=1, max_size=6), ANSWERS)
def test_an_empty_first_answer_changes_nothing_in_those_after_it(
    second: str, others: list[str]
) -> None:
    later = read_call(["", second, *others])[2:]

    assert [(answer,) for answer in [second, *others]] == [hop.inputs for hop in later]


def test_a_first_answer_loses_the_star_that_cannot_be_told_from_an_empty_one() -> None:
    assert [("1",), ("2",)] == [hop.inputs for hop in read_call(["*1", "2"])[1:]]


def test_an_answer_may_hold_stars() -> None:
    hop = read_hop(an_inbound("1*2*3*4"), "s", "s", "1*2")

    assert Hop(("3*4",), False, "1*2*3*4") == hop


def test_an_empty_answer_is_an_input() -> None:
    assert Hop(("",), False, "1*") == read_hop(an_inbound("1*"), "s", "s", "1")


def test_what_was_dialled_behind_the_service_code_is_read_at_once() -> None:
    assert Hop(("1", "2"), True, "1*2") == read_hop(an_inbound("1*2"), "new", "old", "7*8")


def test_another_session_begins_anew() -> None:
    assert Hop((), True, "") == read_hop(an_inbound(""), "new", "old", "1*2*3")


@pytest.mark.parametrize("text", ["1", "1*2", "2*2*9", "12*2"])
def test_a_hop_that_comes_after_a_later_one_changes_nothing(text: str) -> None:
    assert Hop(is_stale=True, typed="1*2") == read_hop(an_inbound(text), "s", "s", "1*2")


@pytest.mark.parametrize("event", [SessionEvent.CONTINUE, SessionEvent.NEW])
def test_a_hop_of_a_lower_count_changes_nothing(event: SessionEvent) -> None:
    late = an_inbound("1", cumulative=False, step=2, session_event=event)

    assert Hop(is_stale=True) == read_hop(late, "s", "s", "", step=3)


@pytest.mark.parametrize(("step", "known"), [(4, 3), (3, 3), (0, 3), (1, 0)])
def test_a_hop_of_the_same_count_or_of_none_is_read(step: int, known: int) -> None:
    hop = an_inbound("1", cumulative=False, step=step)

    assert Hop(("1",)) == read_hop(hop, "s", "s", "", step=known)


def test_the_count_of_another_session_says_nothing() -> None:
    opening = an_inbound("", cumulative=False, step=1, session_event=SessionEvent.NEW)

    assert Hop((), True) == read_hop(opening, "new", "old", "", step=9)


def test_a_gateway_that_sends_the_last_input_alone_is_read_as_it_speaks() -> None:
    opening = an_inbound("", cumulative=False, session_event=SessionEvent.NEW)
    dialled = an_inbound("1*2", cumulative=False, session_event=SessionEvent.NEW)

    assert Hop((), True) == read_hop(opening, "s", "", "")
    assert Hop(("1", "2"), True) == read_hop(dialled, "s", "", "")
    assert Hop(("1*2",)) == read_hop(an_inbound("1*2", cumulative=False), "s", "s", "")
    assert Hop(("",)) == read_hop(
        an_inbound("", cumulative=False, session_event=SessionEvent.CONTINUE), "s", "s", ""
    )


def test_an_unmarked_first_hop_is_read_as_what_was_dialled() -> None:
    hop = an_inbound("555*1", cumulative=False, session_event=SessionEvent.CONTINUE, opening="1")

    assert Hop(("1",), True) == read_hop(hop, "s", "before", "")
    assert Hop(("555*1",)) == read_hop(hop, "s", "s", "")


@pytest.mark.parametrize("kind", [ChannelKind.WHATSAPP, ChannelKind.SMS])
@pytest.mark.parametrize("text", ["", "1*2", "salam"])
def test_elsewhere_every_message_is_one_input(kind: ChannelKind, text: str) -> None:
    assert Hop((text,)) == read_hop(an_inbound(text, kind=kind), "", "", "")

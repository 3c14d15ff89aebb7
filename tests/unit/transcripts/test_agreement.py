"""Staff agree with the engine, or two of them with each other, or a supervisor decides."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from transcripts.agreement import Decision, Mark, settle

ASD = Mark(1, 2, "programme", "asd")


def by(staff: str, intent: str = "apply", **given: Any) -> Decision:
    told: dict[str, Any] = {"verdict": "intent", "variety": "fr", "marks": ()}
    return Decision(staff, intent=intent, **{**told, **given})


def state(*decisions: Decision, intent: str = "help", entities: Any = ()) -> str:
    return settle(decisions, intent, entities)[0]


def test_who_agrees_with_the_engine_needs_no_second() -> None:
    assert "accepted" == state(by("1"), intent="apply")
    assert "accepted" == state(
        by("1", marks=(ASD,)), intent="apply", entities=[["programme", "asd"]]
    )


def test_who_differs_from_the_engine_waits_for_a_second() -> None:
    assert "open" == state(by("1"))
    assert "open" == state(by("1"), intent="apply", entities=[["programme", "asd"]])
    assert "open" == state(by("1"), by("1"))


def test_two_who_agree_decide() -> None:
    assert "accepted" == state(by("1"), by("2"))
    assert "accepted" == state(by("1"), by("2", "help"), by("3"))


def test_two_who_differ_are_for_a_supervisor() -> None:
    assert "disputed" == state(by("1"), by("2", "deny"))
    assert "disputed" == state(by("1"), by("2", marks=(ASD,)))
    assert "disputed" == state(by("1"), by("2", variety="ary_latn"))


def test_a_supervisor_decides_what_is_disputed_but_not_alone() -> None:
    held = settle([by("1"), by("2", "deny"), by("3", "back", is_final=True)], "help", ())

    assert held[1] is not None
    assert ("accepted", "back") == (held[0], held[1].intent)
    assert "open" == state(by("3", "back", is_final=True))


def test_of_each_the_last_word_counts() -> None:
    assert "accepted" == state(by("1", "deny"), by("1", "apply"), by("2", "apply"))


def test_one_word_is_enough_to_learn_nothing() -> None:
    assert "nothing" == state(by("1", verdict="nothing"))
    assert "discarded" == state(by("1"), by("2", verdict="discard"))
    assert "disputed" == state(by("1"), by("2", verdict="nothing"))


decisions = st.builds(
    by,
    st.sampled_from(["1", "2", "3"]),
    st.sampled_from(["apply", "help", "deny"]),
    verdict=st.sampled_from(["intent", "intent", "intent", "nothing", "discard"]),
    is_final=st.booleans(),
)


@given(st.lists(decisions, max_size=5))
def test_nothing_is_accepted_that_one_alone_thinks_against_the_engine(given: list[Any]) -> None:
    found, holding = settle(given, "help", ())
    if found == "accepted" and holding is not None and not holding.is_final:
        latest = {one.staff: one for one in given}.values()
        alike = [one for one in latest if one.meant == holding.meant]
        assert len(alike) > 1 or holding.intent == "help"


@given(st.lists(decisions, max_size=5))
def test_a_message_that_somebody_discards_is_never_learnt_from(given: list[Any]) -> None:
    latest = {one.staff: one for one in given}.values()
    if any(one.verdict == "discard" for one in latest):
        assert "discarded" == settle(given, "help", ())[0]

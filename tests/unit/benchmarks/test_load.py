"""Citizens who call a gateway that answers rightly, late, wrongly, or not as a gateway does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from flask import Flask, request

from benchmarks.flow import Hop
from benchmarks.load import Load, Outcome
from benchmarks.words import door_said
from tests.served import served

HOPS = [Hop("", ("menu",)), Hop("1", ("page",))]
RIGHT = {"": "CON menu", "1": "CON page"}


def called(answer: Callable[[str], str], hops: Sequence[Hop] = HOPS, **given: Any) -> Outcome:
    """One citizen, who calls once unless said otherwise; the keys typed are what is answered."""
    app = Flask(__name__)

    @app.post("/ussd")
    def ussd() -> str:
        return answer(request.form["text"])

    with served(app) as url:
        callers = [{"number": "+212600000001", "hops": [asdict(hop) for hop in hops]}]
        order = {"url": f"{url}/ussd", "address": "*123#", "callers": callers, "once": True}
        return Load({**order, "citizens": 1, "seconds": 0, **given}).run()


def test_a_right_session_is_counted_turn_by_turn() -> None:
    outcome = called(RIGHT.__getitem__)

    assert (2, 2, 0, []) == (
        outcome.answered,
        len(outcome.milliseconds),
        outcome.late,
        outcome.wrong,
    )


def test_a_wrong_turn_is_told_and_is_in_no_rate() -> None:
    outcome = called(lambda typed: RIGHT[typed] if typed != "1" else "CON menu")

    assert 1 == outcome.answered == len(outcome.milliseconds)
    assert ["WrongAnswer: hop 2 shows 'menu' without 'page'"] == outcome.wrong


def test_a_turn_that_is_pressed_on_until_it_is_answered_is_late_and_right() -> None:
    waiting = {**RIGHT, "1": f"CON {door_said('door_still_working')}", "1*1": "CON page"}

    outcome = called(waiting.__getitem__)

    assert (2, 1, []) == (outcome.answered, outcome.late, outcome.wrong)


def test_a_turn_that_is_never_answered_is_late_and_wrong() -> None:
    still = f"CON {door_said('door_still_working')}"

    outcome = called(lambda typed: still if typed else RIGHT[""])

    assert (1, 1, 1) == (outcome.answered, outcome.late, len(outcome.wrong))


def test_whoever_was_answered_wrongly_leaves_what_is_open_before_calling_again() -> None:
    asked: list[str] = []

    def answer(typed: str) -> str:
        asked.append(typed)
        return "CON something else"

    called(answer)

    assert ["", "", "00"] == asked


def test_everybody_ends_after_as_many_wrong_answers_as_are_borne() -> None:
    outcome = called(lambda _: "CON something else", once=False, seconds=60, wrong_at_most=3)

    assert 3 == len(outcome.wrong)

"""Which question comes next, whatever the questions and whatever is answered."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from actions.applications.walk import CORRECT, SUMMARY, Filled, Walk
from actions.programmes.questions import Question, ShownWhen
from locales.languages import languages

TEXT = dict.fromkeys(languages(), "?")
ANSWERS = ("yes", "no")


def a_question(key: str, **fields: Any) -> Question:
    """A yes-or-no question."""
    return Question.model_validate({"key": key, "type": "yes_no", "text": TEXT, **fields})


@st.composite
def walks(draw: st.DrawFn) -> Walk:
    """Up to seven questions, each of which may depend on answers to earlier ones."""
    questions: list[Question] = []
    for number in range(draw(st.integers(1, 7))):
        on = draw(st.lists(st.sampled_from(questions), max_size=2)) if questions else []
        conditions = tuple(
            ShownWhen(question=q.key, answers=(draw(st.sampled_from(ANSWERS)),)) for q in on
        )
        questions.append(a_question(f"q{number}", show_when=conditions))
    return Walk(questions)


def finished(walk: Walk, filled: Filled, data: st.DataObject) -> Filled:
    """Answer until nothing is open."""
    while walk.question(filled):
        filled = walk.answer(filled, data.draw(st.sampled_from(ANSWERS)))
    return filled


@given(walks(), st.data())
def test_answering_ends_at_the_summary_with_every_shown_question_answered(
    walk: Walk, data: st.DataObject
) -> None:
    filled = finished(walk, walk.begin(), data)

    assert SUMMARY == filled.open
    assert walk.shown(filled) == walk.answered(filled)
    assert {q.key for q in walk.shown(filled)} == set(filled.answers)


@given(walks(), st.data())
def test_after_a_correction_no_answer_is_left_that_is_asked_no_more(
    walk: Walk, data: st.DataObject
) -> None:
    filled = finished(walk, walk.begin(), data)
    key = data.draw(st.sampled_from([q.key for q in walk.answered(filled)]))
    corrected = finished(walk, walk.correct(walk.go_to(filled, CORRECT), key), data)

    assert SUMMARY == corrected.open
    assert {q.key for q in walk.shown(corrected)} == set(corrected.answers)


@given(walks(), st.data())
def test_going_back_from_the_summary_passes_every_shown_question_and_loses_nothing(
    walk: Walk, data: st.DataObject
) -> None:
    filled = finished(walk, walk.begin(), data)
    passed: list[str] = []
    here = walk.back(filled)
    while here is not None:
        passed.append(here.open)
        assert filled.answers == here.answers
        here = walk.back(here)

    assert [q.key for q in reversed(walk.shown(filled))] == passed


@given(walks(), walks(), st.data())
def test_a_draft_of_other_questions_goes_on_with_those_of_today(
    before: Walk, today: Walk, data: st.DataObject
) -> None:
    filled = before.begin()
    for _ in range(data.draw(st.integers(0, 7))):
        if before.question(filled):
            filled = before.answer(filled, data.draw(st.sampled_from(ANSWERS)))
    mended = today.mended(filled)

    assert today.question(mended) in today.shown(mended) or mended.open == SUMMARY
    assert {q.key for q in today.answered(mended)} == set(mended.answers)


def test_the_parts_of_an_answer_are_taken_back_one_by_one() -> None:
    walk = Walk([a_question("first"), a_question("second")])
    filled = walk.pick(walk.pick(walk.answer(walk.begin(), "yes"), "a"), "b")
    once = walk.back(filled)
    assert once is not None
    twice = walk.back(once)
    assert twice is not None
    before = walk.back(twice)

    assert ("a",) == once.picked
    assert () == twice.picked
    assert before is not None
    assert "first" == before.open

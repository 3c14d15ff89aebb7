"""A warning of Rasa's is let pass only where somebody says or sends what it misses in the rules."""

from __future__ import annotations

import re

from tests.unit.bin.scripts import script

validate = script("validate")

UNSAID = "The utterance 'utter_{}' is not used in any story or rule."
UNLEARNT = (
    "The intent '{}' is listed in the domain file, but is not found in the NLU training data."
)


def faults(*found: str, said: str = "", sent: str = "") -> list[str]:
    """What is left of these warnings, beside a module and a file of responses."""
    left: list[str] = validate.faults(list(found), list(validate.spoken(said)), validate.sent(sent))
    return left


def test_a_response_that_an_action_says_is_explained() -> None:
    assert [] == faults(UNSAID.format("score"), said='telling.say("utter_score")')


def test_a_response_whose_name_an_action_puts_together_is_explained() -> None:
    said = 'telling.say(f"utter_days_{what}")'

    assert [] == faults(UNSAID.format("days_appeal"), said=said)
    assert 1 == len(faults(UNSAID.format("nights"), said=said))


def test_a_response_that_nobody_says_is_a_fault() -> None:
    assert [UNSAID.format("orphan")] == faults(UNSAID.format("orphan"), said='say("utter_score")')


def test_a_name_that_is_all_filled_in_explains_nothing() -> None:
    assert 1 == len(faults(UNSAID.format("orphan"), said='say(f"utter_{what}")'))


def test_an_intent_of_a_button_is_explained_and_another_is_a_fault() -> None:
    buttons = """payload: '/apply{"programme":"asd"}'"""

    assert [] == faults(UNLEARNT.format("apply"), sent=buttons)
    assert [UNLEARNT.format("orphan")] == faults(UNLEARNT.format("orphan"), sent=buttons)


def test_any_other_warning_is_a_fault() -> None:
    other = "There is an example in two intents."

    assert [other] == faults(other)


def test_warnings_are_read_through_colours_and_paths() -> None:
    output = "\x1b[93m/x/io.py:100: UserWarning: Something is wrong.\nfine\n\x1b[0m"

    assert ["Something is wrong."] == list(validate.warnings(output))


def test_the_questions_of_a_form_are_said_by_its_slots() -> None:
    asked = validate.asked_in_forms("required_slots: [idcs, code]")

    assert {"utter_ask_idcs", "utter_ask_code"} == asked
    assert all(re.fullmatch(r"utter_ask_\w+", name) for name in asked)

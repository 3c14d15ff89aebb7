"""The last question of the identity form: the code that went to the phone on file."""

from __future__ import annotations

import json

import pytest

from tests.builders import NUMBER
from tests.unit.actions.world import KHADIJA, OTHER_NUMBER, Engine, World


@pytest.fixture
def elsewhere(world: World) -> Engine:
    """A call from a number that is not on file: a code will be needed."""
    engine = Engine(world, number=OTHER_NUMBER)
    engine.slots |= {"language": "fr", "consent": True}
    return engine


def at_the_code(engine: Engine) -> str:
    """Give an identifier and a date; the code that was sent."""
    engine.give(idcs=KHADIJA)
    engine.give(birth_date="3/2/1980")
    assert "code" == engine.asked
    return engine.world.registry.sent[-1].code


@pytest.mark.parametrize(
    "written", ["{}", " {} ", "{0[0]}{0[1]}{0[2]} {0[3]}{0[4]}{0[5]}", "code {}."]
)
def test_a_code_is_read_however_it_is_written(
    elsewhere: Engine, world: World, written: str
) -> None:
    code = at_the_code(elsewhere)
    elsewhere.give(code=written.format(code))

    assert (None, "verified") == (elsewhere.asked, elsewhere.slots["outcome"])


@pytest.mark.parametrize("typed", ["12345", "1234567", "0"])
def test_what_is_no_code_is_asked_again_and_costs_no_try(
    elsewhere: Engine, world: World, typed: str
) -> None:
    code = at_the_code(elsewhere)
    elsewhere.give(code=typed)

    assert (["utter_invalid_code"], "code") == (elsewhere.keys, elsewhere.asked)
    assert 0 == world.registry.asked["confirm_code"]
    assert "verified" == elsewhere.give(code=code).slots["outcome"]


def test_a_wrong_code_says_how_many_tries_are_left(elsewhere: Engine, world: World) -> None:
    wrong = f"{(int(at_the_code(elsewhere)) + 1) % 10**6:06d}"
    said = [elsewhere.give(code=wrong).said for _ in range(3)]

    assert [[("utter_wrong_code", {"left": str(left)})] for left in (2, 1)] == said[:2]
    assert [("utter_too_many_tries", {"minutes": "15"})] == said[2]
    assert (None, "failed") == (elsewhere.asked, elsewhere.slots["outcome"])


def test_a_code_that_is_too_old_says_so_and_the_new_one_is_taken(
    elsewhere: Engine, world: World
) -> None:
    code = at_the_code(elsewhere)
    world.pass_time(seconds=301)
    elsewhere.give(code=code)

    assert (["utter_expired_code"], "code") == (elsewhere.keys, elsewhere.asked)
    assert "verified" == elsewhere.give(code=world.registry.sent[-1].code).slots["outcome"]


def test_a_code_whose_verification_is_over_is_asked_anew(elsewhere: Engine, world: World) -> None:
    code = at_the_code(elsewhere)
    world.services.verification.forget(elsewhere.who)
    elsewhere.give(code=code)

    assert ("code", None) == (elsewhere.asked, elsewhere.slots["code"])
    assert 2 == len(world.registry.sent)


def test_a_code_that_lay_too_long_says_so_and_is_asked_again(
    elsewhere: Engine, world: World
) -> None:
    at_the_code(elsewhere)
    token = elsewhere.seal("123456", "code")
    world.services.vault.destroy(token)
    elsewhere.hear("inform")
    elsewhere.set_slot("code", token)
    elsewhere.run("validate_identity_form")

    assert (["utter_value_gone"], "code") == (elsewhere.keys, elsewhere.asked)
    assert elsewhere.slots["code"] is None


@pytest.mark.parametrize("name", ["idcs", "birth_date"])
def test_a_value_whose_time_is_over_is_asked_again(
    elsewhere: Engine, world: World, name: str
) -> None:
    at_the_code(elsewhere)
    world.services.vault.destroy(elsewhere.slots[name])
    elsewhere.give(code="123456")

    assert (["utter_value_gone"], name) == (elsewhere.keys, elsewhere.asked)


def test_what_is_no_answer_leaves_the_question_for_the_code(elsewhere: Engine) -> None:
    at_the_code(elsewhere)

    assert ("code", []) == (elsewhere.give(service="check_registration").asked, elsewhere.keys)


def test_nothing_of_a_person_stands_in_the_tracker_or_the_audit(
    elsewhere: Engine, world: World
) -> None:
    code = at_the_code(elsewhere)
    elsewhere.give(code="000000")
    elsewhere.give(code=code)
    kept = json.dumps([elsewhere.call("x"), elsewhere.returned, elsewhere.said])
    with world.database.reading() as session:
        rows = str(session.connection().exec_driver_sql("SELECT * FROM audit").fetchall())

    for secret in (KHADIJA, KHADIJA[:6], code, "1980", "3/2", OTHER_NUMBER[4:], NUMBER[4:]):
        assert secret not in kept
        assert secret not in rows
    assert "verification.code_sent" in rows and "verification.verified" in rows
    assert world.pseudonyms.person(KHADIJA) not in rows
    assert world.services.audit.of(world.pseudonyms.person(KHADIJA))
    assert world.services.audit.verify().broken_at is None

"""Codes: sent to the number on file, used once, limited in tries, number and time."""

from __future__ import annotations

import pytest

from actions.registry.port import (
    LOCKED_FOR_CODES,
    NO_PHONE_ON_FILE,
    TOO_MANY_CODES,
    UNKNOWN_IDENTIFIER,
    CodeVerdict,
)
from core.errors import RegistryRefused
from tests.contract.registry import people
from tests.contract.registry.worlds import CODE_LIFE_SECONDS, World


def a_code(world: World, transaction: str, idcs: str = people.FATIMA) -> str:
    """The code sent under a transaction."""
    world.registry.send_code(idcs, transaction)
    person = world.registry.person(idcs, "fr")
    assert person is not None
    assert person.phone is not None
    return world.codes_sent_to(person.phone)[-1]


def confirmed(world: World, idcs: str, transaction: str, code: str) -> CodeVerdict:
    """What a code is worth."""
    return world.registry.confirm_code(idcs, transaction, code).verdict


def another(code: str) -> str:
    """A code of the right form that is not this one."""
    return f"{(int(code) + 1) % 10**6:06d}"


def test_a_code_of_six_digits_reaches_the_number_on_file(world: World, transaction: str) -> None:
    before = len(world.codes_sent_to(people.FATIMA_PHONE))

    sent = world.registry.send_code(people.FATIMA, transaction)

    assert before + 1 == len(world.codes_sent_to(people.FATIMA_PHONE))
    assert len(world.codes_sent_to(people.FATIMA_PHONE)[-1]) == 6
    assert "XXXXXXXXXXX01" == sent.masked_phone


def test_the_right_code_is_right_once(world: World, transaction: str) -> None:
    code = a_code(world, transaction)

    assert CodeVerdict.RIGHT == confirmed(world, people.FATIMA, transaction, code)
    assert CodeVerdict.EXPIRED == confirmed(world, people.FATIMA, transaction, code)


@pytest.mark.parametrize("typed", ["", "12345", "x" * 1000, "\ud800", "١٢٣٤٥٦"])
def test_anything_but_the_code_is_wrong(world: World, transaction: str, typed: str) -> None:
    a_code(world, transaction)

    assert CodeVerdict.WRONG == confirmed(world, people.FATIMA, transaction, typed)


def test_a_wrong_code_leaves_the_right_one_usable(world: World, transaction: str) -> None:
    code = a_code(world, transaction)

    wrong = confirmed(world, people.FATIMA, transaction, another(code))

    assert CodeVerdict.WRONG == wrong
    assert CodeVerdict.RIGHT == confirmed(world, people.FATIMA, transaction, code)


def test_the_third_wrong_code_locks_out_even_the_right_one(world: World, transaction: str) -> None:
    code = a_code(world, transaction)

    verdicts = [confirmed(world, people.FATIMA, transaction, another(code)) for _ in range(3)]

    assert [CodeVerdict.WRONG, CodeVerdict.WRONG, CodeVerdict.LOCKED] == verdicts
    assert CodeVerdict.LOCKED == confirmed(world, people.FATIMA, transaction, code)


def test_a_new_code_does_not_give_back_the_tries(world: World, transaction: str) -> None:
    for _ in range(2):
        code = a_code(world, transaction)
        confirmed(world, people.FATIMA, transaction, another(code))
    code = a_code(world, transaction)

    verdict = confirmed(world, people.FATIMA, transaction, another(code))

    assert CodeVerdict.LOCKED == verdict


def test_a_locked_transaction_is_sent_no_code_and_a_new_one_is(
    world: World, transaction: str
) -> None:
    code = a_code(world, transaction)
    for _ in range(3):
        confirmed(world, people.FATIMA, transaction, another(code))

    with pytest.raises(RegistryRefused) as refused:
        world.registry.send_code(people.FATIMA, transaction)

    assert LOCKED_FOR_CODES == refused.value.reason
    later = f"{transaction}-later"
    code = a_code(world, later)
    assert CodeVerdict.RIGHT == confirmed(world, people.FATIMA, later, code)


def test_a_code_expires_at_the_end_of_its_life(world: World, transaction: str) -> None:
    code = a_code(world, transaction)
    world.advance(CODE_LIFE_SECONDS + 1)

    assert CodeVerdict.EXPIRED == confirmed(world, people.FATIMA, transaction, code)


def test_a_new_code_replaces_the_one_before(world: World, transaction: str) -> None:
    first = a_code(world, transaction)
    second = a_code(world, transaction)
    while second == first:
        second = a_code(world, transaction)

    assert CodeVerdict.WRONG == confirmed(world, people.FATIMA, transaction, first)
    assert CodeVerdict.RIGHT == confirmed(world, people.FATIMA, transaction, second)


def test_a_code_opens_no_other_transaction(world: World, transaction: str) -> None:
    code = a_code(world, transaction)

    assert CodeVerdict.EXPIRED == confirmed(world, people.FATIMA, transaction[1:], code)


def test_two_people_with_one_phone_have_codes_of_their_own(world: World, transaction: str) -> None:
    code = a_code(world, transaction, people.HASSAN)
    theirs = a_code(world, transaction, people.ZINEB)

    assert [code, theirs] == world.codes_sent_to(people.SHARED_PHONE)[-2:]
    if code != theirs:
        verdict = confirmed(world, people.ZINEB, transaction, code)
        assert CodeVerdict.WRONG == verdict
    assert CodeVerdict.RIGHT == confirmed(world, people.HASSAN, transaction, code)


def test_the_sixth_code_in_a_quarter_of_an_hour_is_refused(world: World, transaction: str) -> None:
    for number in range(5):
        world.registry.send_code(people.FATIMA, f"{transaction}-{number}")

    with pytest.raises(RegistryRefused) as refused:
        world.registry.send_code(people.FATIMA, transaction)

    assert TOO_MANY_CODES == refused.value.reason
    world.advance(901)
    assert world.registry.send_code(people.FATIMA, transaction).masked_phone.endswith("01")


def test_somebody_without_a_phone_is_sent_no_code(world: World, transaction: str) -> None:
    with pytest.raises(RegistryRefused) as refused:
        world.registry.send_code(people.LAHCEN, transaction)

    assert NO_PHONE_ON_FILE == refused.value.reason


def test_nobody_is_sent_a_code_and_confirms_none(world: World, transaction: str) -> None:
    with pytest.raises(RegistryRefused) as refused:
        world.registry.send_code(people.NOBODY, transaction)
    with pytest.raises(RegistryRefused) as refused_too:
        confirmed(world, people.NOBODY, transaction, "123456")

    assert UNKNOWN_IDENTIFIER == refused.value.reason
    assert UNKNOWN_IDENTIFIER == refused_too.value.reason

"""Who somebody is, is proved or not; and who asks learns nothing else by it."""

from __future__ import annotations

import time
from collections import Counter
from datetime import date

import pytest
import redis

from actions.conversation import Conversation
from actions.registry.port import CODE_NOT_SENT, LOCKED_FOR_CODES, TOO_MANY_CODES
from actions.registry.pretend import PretendRecord
from actions.verification import Outcome, Verification
from core.errors import RegistryRefused, RegistryUnavailable
from tests.builders import NUMBER
from tests.unit.actions.world import (
    BORN,
    KHADIJA,
    LAHCEN,
    NOBODY,
    OTHER_NUMBER,
    ZINEB,
    World,
    a_person,
    a_wrong_code,
    caller,
    in_chat,
)
from tests.unit.channels.stored import stored

WRONG_DATE = date(1980, 3, 2)
NO_MATCH = [(NOBODY, BORN), (ZINEB, WRONG_DATE), (LAHCEN, BORN), (NOBODY, WRONG_DATE)]


@pytest.fixture
def verification(world: World) -> Verification:
    return world.services.verification


def code(world: World) -> str:
    """The last code that was sent."""
    return world.registry.sent[-1].code


def test_on_ussd_the_number_on_file_needs_no_code(verification: Verification, world: World) -> None:
    assert Outcome.VERIFIED is verification.begin(caller(), KHADIJA, BORN)
    assert KHADIJA == verification.verified_idcs(caller())
    assert not verification.is_pending(caller())
    assert [] == world.registry.sent


@pytest.mark.parametrize("who", [caller(OTHER_NUMBER), in_chat(), in_chat(OTHER_NUMBER)])
def test_elsewhere_a_code_goes_to_the_number_on_file_and_no_other(
    verification: Verification, world: World, who: Conversation
) -> None:
    assert Outcome.CODE_SENT is verification.begin(who, KHADIJA, BORN)
    assert [NUMBER] == [message.phone for message in world.registry.sent]
    assert verification.is_pending(who)
    assert verification.verified_idcs(who) is None


def test_the_right_code_proves_it_and_works_once(verification: Verification, world: World) -> None:
    verification.begin(in_chat(), KHADIJA, BORN)

    assert Outcome.VERIFIED is verification.confirm(in_chat(), code(world))
    assert KHADIJA == verification.verified_idcs(in_chat())
    assert not verification.is_pending(in_chat())


def test_a_wrong_code_leaves_two_tries_and_the_third_none(
    verification: Verification, world: World
) -> None:
    verification.begin(in_chat(), KHADIJA, BORN)
    left = [3]
    outcomes = []
    for _ in range(3):
        outcomes.append(verification.confirm(in_chat(), a_wrong_code(world)))
        left.append(verification.codes_left(in_chat()))

    assert [Outcome.WRONG_CODE, Outcome.WRONG_CODE, Outcome.TOO_MANY] == outcomes
    assert [3, 2, 1] == left[:3]
    assert not verification.is_pending(in_chat())
    assert Outcome.VERIFIED is not verification.confirm(in_chat(), code(world))
    assert verification.verified_idcs(in_chat()) is None


def test_a_right_code_after_wrong_ones_is_right(verification: Verification, world: World) -> None:
    verification.begin(in_chat(), KHADIJA, BORN)
    verification.confirm(in_chat(), a_wrong_code(world))
    verification.confirm(in_chat(), a_wrong_code(world))

    assert Outcome.VERIFIED is verification.confirm(in_chat(), code(world))


def test_a_code_that_is_too_old_is_replaced_and_the_new_one_works(
    verification: Verification, world: World
) -> None:
    verification.begin(in_chat(), KHADIJA, BORN)
    old = code(world)
    world.pass_time(seconds=301)

    assert Outcome.EXPIRED_CODE is verification.confirm(in_chat(), old)
    assert 2 == len(world.registry.sent)
    assert Outcome.VERIFIED is verification.confirm(in_chat(), code(world))


def test_a_code_for_nothing_proves_nothing(verification: Verification, world: World) -> None:
    assert Outcome.VERIFIED is not verification.confirm(in_chat(), "123456")
    assert verification.verified_idcs(in_chat()) is None
    assert 0 == verification.codes_left(in_chat())
    assert Counter() == world.registry.asked


@pytest.mark.parametrize(("idcs", "birth_date"), NO_MATCH)
@pytest.mark.parametrize("who", [caller(), in_chat()])
def test_what_does_not_match_has_one_outcome_and_takes_the_same_calls(
    verification: Verification, world: World, idcs: str, birth_date: date, who: Conversation
) -> None:
    assert Outcome.NOT_MATCHED is verification.begin(who, idcs, birth_date)
    assert {"person": 1, "send_code": 1} == world.registry.asked
    assert [] == world.registry.sent
    assert not verification.is_pending(who)
    assert verification.verified_idcs(who) is None


def test_a_match_takes_as_many_calls_as_none(verification: Verification, world: World) -> None:
    verification.begin(in_chat(), KHADIJA, BORN)

    assert {"person": 1, "send_code": 1} == world.registry.asked


@pytest.mark.parametrize(
    ("who", "idcs", "birth_date"),
    [*((caller(), *given) for given in NO_MATCH[:3]), (in_chat(), KHADIJA, BORN)],
)
def test_no_answer_that_proves_nothing_comes_sooner_than_the_floor(
    store: redis.Redis, records_url: str, who: Conversation, idcs: str, birth_date: date
) -> None:
    world = World(store, records_url, verification_floor_seconds=0.08)
    began = time.monotonic()
    world.services.verification.begin(who, idcs, birth_date)

    assert time.monotonic() - began >= 0.08
    world.close()


def test_verified_is_the_call_that_gave_the_proof_alone(verification: Verification) -> None:
    verification.begin(caller(), KHADIJA, BORN)
    later = caller(session="session-2")

    assert verification.verified_idcs(later) is None
    assert not verification.is_pending(later)
    assert verification.verified_idcs(caller(OTHER_NUMBER)) is None
    assert verification.verified_idcs(in_chat()) is None


def test_a_code_that_was_asked_for_survives_a_redial(
    verification: Verification, world: World
) -> None:
    before, after = caller(OTHER_NUMBER), caller(OTHER_NUMBER, session="session-2")
    verification.begin(before, KHADIJA, BORN)
    verification.confirm(before, a_wrong_code(world))

    assert verification.is_pending(after)
    assert 2 == verification.codes_left(after)
    assert Outcome.VERIFIED is verification.confirm(after, code(world))
    assert KHADIJA == verification.verified_idcs(after)
    assert verification.verified_idcs(before) is None


def test_another_conversation_cannot_type_the_code(
    verification: Verification, world: World
) -> None:
    verification.begin(in_chat(), KHADIJA, BORN)

    assert not verification.is_pending(caller())
    assert Outcome.VERIFIED is not verification.confirm(caller(), code(world))
    assert Outcome.VERIFIED is not verification.confirm(in_chat(OTHER_NUMBER), code(world))


def test_what_is_forgotten_is_neither_pending_nor_verified(
    verification: Verification, world: World
) -> None:
    verification.begin(caller(), KHADIJA, BORN)
    verification.forget(caller())
    verification.begin(in_chat(), KHADIJA, BORN)
    verification.forget(in_chat())

    assert verification.verified_idcs(caller()) is None
    assert not verification.is_pending(in_chat())
    assert Outcome.VERIFIED is not verification.confirm(in_chat(), code(world))


def test_the_state_is_sealed_bound_to_its_conversation_and_ends_by_itself(
    verification: Verification, world: World
) -> None:
    verification.begin(caller(), KHADIJA, BORN)
    key = f"verification:{caller().identity}"
    life = world.store.ttl(key)
    kept = stored(world.store)
    world.store.rename(key, f"verification:{in_chat().identity}")

    assert isinstance(life, int)
    assert 0 < life <= 300
    assert KHADIJA.encode() not in kept
    assert b"1980" not in kept and NUMBER[4:].encode() not in kept
    assert verification.verified_idcs(in_chat()) is None


def test_a_registry_that_is_down_takes_no_code_away(
    verification: Verification, world: World
) -> None:
    verification.begin(in_chat(), KHADIJA, BORN)
    world.registry.failure = RegistryUnavailable("down")
    with pytest.raises(RegistryUnavailable):
        verification.confirm(in_chat(), code(world))
    world.registry.failure = None

    assert verification.is_pending(in_chat())
    assert Outcome.VERIFIED is verification.confirm(in_chat(), code(world))


def test_more_codes_than_a_person_gets_are_too_many(
    verification: Verification, world: World
) -> None:
    outcomes = [verification.begin(in_chat(), KHADIJA, BORN) for _ in range(6)]

    assert [Outcome.CODE_SENT] * 5 + [Outcome.TOO_MANY] == outcomes
    assert not verification.is_pending(in_chat())


@pytest.mark.parametrize(
    ("reason", "outcome"),
    [
        (TOO_MANY_CODES, Outcome.TOO_MANY),
        (LOCKED_FOR_CODES, Outcome.TOO_MANY),
    ],
)
def test_a_code_the_registry_refuses_to_send_is_no_verification(
    verification: Verification,
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    reason: str,
    outcome: Outcome,
) -> None:
    def refuse(idcs: str, transaction: str) -> None:
        raise RegistryRefused(reason)

    monkeypatch.setattr(world.registry, "send_code", refuse)

    assert outcome is verification.begin(in_chat(), KHADIJA, BORN)
    assert not verification.is_pending(in_chat())


def test_a_code_that_could_not_be_sent_is_the_registry_s_failure_not_the_citizen_s(
    verification: Verification, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(idcs: str, transaction: str) -> None:
        raise RegistryRefused(CODE_NOT_SENT)

    monkeypatch.setattr(world.registry, "send_code", refuse)

    with pytest.raises(RegistryUnavailable):
        verification.begin(in_chat(), KHADIJA, BORN)


def test_a_person_who_has_no_phone_is_refused_on_every_channel(
    store: redis.Redis, records_url: str
) -> None:
    world = World(store, records_url, PretendRecord(a_person(KHADIJA, None)))

    assert Outcome.NOT_MATCHED is world.services.verification.begin(caller(), KHADIJA, BORN)
    world.close()

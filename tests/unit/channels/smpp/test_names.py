"""A hop keeps its name until its answer is confirmed, and a session its own while it lasts."""

from __future__ import annotations

from dataclasses import replace

import pytest
import redis

from channels.providers.smpp_ussd.hops import Hop
from channels.providers.smpp_ussd.names import Names, Taken
from channels.providers.smpp_ussd.pdus import Address
from core.messages import SessionEvent
from core.privacy import Pseudonyms
from core.stores import open_redis
from tests.builders import KEY, NUMBER
from tests.unit.channels.stored import stored

SERVICE = Address("555")
DIALLED = Hop(NUMBER, 7, SessionEvent.NEW, "", "*555#", Address(NUMBER[1:], 1), SERVICE, "USSD")
PRESSED = replace(DIALLED, event=SessionEvent.CONTINUE, text="1", code="")


@pytest.fixture
def names(store: redis.Redis) -> Names:
    """Names over an empty Redis."""
    return Names(store, Pseudonyms(KEY), 180)


def take(names: Names, hop: Hop) -> Taken:
    taken = names.take(hop)
    assert taken is not None
    return taken


def test_hops_of_a_call_have_one_session_and_a_name_each(names: Names) -> None:
    dialled, pressed = take(names, DIALLED), take(names, PRESSED)

    assert dialled.session == pressed.session
    assert dialled.name != pressed.name
    assert "*555#" == pressed.code


def test_a_hop_that_was_not_confirmed_is_the_same_hop_again(names: Names) -> None:
    assert take(names, DIALLED) == take(names, DIALLED)
    assert take(names, PRESSED) == take(names, PRESSED)


def test_a_hop_after_its_confirmation_is_another(names: Names) -> None:
    take(names, DIALLED)
    first = take(names, PRESSED)
    names.confirm(PRESSED, 0.0)
    second = take(names, PRESSED)

    assert first.session == second.session
    assert first.name != second.name


def test_a_hop_right_after_its_confirmation_is_a_repeat(names: Names, store: redis.Redis) -> None:
    take(names, DIALLED)
    names.confirm(DIALLED, 60.0)

    assert names.take(DIALLED) is None
    assert all(0 < store.ttl(key) <= 240 for key in store.scan_iter())


def test_a_hop_that_was_answered_on_another_bind_stays_the_same_for_a_while(
    names: Names, store: redis.Redis
) -> None:
    first = take(names, PRESSED)
    names.confirm(PRESSED, None)

    assert first == take(names, PRESSED)
    assert 5 == min(store.ttl(key) for key in store.scan_iter("smpp:hop:*"))


def test_another_number_or_reference_is_another_session(names: Names) -> None:
    others = (replace(PRESSED, number="+212698765432"), replace(PRESSED, reference=9))
    sessions = {take(names, hop).session for hop in (PRESSED, *others)}

    assert 3 == len(sessions)


def test_a_new_call_under_an_old_reference_is_another_session(names: Names) -> None:
    first = take(names, DIALLED)
    names.confirm(DIALLED, 0.0)

    assert first.session != take(names, DIALLED).session


def test_two_binds_give_the_same_names(names: Names, store: redis.Redis) -> None:
    assert take(names, DIALLED) == take(Names(store, Pseudonyms(KEY), 180), DIALLED)


def test_nothing_of_a_number_or_an_input_is_kept_readable(names: Names, store: redis.Redis) -> None:
    take(names, DIALLED)
    take(names, replace(PRESSED, text="5839204719"))
    kept = stored(store)

    assert kept
    assert b"612345678" not in kept and b"5839204719" not in kept


def test_without_the_store_a_hop_is_named_all_the_same() -> None:
    away = Names(open_redis("redis://127.0.0.1:1/0", 0.2), Pseudonyms(KEY), 180)

    assert take(away, DIALLED).name != take(away, DIALLED).name
    away.confirm(DIALLED, 1.0)

"""A sender never sends more in a second than it may, however many workers it has."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import redis

from core.pace import Pace


def test_a_second_holds_no_more_than_its_rate_over_all_workers(store: redis.Redis) -> None:
    paces = [Pace(store, 5) for _ in range(4)]
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda n: paces[n % 4].take("sms"), range(40)))

    # The window may have moved on by a second or two while this machine was busy.
    assert 5 <= waits.count(0.0) <= 20
    assert all(0.0 <= wait <= 1.0 for wait in waits)


def test_a_sender_does_not_slow_down_another(store: redis.Redis) -> None:
    pace = Pace(store, 1)

    assert (0.0, 0.0) == (pace.take("sms"), pace.take("whatsapp"))


def test_a_provider_that_asks_for_less_gets_half_and_half_again(store: redis.Redis) -> None:
    pace = Pace(store, 80)
    rates = [pace.slow_down("sms", 60) for _ in range(9)]

    assert [40, 20, 10, 5, 2, 1, 1, 1, 1] == rates
    assert 80 == pace.rate("whatsapp")
    assert 0 < int(str(store.ttl("pace:sms"))) <= 60


def test_the_rate_comes_back_when_nobody_asks_for_less(store: redis.Redis) -> None:
    pace = Pace(store, 80)
    pace.slow_down("sms", 60)
    store.delete("pace:sms")

    assert 80 == pace.rate("sms")

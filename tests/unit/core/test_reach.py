"""Where a number was last heard is known for a while, and readable to nobody without the key."""

from __future__ import annotations

from datetime import timedelta

import redis

from core.messages import ChannelKind
from core.privacy import Seal
from core.reach import Heard, Reach
from tests.builders import KEY, NOW, NUMBER


def test_a_number_is_found_as_it_was_last_heard(store: redis.Redis) -> None:
    reach = Reach(store, Seal(KEY))
    reach.heard("a-key", Heard(NUMBER, ChannelKind.USSD, NOW))
    last = Heard(NUMBER, ChannelKind.WHATSAPP, NOW + timedelta(hours=1))
    reach.heard("a-key", last)

    assert last == reach.find("a-key")
    assert reach.find("another-key") is None


def test_a_number_lies_sealed_and_bound_to_its_key(store: redis.Redis) -> None:
    reach = Reach(store, Seal(KEY))
    reach.heard("a-key", Heard(NUMBER, ChannelKind.SMS, NOW))
    sealed = store.get("reach:a-key")
    assert isinstance(sealed, bytes)
    store.set("reach:another-key", sealed)

    assert NUMBER.encode() not in sealed
    assert reach.find("another-key") is None


def test_a_number_is_forgotten_in_time(store: redis.Redis) -> None:
    Reach(store, Seal(KEY), 600).heard("a-key", Heard(NUMBER, ChannelKind.SMS, NOW))

    assert 590 <= store.ttl("reach:a-key") <= 600

"""The door notes where a number was last heard, so that it can be written to."""

from __future__ import annotations

import pytest
import redis

from core.messages import ChannelKind
from core.privacy import Seal
from core.reach import Reach
from tests.builders import KEY, NUMBER, an_inbound
from tests.unit.channels.door import Call, Door


def test_a_call_leaves_its_number_for_those_who_know_its_key(door: Door) -> None:
    Call(door).dial()
    heard = Reach(door.store, Seal(KEY)).find(door.pseudonyms.number(NUMBER))

    assert heard is not None
    assert (NUMBER, ChannelKind.USSD) == (heard.number, heard.kind)
    assert heard.at == an_inbound().received_at


def test_a_number_that_cannot_be_noted_is_answered_all_the_same(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise redis.ConnectionError

    monkeypatch.setattr(Reach, "heard", fail)

    assert Call(door).dial().texts

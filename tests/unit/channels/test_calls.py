"""Where a gateway does not say everything in every hop, the door knows the rest."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import pytest
import redis

from channels.calls import Calls
from channels.port import Capabilities
from core.errors import MalformedPayload, StoreUnavailable
from core.messages import InboundMessage, SessionEvent
from core.privacy import Pseudonyms, Seal
from core.stores import open_redis
from tests.builders import NUMBER, an_inbound

KEY = bytes(32)
ONCE = Capabilities(4.0, session_seconds=600, names_callers_once=True)
NAMELESS = Capabilities(4.0, session_seconds=600, names_calls=False)
USUAL = Capabilities(4.0, session_seconds=600)
OTHER = "+212600000009"


@pytest.fixture
def calls(store: redis.Redis) -> Calls:
    """The calls in a real Redis."""
    return Calls(store, Seal(KEY), Pseudonyms(KEY))


@pytest.fixture
def dead_calls() -> Calls:
    """The calls in a Redis that is down."""
    return Calls(open_redis("redis://127.0.0.1:1/0", 0.2), Seal(KEY), Pseudonyms(KEY))


def a_hop(text: str = "1", **changes: Any) -> InboundMessage:
    """A hop of a gateway that sends the last input alone and marks no first one."""
    given: dict[str, Any] = {"session_event": SessionEvent.CONTINUE, "opening": ""} | changes
    return an_inbound(text, cumulative=False, **given)


def completed(calls: Calls, limits: Capabilities, hop: InboundMessage) -> InboundMessage:
    """The hop with what was missing."""
    whole = calls.complete("ussd", limits, hop)
    assert whole is not None
    return whole


def test_a_hop_that_says_everything_is_left_as_it_is(dead_calls: Calls) -> None:
    hop = a_hop()

    assert hop == completed(dead_calls, USUAL, hop)


def test_a_caller_named_once_is_known_in_every_later_hop(calls: Calls, store: redis.Redis) -> None:
    completed(calls, ONCE, a_hop())
    keys = cast("list[bytes]", store.keys())
    kept = b"".join([*keys, *cast("list[bytes]", store.mget(keys))])

    assert NUMBER == completed(calls, ONCE, a_hop("2", number="")).number
    assert NUMBER.encode() not in kept
    assert NUMBER.removeprefix("+").encode() not in kept
    assert all(0 < store.ttl(key) <= 600 for key in keys)


def test_a_caller_who_was_never_named_is_not_guessed(calls: Calls) -> None:
    completed(calls, ONCE, a_hop())

    with pytest.raises(MalformedPayload):
        calls.complete("ussd", ONCE, a_hop(number="", session_id="another"))
    with pytest.raises(MalformedPayload):
        calls.complete("other", ONCE, a_hop(number=""))


def test_the_end_of_an_unknown_call_is_told_to_nobody(calls: Calls) -> None:
    over = a_hop(session_event=SessionEvent.ABORT, number="")
    nameless = a_hop(session_event=SessionEvent.ABORT, session_id="")

    assert calls.complete("ussd", ONCE, over) is None
    assert calls.complete("ussd", NAMELESS, nameless) is None


def test_the_end_of_a_known_call_is_told_of_its_caller(calls: Calls) -> None:
    completed(calls, ONCE, a_hop())
    over = completed(calls, ONCE, a_hop(session_event=SessionEvent.ABORT, number=""))

    assert NUMBER == over.number


def test_calls_without_a_name_are_numbered_by_their_caller(calls: Calls) -> None:
    first = completed(calls, NAMELESS, a_hop("*555*1#", session_id="", opening="1"))
    later = completed(calls, NAMELESS, a_hop("2", session_id=""))
    other = completed(calls, NAMELESS, a_hop("2", session_id="", number=OTHER))

    assert (SessionEvent.NEW, "1") == (first.session_event, first.text)
    assert (SessionEvent.CONTINUE, "2") == (later.session_event, later.text)
    assert first.session_id == later.session_id != other.session_id
    assert first.message_id != later.message_id


def test_a_first_hop_delivered_twice_is_one_call_and_one_hop(calls: Calls) -> None:
    hop = a_hop("*555#", session_id="")
    first, again = completed(calls, NAMELESS, hop), completed(calls, NAMELESS, hop)

    assert first.session_id == again.session_id
    assert first.message_id == again.message_id


def test_after_its_end_the_next_hop_is_of_another_call(calls: Calls) -> None:
    first = completed(calls, NAMELESS, a_hop("*555#", session_id=""))
    calls.over("ussd", NAMELESS, first)
    second = completed(calls, NAMELESS, a_hop("*555#", session_id=""))

    assert SessionEvent.NEW is second.session_event
    assert first.session_id != second.session_id
    assert first.message_id != second.message_id


def test_a_marked_first_hop_begins_another_call(calls: Calls) -> None:
    first = completed(calls, NAMELESS, a_hop("*555#", session_id=""))
    second = completed(calls, NAMELESS, a_hop(session_id="", session_event=SessionEvent.NEW))

    assert first.session_id != second.session_id


def test_with_the_store_down_a_known_caller_is_still_told_so(dead_calls: Calls) -> None:
    hop = a_hop(session_id="")

    assert hop == completed(dead_calls, NAMELESS, hop)
    assert replace(hop, number=NUMBER) == completed(dead_calls, ONCE, hop)
    with pytest.raises(StoreUnavailable):
        dead_calls.complete("ussd", ONCE, a_hop(number=""))
    dead_calls.over("ussd", NAMELESS, hop)

"""The world of the tests: shut off from the network, and sane by default."""

from __future__ import annotations

import socket

import pytest
import redis

from core.messages import ChannelKind, SessionEvent
from tests.builders import a_reply, an_inbound


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("example.org", 80)])
def test_a_test_reaches_nothing_but_this_machine(address: tuple[str, int]) -> None:
    with socket.socket() as outside, pytest.raises(PermissionError, match="only loopback"):
        outside.connect(address)


def test_a_test_asks_nobody_for_a_name() -> None:
    with pytest.raises(PermissionError, match="only loopback"):
        socket.create_connection(("example.org", 80))


def test_a_test_reaches_this_machine(store: redis.Redis) -> None:
    assert store.ping()


def test_a_message_is_a_ussd_hop_unless_its_channel_says_otherwise() -> None:
    first, later, chat = an_inbound(""), an_inbound("1"), an_inbound("salam", channel="whatsapp")

    assert (ChannelKind.USSD, SessionEvent.NEW) == (first.kind, first.session_event)
    assert (SessionEvent.CONTINUE, True) == (later.session_event, later.cumulative)
    assert (ChannelKind.WHATSAPP, "", False) == (chat.kind, chat.session_id, chat.cumulative)


def test_a_reply_has_the_buttons_named() -> None:
    assert ["/go_on", "/stop"] == [b.payload for b in a_reply("?", "Go on", "Stop").buttons]

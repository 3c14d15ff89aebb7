"""Who is let in: nobody blocked, nobody who writes far too often, and STOP from everybody else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import pytest
import time_machine

from channels.deadline import Said
from channels.gate import Gate
from channels.turn_lock import Count
from core.messages import ChannelKind, InboundMessage, SessionEvent
from records.blocks import Blocks
from tests.builders import NUMBER, an_inbound
from tests.unit.channels.door import Door

OTHER = "+212698765432"


@pytest.fixture
def blocks(door: Door) -> Blocks:
    """The blocklist, read anew at each question."""
    ticks = iter(range(0, 100_000, 10))
    return Blocks(door.database, timer=lambda: float(next(ticks)))


@pytest.fixture(autouse=True)
def in_one_window() -> Iterator[None]:
    """No minute and no second ends during a test."""
    with time_machine.travel(datetime(2027, 1, 11, 10, 0, 5, tzinfo=UTC), tick=False):
        yield


def a_gate(door: Door, blocks: Blocks, per_number: int = 3, per_channel: int = 0) -> Gate:
    """A gate with limits."""
    return Gate(blocks, door.store, door.conversations.tools, per_number, per_channel)


def a_message(text: str = "salam", number: str = NUMBER, message_id: str = "SM1") -> InboundMessage:
    """A message by SMS."""
    return an_inbound(text, channel="sms", number=number, message_id=message_id)


def a_hop(event: SessionEvent = SessionEvent.CONTINUE) -> InboundMessage:
    """A USSD hop."""
    return an_inbound(
        "1", channel="ussd", number=NUMBER, message_id="s1:1", session_id="s1", session_event=event
    )


def turn_away(gate: Gate, channel: str, inbound: InboundMessage) -> Said | None:
    """What a message is answered by the gate; None where it is let in, and a turn has it."""
    turns = gate._tools.turn_lock

    def take(counts: Sequence[Count]) -> None:
        with turns.hold("a-conversation", 0, (), counts):
            return

    return gate.let_in(channel, inbound, take)


def read(gate: Gate, times: int, **changes: str) -> list[tuple[str, ...] | None]:
    """What is read at each of so many messages; None where the message is let in."""
    turned = [turn_away(gate, "sms", a_message(**changes)) for _ in range(times)]
    return [None if said is None else said.texts for said in turned]


def test_who_writes_too_often_reads_one_sentence_and_then_nothing(
    door: Door, blocks: Blocks
) -> None:
    door.knows("fr")
    sentence = door.sentence("door_too_often_message", "fr", ChannelKind.SMS)

    assert [None, None, None, (sentence,), (), ()] == read(a_gate(door, blocks), 6)


def test_when_the_minute_is_over_messages_are_read_again(door: Door, blocks: Blocks) -> None:
    gate = a_gate(door, blocks)
    read(gate, 5)
    with time_machine.travel(datetime(2027, 1, 11, 10, 1, 0, tzinfo=UTC), tick=False):
        assert [None] == read(gate, 1)


def test_nobody_is_turned_away_for_another(door: Door, blocks: Blocks) -> None:
    gate = a_gate(door, blocks)
    read(gate, 5)

    assert [None] == read(gate, 1, number=OTHER)


def test_stop_is_heard_from_whoever_writes_too_often(door: Door, blocks: Blocks) -> None:
    gate = a_gate(door, blocks)
    read(gate, 5)

    assert [None] == read(gate, 1, text="STOP")
    assert [()] == read(gate, 1, text="help")


def test_a_channel_that_is_full_says_so_once_to_each(door: Door, blocks: Blocks) -> None:
    door.knows("fr")
    gate = a_gate(door, blocks, per_number=0, per_channel=2)
    read(gate, 2, number=OTHER)
    sentence = door.sentence("door_full", "fr", ChannelKind.SMS)

    assert [(sentence,), ()] == read(gate, 2)


def test_a_limit_of_zero_is_none(door: Door, blocks: Blocks) -> None:
    assert [None] * 9 == read(a_gate(door, blocks, per_number=0), 9)


def test_on_ussd_every_call_that_is_turned_away_ends_with_the_sentence(
    door: Door, blocks: Blocks
) -> None:
    door.knows("fr")
    gate = a_gate(door, blocks, per_number=1)
    turned = [turn_away(gate, "ussd", a_hop()) for _ in range(3)]
    sentence = door.sentence("door_too_often", "fr")

    assert turned[0] is None
    assert [((sentence,), False)] * 2 == [(s.texts, s.is_open) for s in turned[1:] if s]


def test_a_call_of_which_no_language_is_known_is_told_in_all_of_them(
    door: Door, blocks: Blocks
) -> None:
    gate = a_gate(door, blocks, per_number=1)
    turn_away(gate, "ussd", a_hop())
    said = turn_away(gate, "ussd", a_hop())

    assert said is not None
    assert (door.sentence("door_down", ""),) == said.texts


def test_a_call_that_was_broken_off_is_always_let_in(door: Door, blocks: Blocks) -> None:
    gate = a_gate(door, blocks, per_number=1)
    turn_away(gate, "ussd", a_hop())

    assert turn_away(gate, "ussd", a_hop(SessionEvent.ABORT)) is None


def test_what_was_turned_away_is_not_found_again_as_unread(door: Door, blocks: Blocks) -> None:
    gate = a_gate(door, blocks, per_number=1)
    read(gate, 1)
    read(gate, 1, message_id="SM-turned")
    marks = list(door.store.scan_iter("seen:*"))

    assert 1 == len(marks)


@pytest.mark.parametrize("text", ["salam", "STOP"])
def test_whoever_is_blocked_gets_nothing_and_is_counted_nowhere(
    door: Door, blocks: Blocks, text: str
) -> None:
    blocks.add(door.pseudonyms.number(NUMBER), "floods us", "Amal")
    gate = a_gate(door, blocks)
    on_ussd = turn_away(gate, "ussd", a_hop())

    assert [()] * 5 == read(gate, 5, text=text)
    assert on_ussd is not None and (("",), False) == (on_ussd.texts, on_ussd.is_open)
    assert [] == list(door.store.scan_iter("came:*"))
    assert [] == door.engine.texts


def test_whoever_is_unblocked_is_let_in(door: Door, blocks: Blocks) -> None:
    gate = a_gate(door, blocks)
    blocks.add(door.pseudonyms.number(NUMBER), "floods us", "Amal")
    blocks.remove(door.pseudonyms.number(NUMBER))

    assert [None] == read(gate, 1)

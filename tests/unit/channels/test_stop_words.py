"""STOP and START are read before anything else, alone in a message and on chats only."""

from __future__ import annotations

import pytest

from channels.stop_words import START, STOP, read_stop_word
from core.messages import ChannelKind


@pytest.mark.parametrize(
    "text", ["STOP", " stop. ", "Arrêt", "توقف", "ستوب!", "Stop-All", "UNSUBSCRIBE"]
)
@pytest.mark.parametrize("kind", [ChannelKind.SMS, ChannelKind.WHATSAPP])
def test_a_stop_word_alone_stops_however_it_is_written(text: str, kind: ChannelKind) -> None:
    assert STOP == read_stop_word(text, kind)


@pytest.mark.parametrize("text", ["start", "START!", "unstop", "تفعيل"])
def test_a_start_word_alone_starts(text: str) -> None:
    assert START == read_stop_word(text, ChannelKind.SMS)


@pytest.mark.parametrize("text", ["", "stop à la fin", "je veux un arrêt de travail", "7bes", "1"])
def test_other_words_are_left_to_the_engine(text: str) -> None:
    assert read_stop_word(text, ChannelKind.SMS) is None


def test_on_ussd_no_word_is_one() -> None:
    assert read_stop_word("stop", ChannelKind.USSD) is None

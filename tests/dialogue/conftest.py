"""What the dialogues begin with."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.messages import ChannelKind
from tests.dialogue.talk import Talk
from tests.end_to_end.running_house import RunningHouse

KINDS = (ChannelKind.USSD, ChannelKind.WHATSAPP, ChannelKind.SMS)


@pytest.fixture
def talk(house: RunningHouse, stranger: str) -> Callable[..., Talk]:
    """Begins a talk; without a number, from one that nobody has used."""

    def begin(kind: ChannelKind, number: str = "", language: str = "fr") -> Talk:
        return Talk(house, kind, number or stranger, language).open()

    return begin

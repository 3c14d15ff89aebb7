"""The invitation as it goes out: its words, what they cost, and what 1 in answer means. No I/O."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_UP, Decimal
from typing import Final

from actions.programmes.emergency import DIAL, EmergencyPlan
from channels.port import Provider
from channels.rendering.gsm7 import segments
from channels.rendering.menus import Choice
from channels.rendering.screens import phone_text
from core.messages import ChannelKind

_ANSWER: Final = 1


@dataclass(frozen=True, slots=True)
class Letter:
    """An invitation in one language for one kind of channel; `cost` in centimes of a dirham."""

    text: str
    parts: int
    cost: int


def write_letter(plan: EmergencyPlan, language: str, kind: ChannelKind, dial: str) -> Letter:
    """The invitation; `dial` is what is dialled on USSD."""
    words = plan.invitation.in_language(language).replace(DIAL, dial)
    text = phone_text(words, kind, language)
    if kind is ChannelKind.WHATSAPP:
        return Letter(text, 1, _centimes(plan.costs.whatsapp))
    parts = segments(text)
    return Letter(text, parts, _centimes(plan.costs.sms * parts))


def apply_choice(key: str, title: str) -> Choice:
    """What 1 means in answer to an invitation."""
    return Choice(_ANSWER, title, f'/apply{{"programme":"{key}"}}')


def dialled(channels: Mapping[str, Provider] | Iterable[Provider]) -> str:
    """The service code of the USSD channel, or nothing where there is none."""
    providers = channels.values() if isinstance(channels, Mapping) else channels
    return next((one.address for one in providers if one.kind is ChannelKind.USSD), "")


def _centimes(dirhams: Decimal) -> int:
    """Never less than it costs."""
    return int((dirhams * 100).to_integral_value(ROUND_UP))

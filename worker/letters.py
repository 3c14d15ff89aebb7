"""Writing to a number of our own accord: whether one may, on which channel, in which language.

Nobody is written to who refused messages, took their consent back, or whose number fell silent and
may be somebody else's by now. A call by USSD cannot be made by us, and WhatsApp takes free text for
a day after the citizen's last message only: then the text goes by SMS.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import orjson
from sqlalchemy.orm import Session

from channels.rendering.screens import phone_text
from core.errors import TokenRefused
from core.identifiers import is_phone
from core.messages import ChannelKind
from records.addresses import address_context
from records.outbox import seal_context
from worker.house import House

# The language of a number that chose none, which can follow nothing and hand nothing in.
_LANGUAGE: Final = "ar"


@dataclass(frozen=True, slots=True)
class Letterbox:
    """Where a number (E.164) is written to: the channel by its name, its kind, the language."""

    number: str
    channel: str
    kind: ChannelKind
    language: str


def find_letterbox(house: House, number_key: str) -> Letterbox | None:
    """Where a number may be written to now, or None where it may or can not be."""
    known = house.numbers.find(number_key)
    if known is None or known.opted_out or house.consents.current(number_key) is None:
        return None
    heard = _heard(house, number_key)
    if heard is None:
        return None
    number, kind, is_fresh = heard
    # Who shows WhatsApp no phone number can be written to there only.
    wanted = [ChannelKind.SMS] if is_phone(number) else []
    if kind is ChannelKind.WHATSAPP and is_fresh:
        wanted.insert(0, kind)
    for able in wanted:
        for name, provider in house.channels.items():
            if provider.kind is able and provider.capabilities.can_send:
                return Letterbox(number, name, able, known.language or _LANGUAGE)
    return None


def post(house: House, box: Letterbox, text: str, within: Session) -> int:
    """Put a text in the outbox as part of a transaction, and return its id there."""
    recipient = house.pseudonyms.number(box.number)
    value: dict[str, Any] = {
        "number": box.number,
        "text": phone_text(text, box.kind, box.language),
    }
    sealed = house.seal.close(orjson.dumps(value), seal_context(recipient))
    return house.outbox.add(recipient, box.channel, sealed, within)


def _heard(house: House, number_key: str) -> tuple[str, ChannelKind, bool] | None:
    """The number, the kind of channel it used last, and whether WhatsApp's window is open."""
    heard = house.reach.find(number_key)
    if heard is not None:
        window = timedelta(hours=house.settings.whatsapp_window_hours)
        return heard.number, heard.kind, datetime.now(UTC) - heard.at < window
    kept = house.addresses.find(number_key)
    if kept is None:
        return None
    try:
        number = house.seal.open(kept.sealed, address_context(number_key)).decode()
    except TokenRefused:
        return None
    return number, ChannelKind(kept.kind), False

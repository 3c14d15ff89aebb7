"""What cannot be said on WhatsApp now: the citizen is asked to write first, or it goes by SMS."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from channels.envelope import close_message, open_message
from core.errors import TokenRefused
from core.messages import ChannelKind
from core.outgoing import Outgoing, Prepared
from records.outbox import WAKING, OutboxRow
from worker.house import House

# The language of a number that chose none.
LANGUAGE: Final = "ar"
# One such message is enough for all that waits, and is not repeated every hour.
_NOT_AGAIN: Final = timedelta(hours=20)


def find_waking(house: House, channel: str, number_key: str) -> Prepared | None:
    """The approved message that asks a number's citizen to write, or None where there is none."""
    provider = house.messenger(channel)
    if provider is None:
        return None
    number = house.numbers.find(number_key)
    return provider.waking(number.language if number and number.language else LANGUAGE)


def wake(house: House, row: OutboxRow, message: Outgoing) -> bool:
    """Have a message's citizen asked to write, for it to go then; False where that cannot be."""
    prepared = find_waking(house, row.channel, row.recipient_key)
    if prepared is None:
        return False
    ask(house, row.channel, row.recipient_key, message.number, prepared)
    return True


def ask(
    house: House,
    channel: str,
    recipient_key: str,
    number: str,
    prepared: Prepared,
    within: Session | None = None,
) -> None:
    """Queue the message that asks to write, unless one went lately."""
    last = house.outbox.last_of(recipient_key, channel, WAKING, within)
    if last is not None and datetime.now(UTC) - last < _NOT_AGAIN:
        return
    outgoing = Outgoing(number, prepared=prepared)
    draft = close_message(house.seal, recipient_key, outgoing, ChannelKind.WHATSAPP, purpose=WAKING)
    house.outbox.put(recipient_key, channel, [draft], within)


def fall_back(house: House, row: OutboxRow, message: Outgoing | None = None) -> bool:
    """Send by SMS what of a message may go there; False where nothing may or can."""
    if not house.settings.sms_instead:
        return False
    try:
        message = message or open_message(house.seal, row.recipient_key, row.sealed)
    except TokenRefused:
        return False
    channel = find_channel(house, ChannelKind.SMS)
    if not (message.instead and channel):
        return False
    outgoing, cause = Outgoing(message.number, message.instead), f"instead of {row.id}"
    draft = close_message(
        house.seal, row.recipient_key, outgoing, ChannelKind.SMS, cause, row.purpose
    )
    house.outbox.put(row.recipient_key, channel, [draft])
    if row.state == "held":
        house.outcomes.give_up(row, "by_sms")
    return True


def find_channel(house: House, kind: ChannelKind) -> str:
    """The name of the first channel of a kind that can send, or nothing."""
    for name, provider in house.channels.items():
        if provider.kind is kind and provider.capabilities.can_send:
            return name
    return ""

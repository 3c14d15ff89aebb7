"""Writing to a number of our own accord: whether one may, on which channel, in which language.

Nobody is written to who refused messages, took their consent back, or whose number fell silent and
may be somebody else's by now. A call by USSD cannot be made by us. WhatsApp takes free text for a
day after the citizen's last message only: after it, a template says that a message waits, which
goes once the citizen writes; without a template it goes by SMS.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from channels.envelope import close_message
from channels.rendering.screens import phone_text, sms_text
from core.errors import TokenRefused
from core.identifiers import is_phone
from core.messages import ChannelKind
from core.outgoing import Outgoing, Prepared
from records.addresses import address_context
from records.outbox import NOTICE
from worker.awakening import LANGUAGE, ask, find_channel, find_waking
from worker.house import House


@dataclass(frozen=True, slots=True)
class Letterbox:
    """Where a number (E.164) is written to: the channel by its name, its kind, the language.

    With `waking` the citizen is asked by it to write first, and the text waits for that.
    `may_change` tells that the text may go by SMS where WhatsApp fails to deliver it.
    """

    number: str
    channel: str
    kind: ChannelKind
    language: str
    waking: Prepared | None = None
    may_change: bool = False


def find_letterbox(house: House, number_key: str, may_wait: bool = False) -> Letterbox | None:
    """Where a number may be written to now, or None where it may or can not be.

    With `may_wait` a text may be kept until its citizen writes on WhatsApp.
    """
    known = house.numbers.find(number_key)
    if known is None or known.opted_out or house.consents.current(number_key) is None:
        return None
    heard = _heard(house, number_key)
    if heard is None or house.blocks.holds(number_key):
        return None
    number, kind, is_fresh = heard
    language = known.language or LANGUAGE
    chat = find_channel(house, ChannelKind.WHATSAPP)
    if kind is ChannelKind.WHATSAPP and chat and kind.value not in known.unreachable_on:
        waking = find_waking(house, chat, number_key) if may_wait and not is_fresh else None
        if is_fresh or waking is not None:
            return Letterbox(number, chat, kind, language, waking, may_change=may_wait)
    sms = find_channel(house, ChannelKind.SMS)
    # Who shows WhatsApp no phone number can be written to there only.
    if sms and is_phone(number) and ChannelKind.SMS.value not in known.unreachable_on:
        return Letterbox(number, sms, ChannelKind.SMS, language)
    return None


def post(house: House, box: Letterbox, text: str, within: Session) -> int:
    """Put a text in the outbox as part of a transaction, and return its id there."""
    recipient = house.pseudonyms.number(box.number)
    by_sms = sms_text(text, box.language)
    may_change = box.may_change and is_phone(box.number)
    if box.kind is ChannelKind.SMS:
        message = Outgoing(box.number, by_sms)
    else:
        written = phone_text(text, box.kind, box.language)
        message = Outgoing(box.number, written, instead=by_sms if may_change else "")
    draft = close_message(house.seal, recipient, message, box.kind, purpose=NOTICE)
    is_held = box.waking is not None
    [kept] = house.outbox.put(recipient, box.channel, [draft], within, is_held)
    if box.waking is not None:
        ask(house, box.channel, recipient, box.number, box.waking, within)
    return kept


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

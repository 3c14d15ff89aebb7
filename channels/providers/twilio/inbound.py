"""Twilio's form of an incoming message in our words, whatever kind of message it is.

Fields that are not known are left alone: new ones come without notice.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from core.errors import MalformedPayload
from core.identifiers import read_number, read_user_id
from core.messages import ChannelKind, Content, InboundMessage, Media

WHATSAPP: Final = "whatsapp:"
_REQUIRED: Final = ("MessageSid", "From", "To")
# More files in one message than anybody sends; the rest is not read.
_MOST_MEDIA: Final = 10
# A keyword of the operator's own that Twilio took for one of these is read as that.
_OPTED: Final = {"STOP": "STOP", "START": "START", "HELP": "HELP"}
_BY_MESSAGE: Final = {
    "sticker": Content.STICKER,
    "reaction": Content.REACTION,
    "contact": Content.CONTACT,
    "contacts": Content.CONTACT,
    "document": Content.DOCUMENT,
    "voice": Content.VOICE,
    "unsupported": Content.OTHER,
}
# WhatsApp sends pictures as JPEG or PNG, and stickers as WebP.
_BY_FILE: Final = {
    "image/webp": Content.STICKER,
    "text/vcard": Content.CONTACT,
    "text/x-vcard": Content.CONTACT,
    "text/directory": Content.CONTACT,
}
_BY_FAMILY: Final = {
    "image": Content.IMAGE,
    "audio": Content.VOICE,
    "application": Content.DOCUMENT,
}


def check_fields(form: Mapping[str, str]) -> None:
    """Raise MalformedPayload with the names of the fields that must be there and are not."""
    missing = [name for name in _REQUIRED if not form.get(name)]
    if missing:
        raise MalformedPayload(f"missing: {', '.join(missing)}")


def read_form(kind: ChannelKind, form: Mapping[str, str]) -> InboundMessage:
    """The message of a checked form. Raises MalformedPayload."""
    media = _media(form)
    return InboundMessage(
        channel="twilio",
        kind=kind,
        number=_sender(form),
        message_id=form["MessageSid"],
        received_at=datetime.now(UTC),
        text=_text(form),
        content=_content(form, media),
        pressed=form.get("ButtonPayload") or form.get("ListId", ""),
        media=media,
    )


def _sender(form: Mapping[str, str]) -> str:
    """The phone number, or WhatsApp's own id of a user who shows none."""
    written = form["From"].removeprefix(WHATSAPP)
    number = read_number(written)
    if number is None and form["From"].startswith(WHATSAPP):
        number = read_user_id(form.get("ExternalUserId", "")) or read_user_id(written)
    if number is None:
        raise MalformedPayload("cannot be read: From")
    return number


def _text(form: Mapping[str, str]) -> str:
    """What was written or tapped, or where a shared place is, as latitude and longitude."""
    if form.get("Latitude"):
        return f"{form['Latitude']},{form.get('Longitude', '')}"
    opted = _OPTED.get(form.get("OptOutType", ""))
    return opted or form.get("Body") or form.get("ButtonText") or form.get("ListTitle", "")


def _media(form: Mapping[str, str]) -> tuple[Media, ...]:
    count = form.get("NumMedia", "0")
    if not (count.isascii() and count.isdecimal()):
        return ()
    numbers = range(min(int(count), _MOST_MEDIA))
    return tuple(
        Media(form.get(f"MediaUrl{number}", ""), form.get(f"MediaContentType{number}", "").lower())
        for number in numbers
    )


def _content(form: Mapping[str, str], media: tuple[Media, ...]) -> Content:
    said = form.get("MessageType", "").lower()
    if form.get("Latitude"):
        return Content.LOCATION
    if said in _BY_MESSAGE:
        return _BY_MESSAGE[said]
    if not media:
        return Content.TEXT
    of_file = media[0].content_type.partition(";")[0].strip()
    family = of_file.partition("/")[0]
    return _BY_FILE.get(of_file) or _BY_FAMILY.get(family, Content.OTHER)

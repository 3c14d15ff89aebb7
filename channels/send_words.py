"""The words by which a caller asks for what is on the screen as a message."""

from __future__ import annotations

from typing import Final

_WORDS: Final = frozenset(
    {"whatsapp", "whatsap", "watsapp", "watsap", "wtsp", "sms", "envoyer", "envoi", "azn"}
    | {"واتساب", "واتس", "واتس اب", "ميساج", "رسالة", "ارسال", "أرسل", "ارسل", "صيفط", "صيفطو"}
)


def is_send_word(text: str) -> bool:
    """True for a text that is nothing but one of the words."""
    return " ".join(text.lower().split()).strip(" .!") in _WORDS

"""The words that stop and start messages, read before anything else on SMS and WhatsApp.

Carriers and Meta promise people that STOP works whatever was being asked. So these words, alone in
a message, are no answer to a question and are guessed by no model.
"""

from __future__ import annotations

import re
from typing import Final

from core.messages import ChannelKind

STOP: Final = "/stop_everything"
START: Final = "/start_notifications"
# Folded: lower case, without accents and signs. Those of English are what SMS carriers honour.
_STOP: Final = frozenset(
    {"stop", "stopall", "stop all", "unsubscribe", "optout", "arret", "arreter", "desabonner"}
    | {"توقف", "قف", "ستوب", "إيقاف", "ايقاف", "الغاء الاشتراك"}
)
_START: Final = frozenset({"start", "unstop", "activer", "reprendre", "تفعيل", "ستارت"})
_ACCENTS: Final = str.maketrans("éèêàâîôûç", "eeeaaiouc")
_SIGNS: Final = re.compile(r"[^\w\s]|_")


def read_stop_word(text: str, kind: ChannelKind) -> str | None:
    """The payload of a message that is nothing but one of the words, or None.

    On USSD nobody writes words, and no message is sent there of itself.
    """
    if kind is ChannelKind.USSD:
        return None
    said = " ".join(_SIGNS.sub(" ", text.lower()).translate(_ACCENTS).split())
    if said in _STOP:
        return STOP
    return START if said in _START else None

"""The words that stop and start messages or ask for help, read before anything else in a chat.

Carriers and Meta promise people that STOP works whatever was being asked. So the words of
stop_words.toml, alone in a message, are no answer to a question and are guessed by no model.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Final

from core.messages import ChannelKind

STOP: Final = "/stop_everything"
START: Final = "/start_notifications"
HELP: Final = "/help"
_TABLE: Final = Path(__file__).with_name("stop_words.toml")
_MEANINGS: Final = {"stop": STOP, "start": START, "help": HELP}
_ACCENTS: Final = str.maketrans("éèêëàâîïôûùçأإآٱ", "eeeeaaiiouucاااا")
_SIGNS: Final = re.compile(r"[^\w\s]|_")


def read_stop_word(text: str, kind: ChannelKind) -> str | None:
    """The payload of a message that is nothing but one of the words, or None.

    On USSD nobody writes words, and no message is sent there of itself.
    """
    if kind is ChannelKind.USSD:
        return None
    return _words().get(" ".join(_SIGNS.sub(" ", text.lower()).translate(_ACCENTS).split()))


@cache
def _words() -> dict[str, str]:
    table = tomllib.loads(_TABLE.read_text(encoding="utf-8"))
    return {
        word: _MEANINGS[meaning]
        for meaning, languages in table.items()
        for words in languages.values()
        for word in words
    }

"""The letters a medium can show: what a handset has no font or no room for is written otherwise."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from channels.rendering import gsm7
from core.messages import ChannelKind
from locales import transliteration
from locales.languages import languages

_ARABIC: Final = re.compile(
    "[\u0600-\u065f\u066a-\u06ef\u06fa-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc]"
)
_DIRECTION: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_ISOLATE: Final = "\u2068{}\u2069"
_LATIN: Final = (
    "[0-9A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02b8\u0300-\u036f\u1e00-\u1eff]"
)
# What holds the parts of one Latin run together: 3/2/1980, rsu.ma, +212 6 12, 12,5.
_GLUE: Final = r"(?:[.,:/@?=&_\-+*#%'\u2019]{1,3}|[ \u00a0\u202f])"
_BEFORE_A_SIGN: Final = re.compile(r" (?=[:;?!](?:\s|$))")
# A span isolated already, or a run. A sign belongs to its number, a hyphen after al- does not.
_RUN: Final = re.compile(
    "[\u2066-\u2068][^\u2069]*\u2069"
    rf"|(?:(?<!\w)[+\-*#]{{1,2}})?{_LATIN}(?:{_GLUE}?{_LATIN})*(?:[%#]|[ \u00a0\u202f]%)?"
)


def written_as(language: str, script: str) -> str:
    """A language and the script a citizen reads it in, as one word for `phone_text`.

    The catalog's code alone, but for Amazigh in Latin letters: no other language has two scripts.
    """
    return "zgh-Latn" if (language, script) == ("zgh", "Latn") else language


def code_of(language: str) -> str:
    """The catalog's code of a language that may name its script: `zgh` of `zgh-Latn`."""
    return language.partition("-")[0]


def phone_text(text: str, kind: ChannelKind, language: str) -> str:
    """A text of the engine as it may go out on a medium; done twice it changes nothing more.

    On USSD and SMS direction marks are taken out, Tifinagh becomes Latin letters, and in every
    language but those of Arabic script, which need UCS-2 anyway, all that has an equal in GSM-7 is
    folded into it. On WhatsApp, Latin words and numbers on a line of Arabic are set in directional
    isolates, a French sign of two parts never begins a line, Tifinagh becomes Latin letters for
    those who write such, and nothing else is touched. `language` is a catalog's code, `zgh-Latn`
    for Amazigh in Latin letters, or empty where it is not known yet: then the letters decide.
    """
    if kind is ChannelKind.WHATSAPP:
        if language == "fr":
            text = _BEFORE_A_SIGN.sub("\u00a0", text)
        elif language == written_as("zgh", "Latn"):
            text = transliteration.to_gsm(text)
        return "\n".join(map(_with_isolates, text.split("\n")))
    text = transliteration.to_gsm(_DIRECTION.sub("", text))
    known = languages().get(code_of(language))
    arabic = known.script == "Arab" if known else _ARABIC.search(text) is not None
    return text if arabic else gsm7.fold(text)


# What is nobody's is said to many, and written once. What holds of a person nothing may keep.
phone_text_for_all = lru_cache(maxsize=2048)(phone_text)


def sms_text(text: str, language: str) -> str:
    """A text as it goes out by SMS beside an answer or of our own accord.

    Where the language's setting does not say UCS-2, one letter that is not in GSM-7 would cost more
    than half of the room: what has no equal there is left out.
    """
    written = phone_text(text, ChannelKind.SMS, language)
    known = languages().get(code_of(language))
    return gsm7.only(written) if known and known.sms == "gsm7" else written


def _with_isolates(line: str) -> str:
    if _ARABIC.search(line) is None:
        return line
    return _RUN.sub(_isolated, line)


def _isolated(run: re.Match[str]) -> str:
    found = run.group()
    return found if found[0] in "\u2066\u2067\u2068" else _ISOLATE.format(found)

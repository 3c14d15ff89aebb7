"""The template that says a message waits: one for each language that WhatsApp has templates in.

Outside the 24 hours after a citizen's message WhatsApp takes nothing else, and only once Meta has
approved it. Its words are the catalogs', and its name ends in a digest of them: new words are a new
template, and the old one serves until Meta has approved it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Final

from channels.providers.twilio.templates import PREFIX, Template
from locales.catalogs import Catalogs
from locales.languages import languages

_PREFIX: Final = f"{PREFIX}waking_"
_WORDS: Final = "door_message_waits"
_CATEGORY: Final = "UTILITY"
# Of languages that WhatsApp has no templates in.
_INSTEAD: Final = "ar"


def waking_templates() -> tuple[Template, ...]:
    """One template in each language that can have one."""
    catalogs = Catalogs.load()
    found = []
    for language in languages().values():
        if language.whatsapp:
            words = catalogs.say(language.code, _WORDS)
            digest = hashlib.sha256(words.encode()).hexdigest()[:8]
            name = f"{_PREFIX}{language.code}_{digest}"
            types = {"twilio/text": {"body": words}}
            found.append(Template(name, types, {}, language.whatsapp, _CATEGORY))
    return tuple(found)


def find_name(language: str, approved: Iterable[str]) -> str:
    """The approved template for a language, or nothing; an older one where the new one is not."""
    known = languages().get(language)
    code = language if known is not None and known.whatsapp else _INSTEAD
    names = sorted(name for name in approved if name.startswith(f"{_PREFIX}{code}_"))
    ours = {template.name for template in waking_templates()}
    return next((name for name in names if name in ours), names[0] if names else "")


def successor_of(name: str, wanted: Iterable[Template]) -> str:
    """The name of the template that takes the place of an older one, or nothing."""
    stem = name.rpartition("_")[0] + "_"
    is_waking = name.startswith(_PREFIX)
    return next((one.name for one in wanted if is_waking and one.name.startswith(stem)), "")

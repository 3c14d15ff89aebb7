"""What the engine can say, by response key: its texts and the titles of its buttons, translated.

Read from the same sources as the catalogs; for those who show what was said, not for the engine.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import Final

import yaml
from babel.messages.mofile import read_mo

from core.errors import WordsMissing
from locales.extract import RESPONSES
from locales.languages import languages

_MEANING: Final = re.compile(r"/(\w+)")
# Where the plainest titles stand; a meaning that is in none of them has its title from elsewhere.
_PLAINEST: Final = ("utter_ask_meaning", "utter_menu", "utter_more")


@dataclass(frozen=True, slots=True)
class Response:
    """A variant of a response in English: its text and its buttons, each a title and a meaning."""

    text: str
    buttons: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Responses:
    """Every response by key and channel (empty: where a channel has no own), and its words."""

    variants: dict[tuple[str, str], Response]
    words: dict[str, dict[tuple[str, str], str]]
    _titles: dict[str, tuple[str, str]] = field(default_factory=dict)

    def find(self, key: str, channel: str = "") -> Response:
        """The variant of a channel, else the usual one. Raises WordsMissing."""
        found = self.variants.get((key, channel)) or self.variants.get((key, ""))
        if found is None:
            raise WordsMissing(f"no response {key}")
        return found

    def say(self, language: str, key: str, text: str) -> str:
        """A text or title of a response in a language; in English where it has no words."""
        return self.words.get(language, {}).get((key, text), text)

    def title(self, language: str, meaning: str) -> str:
        """What the button says that means this intent, empty where no button does."""
        if meaning not in self._titles:
            return ""
        return self.say(language, *self._titles[meaning])


@cache
def responses() -> Responses:
    """The responses, read once. Raises WordsMissing where a catalog is not compiled."""
    variants: dict[tuple[str, str], Response] = {}
    for path in sorted(RESPONSES.glob("*.yml")):
        read = yaml.safe_load(path.read_text(encoding="utf-8"))["responses"]
        for key, each in read.items():
            for one in each:
                buttons = tuple(
                    (button["title"], button["payload"]) for button in one.get("buttons", ())
                )
                variants.setdefault((key, one.get("channel", "")), Response(one["text"], buttons))
    words = {code: _words(code) for code in languages()}
    return Responses(variants, words, _plainest(variants))


def _plainest(variants: dict[tuple[str, str], Response]) -> dict[str, tuple[str, str]]:
    """The title that names each meaning best: of a button without values, in a usual variant."""
    titles: dict[str, tuple[str, str]] = {}
    usual = {key: variant for (key, channel), variant in variants.items() if not channel}
    for key in sorted(usual, key=lambda key: (key not in _PLAINEST, key)):
        for title, payload in usual[key].buttons:
            meaning = _MEANING.fullmatch(payload)
            if meaning is not None:
                titles.setdefault(meaning.group(1), (key, title))
    return titles


def _words(code: str) -> dict[tuple[str, str], str]:
    try:
        with languages()[code].compiled.open("rb") as compiled:
            catalog = read_mo(compiled)
    except FileNotFoundError:
        raise WordsMissing(f"{code}: run python -m locales.compile") from None
    return {
        (_text(message.context), str(message.id)): str(message.string)
        for message in catalog
        if message.context and message.string
    }


def _text(context: str | bytes) -> str:
    return context.decode() if isinstance(context, bytes) else context

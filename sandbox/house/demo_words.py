"""The words of made-up citizens, and what they are shown, in their language, on their channel."""

from __future__ import annotations

import random
import re
from functools import cache
from typing import Any, Final

import yaml

from locales.responses import responses
from locales.transliteration import to_gsm
from sandbox.house.layout import ROOT

_EXAMPLES: Final = ROOT / "data" / "nlu"
# Who writes which language in which letters; the first is the one of the screens.
VARIETIES: Final = {
    "fr": ("fr",),
    "ar": ("ar",),
    "ary": ("ary_arab", "ary_latn"),
    "zgh": ("zgh_tfng", "zgh_latn", "zgh_arab"),
}
_ENTITY: Final = re.compile(r"\[([^\]]+)\](?:\{[^}]*\}|\([^)]*\))")
_PLACE: Final = re.compile(r"\{(\w+)\}")
_LINES: Final = 7


def some_words(chance: random.Random, language: str, intent: str) -> str:
    """Words that mean an intent, as somebody who speaks the language writes them."""
    variety = chance.choice(VARIETIES[language])
    examples = _examples(variety).get(intent) or _examples(VARIETIES[language][0]).get(intent, [])
    return chance.choice(examples) if examples else ""


def screen(language: str, kind: str, keys: list[str], values: dict[str, str]) -> str:
    """The responses of these keys as a screen of that kind of channel."""
    known, parts = responses(), []
    for key in keys:
        variant = known.find(key, kind)
        parts.append(_PLACE.sub(_value(values), known.say(language, key, variant.text)))
        titles = [known.say(language, key, title) for title, _ in variant.buttons]
        parts += [f"{number}. {title}" for number, title in enumerate(titles[:_LINES], 1)]
    text = "\n".join(parts)
    return to_gsm(text) if kind != "whatsapp" else text


def _value(values: dict[str, str]) -> Any:
    return lambda place: values.get(place.group(1), "****")


@cache
def _examples(variety: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in sorted((_EXAMPLES / variety).glob("*.yml")):
        text = path.read_text(encoding="utf-8")
        # The loader in C reads the examples ten times faster.
        for one in yaml.load(text, Loader=yaml.CSafeLoader)["nlu"]:
            lines = (_ENTITY.sub(r"\1", line[2:]) for line in one["examples"].splitlines())
            found.setdefault(one.get("intent", ""), []).extend(lines)
    return found

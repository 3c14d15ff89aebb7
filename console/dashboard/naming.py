"""Names of what is counted, in the language of the page."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Final

from babel.dates import format_date
from flask import Flask

from console.conversations.drawing import KINDS, language_name, meaning
from console.dashboard.period import Period
from console.page import language, sayer
from core.errors import WordsMissing
from core.regions import region_name
from locales.languages import languages
from locales.responses import responses

_PLACE: Final = re.compile(r"\{\w+\}")
_LONGEST: Final = 60


class Naming:
    """Says what things are called. For the time of one request."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self.say: Callable[..., str] = sayer(app)

    def part(self, begin: date, period: Period) -> str:
        """A day, or the week that begins on it."""
        day = begin.strftime("%d/%m")
        return self.say("week_of", day=day) if period.by_week else day

    def month(self, first: date) -> str:
        """A month with its year."""
        return str(format_date(first, "MMMM y", locale=language().babel))

    def kind(self, kind: str) -> str:
        """A kind of channel, or a channel by its own name."""
        return KINDS.get(kind, kind)

    def language(self, code: str) -> str:
        """A citizens' language in that language."""
        return language_name(code) if code in languages() else self.say("not_known")

    def variety(self, variety: str) -> str:
        """A variety of a language: the language and its letters."""
        code, _, script = variety.partition("_")
        name = language_name(code)
        return f"{name} ({self.say(f'script_{script}')})" if script else name

    def meaning(self, intent: str) -> str:
        """What an intent or a service means."""
        return meaning(self._app, intent)

    def screen(self, key: str) -> str:
        """The first words of a screen."""
        try:
            text = responses().find(key).text
        except WordsMissing:
            return key
        said = responses().say(language().code, key, text)
        plain = " ".join(_PLACE.sub("…", said).split())
        return plain if len(plain) <= _LONGEST else f"{plain[: _LONGEST - 1]}…"

    def region(self, code: str) -> str:
        """A region by its name."""
        return region_name(code, language().code) or self.say("not_known")

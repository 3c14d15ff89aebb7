"""The language of a page, its direction, and the words of its templates.

Which language: the one asked for with `?lang=`, else the one chosen before, else the account's,
else the browser's, else French.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from babel.dates import format_datetime, format_timedelta
from flask import Flask, g, request, session
from flask_login import current_user
from markupsafe import Markup

from console.navigation import NAVIGATION
from console.permissions import may
from locales.catalogs import StaffWords
from locales.languages import Language, staff_languages

_FIRST: Final = "fr"
_ZONE: Final = ZoneInfo("Africa/Casablanca")


def language() -> Language:
    """The language of the page that is being made."""
    if "language" not in g:
        g.language = staff_languages()[_choose()]
    chosen: Language = g.language
    return chosen


def add_words(app: Flask, words: StaffWords) -> None:
    """Give every template `say`, `language`, `may`, and the dates of Morocco."""

    def say(key: str, **values: object) -> str:
        return words.say(language().code, key, **values)

    @app.context_processor
    def given() -> dict[str, Any]:
        return {
            "say": say,
            "language": language(),
            "languages": staff_languages(),
            "may": lambda permission: may(current_user.role, permission),
            "moment": moment,
            "since": since,
            "lasting": lasting,
            "isolated": isolated,
            "navigation": NAVIGATION,
        }

    @app.after_request
    def remember(response: Any) -> Any:
        asked = request.args.get("lang", "")
        if asked in staff_languages():
            session["language"] = asked
        return response

    app.extensions["say"] = say


def sayer(app: Flask) -> Callable[..., str]:
    """What says a text of the catalogs in the language of the page."""
    said: Callable[..., str] = app.extensions["say"]
    return said


def moment(at: datetime | None) -> str:
    """A moment as staff write it, on Morocco's clock."""
    if at is None:
        return ""
    return str(format_datetime(at.astimezone(_ZONE), "dd/MM/yyyy HH:mm", locale="fr_MA"))


def since(at: datetime, now: datetime) -> str:
    """How long ago a moment was, in words."""
    return str(format_timedelta(now - at, locale=language().babel, granularity="minute"))


def lasting(time: timedelta) -> str:
    """How long something took, in words."""
    return str(format_timedelta(time, locale=language().babel, granularity="minute"))


def isolated(text: str) -> Markup:
    """A citizen's or a provider's text in its own direction, wherever it stands."""
    return Markup('<bdi dir="auto">{}</bdi>').format(text)


def _choose() -> str:
    known = staff_languages()
    for code in (
        request.args.get("lang", ""),
        session.get("language", ""),
        getattr(current_user, "language", ""),
    ):
        if code in known:
            return str(code)
    return request.accept_languages.best_match(list(known), _FIRST) or _FIRST

"""The theme's own words in the language of each page: French below docs/fr, English elsewhere."""

from __future__ import annotations

import gettext
import re
from pathlib import Path
from typing import Any, Final

import pydata_sphinx_theme
import sphinx
from sphinx.application import Sphinx

_FRENCH: Final = "docs/fr/"
# What stands between back-quotes is no language.
_CODE: Final = re.compile(r"(```.*?```|`[^`\n]*`)", re.DOTALL)
_BEFORE: Final = re.compile(r"(?<=\S) (?=[:;?!»](?:\s|$))", re.MULTILINE)
_AFTER: Final = re.compile(r"(?<=«) ")
_FIXED: Final = "\N{NO-BREAK SPACE}"
_CATALOGS: Final = (pydata_sphinx_theme, sphinx)


def spaced(page: str, text: str) -> str:
    """A French page's text whose signs never begin a line; any other page's as it is."""
    if not page.startswith(_FRENCH):
        return text
    parts = _CODE.split(text)
    parts[::2] = [_AFTER.sub(_FIXED, _BEFORE.sub(_FIXED, part)) for part in parts[::2]]
    return "".join(parts)


class Tongue:
    """Says a word of the theme in the language of the page that is written just now."""

    def __init__(self) -> None:
        self._is_french = False
        self._english = gettext.NullTranslations()
        self._french = gettext.NullTranslations()
        for package in _CATALOGS:
            folder = Path(str(package.__file__)).parent / "locale"
            self._french.add_fallback(gettext.translation("sphinx", folder, ["fr"]))

    def teach(self, app: Sphinx) -> None:
        """Have the templates ask for words here."""
        templates: Any = app.builder.templates
        templates.environment.install_gettext_callables(
            lambda word: self._words.gettext(word),
            lambda one, many, count: self._words.ngettext(one, many, count),
            newstyle=True,
        )

    def turn_to(self, _: Sphinx, page: str, __: str, context: dict[str, Any], *___: Any) -> None:
        """Speak a page's language from now on, and have the page say which it is."""
        self._is_french = page.startswith(_FRENCH)
        if self._is_french:
            context["language"] = "fr"

    @property
    def _words(self) -> gettext.NullTranslations:
        return self._french if self._is_french else self._english

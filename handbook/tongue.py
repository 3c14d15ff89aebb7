"""The theme's own words in the language of each page: French below docs/fr, English elsewhere."""

from __future__ import annotations

import gettext
from pathlib import Path
from typing import Any, Final

import pydata_sphinx_theme
import sphinx
from sphinx.application import Sphinx

_FRENCH: Final = "docs/fr/"
_CATALOGS: Final = (pydata_sphinx_theme, sphinx)


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

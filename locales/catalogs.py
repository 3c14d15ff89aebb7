"""The sentences that no engine says, in the citizen's language, from the compiled catalogs."""

from __future__ import annotations

from typing import Final

from babel.messages.mofile import read_mo

from core.errors import WordsMissing
from locales.languages import Language, languages, staff_languages

# The contexts of channels/words.yml and worker/words.yml; every other is said by the engine.
_OURS: Final = ("door_", "notice_")


class Catalogs:
    """The sentences of every language, read once."""

    def __init__(self, sentences: dict[str, dict[str, str]]) -> None:
        """Hold the sentences by language and key; `load` reads them from the compiled catalogs."""
        self._sentences = sentences

    @classmethod
    def load(cls) -> Catalogs:
        """Read the compiled catalogs. Raises WordsMissing where one is not there."""
        return cls({code: _read(language) for code, language in languages().items()})

    def say(self, language: str, key: str, **values: str) -> str:
        """The sentence of that key; in every language, a line each, where none is known yet.

        Placeholders `{name}` are filled from `values`. Raises WordsMissing where a key or a value
        is absent: a door without words is a fault of the build, never something to hide.
        """
        known = [language] if language in self._sentences else list(self._sentences)
        try:
            lines = [self._sentences[code][key].format(**values) for code in known]
        except KeyError as absent:
            raise WordsMissing(f"{key}: no {absent} in {', '.join(known)}") from None
        return "\n".join(lines)


class StaffWords:
    """What staff read in the console, in each of its languages, by key."""

    def __init__(self, said: dict[str, dict[str, str]]) -> None:
        """Hold the texts by language and key; `load` reads them from the compiled catalogs."""
        self._said = said

    @classmethod
    def load(cls) -> StaffWords:
        """Read the compiled catalogs. Raises WordsMissing where one is not there."""
        return cls({code: _contexts(language) for code, language in staff_languages().items()})

    def say(self, language: str, key: str, **values: object) -> str:
        """The text of that key. Raises WordsMissing where a key or a value is absent."""
        try:
            return self._said[language][key].format(**values)
        except KeyError as absent:
            raise WordsMissing(f"{key}: no {absent} in {language}") from None

    def knows(self, language: str, key: str) -> bool:
        """True where there is a text of that key."""
        return key in self._said.get(language, {})


def response_keys() -> frozenset[str]:
    """Every key of a text to citizens. Raises WordsMissing where no catalog is compiled."""
    return frozenset(_contexts(next(iter(languages().values()))))


def _read(language: Language) -> dict[str, str]:
    said = _contexts(language)
    return {context: text for context, text in said.items() if context.startswith(_OURS)}


def _contexts(language: Language) -> dict[str, str]:
    try:
        with language.compiled.open("rb") as compiled:
            catalog = read_mo(compiled)
    except FileNotFoundError:
        raise WordsMissing(f"{language.code}: run python -m locales.compile") from None
    # Babel reads contexts of a compiled catalog as bytes.
    return {
        _text(message.context): str(message.string)
        for message in catalog
        if message.context and message.string
    }


def _text(context: str | bytes) -> str:
    return context.decode() if isinstance(context, bytes) else context

"""A text in each of our languages, as programme files hold them."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import ConfigDict, Field, RootModel, model_validator

from locales.languages import languages

TITLE_AT_MOST = 20

Words = Annotated[str, Field(min_length=1)]


# Beside the languages: what a native speaker must look at in the Amazigh words.
REVIEW = "review"


class Texts(RootModel[dict[str, Words]]):
    """The same words in every language of locales/languages.toml.

    `review` stands beside them where the Amazigh words await a native speaker, and says why.
    """

    model_config = ConfigDict(frozen=True)

    @model_validator(mode="after")
    def _is_in_every_language(self) -> Self:
        if missing := languages().keys() - self.root.keys():
            raise ValueError(f"not in {', '.join(sorted(missing))}")
        if foreign := self.root.keys() - languages().keys() - {REVIEW}:
            raise ValueError(f"no language of ours: {', '.join(sorted(foreign))}")
        return self

    def in_language(self, language: str) -> str:
        """The words in one of our languages, by its code."""
        return self.root[language]

    @property
    def languages(self) -> dict[str, str]:
        """The words by the code of their language."""
        return {code: words for code, words in self.root.items() if code != REVIEW}

    @property
    def review(self) -> str:
        """What a native speaker must look at, or nothing."""
        return self.root.get(REVIEW, "")


class Title(Texts):
    """Words for a button: WhatsApp cuts what is longer than 20 characters."""

    @model_validator(mode="after")
    def _fits_a_button(self) -> Self:
        if long := [words for words in self.languages.values() if len(words) > TITLE_AT_MOST]:
            raise ValueError(f"longer than {TITLE_AT_MOST} characters: {', '.join(long)}")
        return self

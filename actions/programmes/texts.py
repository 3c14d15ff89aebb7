"""A text in each of our languages, as programme files hold them."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import ConfigDict, Field, RootModel, model_validator

from locales.languages import languages

TITLE_AT_MOST = 20

Words = Annotated[str, Field(min_length=1)]


class Texts(RootModel[dict[str, Words]]):
    """The same words in every language of locales/languages.toml."""

    model_config = ConfigDict(frozen=True)

    @model_validator(mode="after")
    def _is_in_every_language(self) -> Self:
        if missing := languages().keys() - self.root.keys():
            raise ValueError(f"not in {', '.join(sorted(missing))}")
        if foreign := self.root.keys() - languages().keys():
            raise ValueError(f"no language of ours: {', '.join(sorted(foreign))}")
        return self

    def in_language(self, language: str) -> str:
        """The words in one of our languages, by its code."""
        return self.root[language]


class Title(Texts):
    """Words for a button: WhatsApp cuts what is longer than 20 characters."""

    @model_validator(mode="after")
    def _fits_a_button(self) -> Self:
        if long := [words for words in self.root.values() if len(words) > TITLE_AT_MOST]:
            raise ValueError(f"longer than {TITLE_AT_MOST} characters: {', '.join(long)}")
        return self

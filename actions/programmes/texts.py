"""A text in each of our languages, as programme files hold them."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Texts(BaseModel):
    """The same words in every language."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ar: str = Field(min_length=1)
    ary: str = Field(min_length=1)
    fr: str = Field(min_length=1)
    zgh: str = Field(min_length=1)

    def in_language(self, language: str) -> str:
        """The words in one of our languages (ar, ary, fr, zgh)."""
        return str(getattr(self, language))


class Title(Texts):
    """Words for a button: WhatsApp cuts what is longer than 20 characters."""

    ar: str = Field(min_length=1, max_length=20)
    ary: str = Field(min_length=1, max_length=20)
    fr: str = Field(min_length=1, max_length=20)
    zgh: str = Field(min_length=1, max_length=20)

"""A programme's words stand in every language of ours, and in no other."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from actions.programmes.texts import Texts, Title
from locales.languages import languages

EVERYWHERE = {code: f"in {code}" for code in languages()}


def test_a_text_is_said_in_the_language_asked_for() -> None:
    assert {code: Texts(EVERYWHERE).in_language(code) for code in languages()} == EVERYWHERE


@pytest.mark.parametrize("missing", languages())
def test_a_text_that_lacks_a_language_is_refused_and_names_it(missing: str) -> None:
    words = {code: said for code, said in EVERYWHERE.items() if code != missing}

    with pytest.raises(ValidationError, match=rf"not in {missing}\b"):
        Texts(words)


def test_a_language_that_is_not_ours_is_refused() -> None:
    with pytest.raises(ValidationError, match="no language of ours: xx"):
        Texts({**EVERYWHERE, "xx": "words"})


def test_a_title_that_a_button_would_cut_is_refused() -> None:
    with pytest.raises(ValidationError, match="longer than 20"):
        Title({**EVERYWHERE, "fr": "a" * 21})


@pytest.mark.parametrize("kind", [Texts, Title])
def test_empty_words_are_refused(kind: type[Texts]) -> None:
    with pytest.raises(ValidationError):
        kind({**EVERYWHERE, "fr": ""})

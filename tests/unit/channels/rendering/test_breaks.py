"""Where a line may be broken, and where never."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.rendering.breaks import ends_sentence, graphemes, words


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("  deux  mots ", ("deux", "mots")),
        ("appelez le 06 12 34 56 78 vite", ("appelez", "le", "06 12 34 56 78", "vite")),
        ("+212 6 12-34 le 3/2/1980", ("+212 6 12-34", "le", "3/2/1980")),
        ("12 500,50 MAD", ("12 500,50", "MAD")),
        ("٠٦ ١٢ ٣٤", ("٠٦ ١٢ ٣٤",)),
        ("Quoi ? 3 % : oui", ("Quoi ?", "3 % :", "oui")),
        ("12\u202f500\u00a0MAD net", ("12\u202f500\u00a0MAD", "net")),
        ("", ()),
        (" \t ", ()),
    ],
)
def test_words_and_grouped_numbers_stay_whole(line: str, expected: tuple[str, ...]) -> None:
    assert expected == words(line)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("abc", ["a", "b", "c"]),
        ("e\u0302t", ["e\u0302", "t"]),
        ("مُدَّة", ["مُ", "دَّ", "ة"]),
        ("👨‍👩‍👧x", ["👨‍👩‍👧", "x"]),
        ("👍🏽👍", ["👍🏽", "👍"]),
        ("🇲🇦🇫🇷", ["🇲🇦", "🇫🇷"]),
        ("1\ufe0f\u20e32", ["1\ufe0f\u20e3", "2"]),
        ("🏴\U000e0067\U000e0062\U000e007f!", ["🏴\U000e0067\U000e0062\U000e007f", "!"]),
        ("ⵜⴰⵎⵯ", ["ⵜ", "ⴰ", "ⵎ", "ⵯ"]),
        ("", []),
    ],
)
def test_a_reader_s_character_stays_whole(word: str, expected: list[str]) -> None:
    assert expected == list(graphemes(word))


@given(st.text())
def test_graphemes_are_the_word_and_none_is_empty(word: str) -> None:
    parts = list(graphemes(word))

    assert word == "".join(parts)
    assert all(parts)


@given(st.text())
def test_words_lose_nothing_but_the_width_of_spaces(line: str) -> None:
    assert " ".join(line.split()) == " ".join(" ".join(words(line)).split())


@pytest.mark.parametrize(
    "word", ["fin.", "Quoi ?", "كيف؟", "نعم.", "déjà…", "oui.»", "(non.)", "3 %."]
)
def test_a_sentence_ends_here(word: str) -> None:
    assert ends_sentence(word)


@pytest.mark.parametrize("word", ["mot", "3.2.1980", "rsu.ma", "Indice :", "12,5", "نعم،", "Menu:"])
def test_and_here_it_goes_on(word: str) -> None:
    assert not ends_sentence(word)

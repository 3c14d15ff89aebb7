"""Whoever reads little can read it: short sentences, plain words, figures in digits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import pytest

from actions.programmes import load_programmes
from locales.languages import languages
from locales.po import read_catalog
from tests.words.reading import reading_ease, sentences

LONGEST_SENTENCE: Final = 25
EASE_OF_A_TEXT: Final = 45
EASE_OF_ALL: Final = 80
# Words of offices, and the plain ones that stand for them in our texts.
JARGON: Final = {
    "récépissé": "reçu",
    "susmentionné": "",
    "nonobstant": "",
    "afférent": "",
    "allocataire": "",
    "éligibilité": "droit",
    "éligible": "a droit",
    "requérant": "vous",
    "diligence": "",
    "justificatif": "papier",
    "formalité": "",
    "instruction du dossier": "étude",
    "immatriculation": "inscription",
}
# Figures in letters are slower to read, and a voice reads digits as well.
NUMBERS: Final = re.compile(
    r"\b(deux|trois|quatre|cinq|six|sept|huit|dix|douze|quinze|vingt|trente|cent|mille)\b",
    re.IGNORECASE,
)


def french() -> Iterator[tuple[str, str]]:
    """Every French text with the key it stands under."""
    for message in read_catalog(languages()["fr"].source):
        if message.id and message.string:
            yield str(message.context), str(message.string)
    for key, programme in load_programmes().items():
        for question in programme.questions:
            yield f"{key}.{question.key}", question.text.in_language("fr")
        if programme.summary:
            yield f"{key}.summary", programme.summary.in_language("fr")


TEXTS: Final = [(key, text) for key, text in french() if sentences(text)]


def test_no_sentence_is_longer_than_can_be_kept_in_mind() -> None:
    found = {key: max(map(len, sentences(text))) for key, text in TEXTS}

    assert {} == {key: words for key, words in found.items() if words > LONGEST_SENTENCE}


def test_every_text_of_a_sentence_or_more_is_easy_enough() -> None:
    long = [(key, text) for key, text in TEXTS if sum(map(len, sentences(text))) >= 8]
    ease = {key: round(reading_ease(text)) for key, text in long}

    assert {} == {key: points for key, points in ease.items() if points < EASE_OF_A_TEXT}


def test_all_of_it_is_easy_to_read() -> None:
    assert reading_ease(" . ".join(f"{text} ." for _, text in TEXTS)) >= EASE_OF_ALL


@pytest.mark.parametrize("word", JARGON)
def test_no_word_of_offices_is_used(word: str) -> None:
    assert [] == [key for key, text in TEXTS if word in text.casefold()]


def test_figures_are_written_in_digits() -> None:
    assert [] == [(key, text) for key, text in TEXTS if NUMBERS.search(text)]


def test_the_measure_tells_hard_from_easy() -> None:
    easy = "Votre demande est là. Gardez ce numéro."
    hard = (
        "Nonobstant l'irrecevabilité susmentionnée, l'administration subordonne l'instruction de "
        "la réclamation à la régularisation préalable de l'immatriculation du bénéficiaire."
    )

    assert reading_ease(easy) > 80
    assert reading_ease(hard) < 30
    assert max(map(len, sentences(hard))) < LONGEST_SENTENCE

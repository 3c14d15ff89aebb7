"""Every text of a programme file fits the screens it is shown on, in every language.

A question with its choices takes at most two USSD pages; everything else is a line of an answer and
takes one.
"""

from __future__ import annotations

import pytest

from actions.programmes import Question, load_programmes
from actions.programmes.check import texts_of
from channels.rendering.gsm7 import Encoding, measure
from channels.rendering.menus import number_choices
from channels.rendering.pages import Budget, cut
from channels.rendering.screens import phone_text
from core.messages import Button, ChannelKind
from locales import compile as catalogs
from locales.catalogs import Catalogs
from locales.languages import languages
from locales.po import read_catalog
from tests.words.test_screens import BUDGET, PAGES, navigation

CODES = list(languages())
PROGRAMMES = load_programmes()
TEXTS = [
    (f"{key}: {place}", text) for key, one in PROGRAMMES.items() for place, text in texts_of(one)
]


@pytest.fixture(scope="module")
def door() -> Catalogs:
    catalogs.main()
    return Catalogs.load()


def on_ussd(words: str, code: str) -> str:
    """The words in the letters a handset shows."""
    return phone_text(words, ChannelKind.USSD, code)


def choices_of(question: Question, code: str) -> list[str]:
    """The titles that are offered beside a question."""
    if question.type == "yes_no":
        catalog = read_catalog(languages()[code].source)
        found = (catalog.get(word, "utter_ask_consent") for word in ("Yes, I agree", "No"))
        return [str(one.string) for one in found if one]
    return [choice.text.in_language(code) for choice in question.choices]


@pytest.mark.parametrize("code", CODES)
def test_a_question_and_its_choices_take_at_most_two_ussd_pages(code: str, door: Catalogs) -> None:
    pages = {}
    for key, programme in PROGRAMMES.items():
        for question in programme.questions:
            titles = [Button(on_ussd(t, code), "/x") for t in choices_of(question, code)]
            text = on_ussd(question.text.in_language(code), code)
            screens = cut(
                [text], number_choices(titles), BUDGET, navigation(door, code), back=True, home=True
            )
            pages[f"{key}.{question.key}"] = len(screens)

    assert 20 < len(pages)
    assert {} == {place: count for place, count in pages.items() if count > PAGES}


@pytest.mark.parametrize("code", CODES)
def test_a_line_of_a_programme_fits_a_ussd_page(code: str) -> None:
    said = {place: on_ussd(text.in_language(code), code) for place, text in TEXTS}

    assert {} == {place: words for place, words in said.items() if not Budget().holds(words)}


@pytest.mark.parametrize("code", ["fr", "zgh"])
def test_french_and_amazigh_programmes_are_all_written_in_gsm7(code: str) -> None:
    said = {place: on_ussd(text.in_language(code), code) for place, text in TEXTS}

    assert {} == {p: w for p, w in said.items() if Encoding.GSM7 != measure(w).encoding}

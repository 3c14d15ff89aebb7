"""An input means what the screen before it makes of it."""

from __future__ import annotations

import pytest

from channels.memory import Shown
from channels.reading import (
    BACK,
    HOME,
    Payload,
    Place,
    Remark,
    Step,
    TurnPage,
    Words,
    read_input,
    share,
)
from channels.rendering.menus import Choice
from channels.rendering.pages import Page
from core.messages import Content, Expects

LONGEST = 1000
FIRST = Page("Menu\n1 Register\n2 Language\n98 more", (Choice(1, "Register", "/register"),))
SECOND = Page("3 Help\n0 back", (Choice(2, "Help", "/help"), Choice(3, "Français", "/fr")))
QUESTIONS = [kind for kind in Expects if kind is not Expects.NUMBER]


def menu(page: int = 0, **changes: object) -> Shown:
    return Shown(**{"pages": (FIRST, SECOND), "page": page, "expects": Expects.MENU, **changes})  # type: ignore[arg-type]


def asks(expects: Expects, page: int = 0) -> Shown:
    return Shown((Page("first"), Page("second")), page, expects)


def read(text: str, shown: Shown, content: Content = Content.TEXT) -> Step:
    return read_input(text, content, shown, LONGEST)


@pytest.mark.parametrize("typed", ["1", " 1 ", "1.", "1)", "١", "۱", "\uff11", "1\ufe0f\u20e3"])
def test_a_choice_is_chosen_by_its_number_in_any_digits(typed: str) -> None:
    assert Payload("/register") == read(typed, menu())


@pytest.mark.parametrize("typed", ["Register", "register", "  REGISTER "])
def test_a_choice_is_chosen_by_its_title(typed: str) -> None:
    assert Payload("/register") == read(typed, menu())


@pytest.mark.parametrize("typed", ["1", "٢", "9"])
def test_whoever_chooses_before_the_choices_are_shown_is_shown_them(typed: str) -> None:
    long = (Page("We ask\n98 more"), Page("you first.\n98 more"), SECOND)

    assert TurnPage(2) == read(typed, menu(pages=long))
    assert TurnPage(2) == read(typed, menu(1, pages=long))
    assert Words("1985") == read("1985", menu(pages=long))


@pytest.mark.parametrize("typed", ["2", "3", "9", "٣", "99"])
def test_a_digit_of_a_menu_not_shown_yet_is_no_choice(typed: str) -> None:
    assert Remark("door_wrong_choice") == read(typed, menu())


def test_a_title_of_a_page_not_shown_yet_is_words() -> None:
    assert Words("Français") == read("Français", menu())


def test_a_page_turned_to_keeps_the_choices_of_those_before_it() -> None:
    assert Payload("/register") == read("1", menu(page=1))
    assert Payload("/fr") == read("3", menu(page=1))


def test_98_shows_the_next_page_and_0_the_one_before() -> None:
    assert TurnPage(1) == read("98", menu())
    assert TurnPage(1) == read("٩٨", menu())
    assert TurnPage(0) == read("0", menu(page=1))


def test_0_on_the_first_page_goes_back() -> None:
    assert Payload(BACK) == read("0", menu())


def test_98_on_the_last_page_shows_it_again() -> None:
    assert TurnPage(1) == read("98", menu(page=1))


@pytest.mark.parametrize("expects", list(Expects))
@pytest.mark.parametrize("typed", ["00", " 00 ", "٠٠"])
def test_00_goes_home_from_everywhere(expects: Expects, typed: str) -> None:
    assert Payload(HOME) == read(typed, asks(expects))


@pytest.mark.parametrize("typed", ["0", "98", "٩٨"])
@pytest.mark.parametrize("page", [0, 1])
def test_in_a_question_for_a_number_0_and_98_are_answers(typed: str, page: int) -> None:
    answered = read(typed, asks(Expects.NUMBER, page))

    assert isinstance(answered, Words)
    assert int(typed) == int(answered.text)


@pytest.mark.parametrize("expects", QUESTIONS)
def test_in_every_other_question_0_and_98_navigate(expects: Expects) -> None:
    assert Payload(BACK) == read("0", asks(expects))
    assert TurnPage(1) == read("98", asks(expects))
    assert TurnPage(0) == read("0", asks(expects, page=1))


@pytest.mark.parametrize("expects", [Expects.IDCS, Expects.DATE, Expects.CODE, Expects.TEXT])
@pytest.mark.parametrize("typed", ["1", "12", "123456", "3/2/1980"])
def test_an_answer_to_a_question_without_choices_goes_to_the_engine(
    expects: Expects, typed: str
) -> None:
    assert Words(typed) == read(typed, asks(expects))


@pytest.mark.parametrize("typed", ["0", "98"])
def test_a_remark_that_hides_the_page_leads_back_to_it(typed: str) -> None:
    assert TurnPage(1) == read(typed, menu(page=1, remark="Nothing was typed.", is_behind=True))


def test_a_choice_may_be_made_while_a_remark_hides_the_page() -> None:
    assert Payload("/register") == read("1", menu(remark="Nothing was typed.", is_behind=True))


@pytest.mark.parametrize("typed", ["100", "6 people", "wach ana msejel"])
def test_what_is_no_number_of_a_menu_is_words(typed: str) -> None:
    assert Words(typed) == read(typed, menu())


@pytest.mark.parametrize("typed", ["", "   ", "\n", "\u200f\u200e", "\ufe0f"])
def test_nothing_typed_is_remarked(typed: str) -> None:
    assert Remark("door_empty") == read(typed, menu())


@pytest.mark.parametrize("content", [Content.IMAGE, Content.LOCATION, Content.OTHER])
@pytest.mark.parametrize("typed", ["", "1", "00"])
def test_what_is_not_text_is_remarked_whatever_stands_under_it(
    content: Content, typed: str
) -> None:
    assert Remark("door_media") == read(typed, menu(), content)


def test_a_text_is_read_up_to_the_longest_and_no_further() -> None:
    assert Words("a" * LONGEST) == read("a" * LONGEST, menu())
    assert Remark("door_too_long") == read("a" * (LONGEST + 1), menu())
    assert Remark("door_too_long") == read("9" * 10_000, menu())


@pytest.mark.parametrize("typed", ["👍", "🙏🏽🙏🏽", "é", "ⴰⵣⵓⵍ"])
def test_letters_and_emoji_are_words(typed: str) -> None:
    assert Words(typed) == read(typed, menu())


def test_a_shared_place_is_told_to_the_engine_by_its_token_alone() -> None:
    assert Place("34.0209,-6.8416") == read("34.0209,-6.8416", menu(), Content.LOCATION)
    assert '/share_place{"place":"[[place:x:]]"}' == share("[[place:x:]]")


@pytest.mark.parametrize("nowhere", ["", "91,0", "0,181", "nan", "1,2,3", "Rabat"])
def test_a_place_that_is_nowhere_is_remarked(nowhere: str) -> None:
    assert Remark("door_media") == read(nowhere, menu(), Content.LOCATION)

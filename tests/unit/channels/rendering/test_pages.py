"""Pages fit, lose nothing, and can be walked back and forth."""

from __future__ import annotations

import re
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.rendering.gsm7 import Encoding, fold, measure
from channels.rendering.menus import Choice, number_choices
from channels.rendering.pages import Budget, Navigation, Page, cut, single
from core.messages import Button

FRENCH = Navigation("suite", "retour", "accueil")
ARABIC = Navigation("المزيد", "رجوع", "القائمة")
BUDGET = Budget()
# Signs as wide, at which no sentence ends.
NO_SENTENCE = str.maketrans(".!?؟;", ",,,،,")
lay_out = partial(cut, budget=BUDGET, navigation=FRENCH, back=False, home=False)

_LETTERS = {
    "arabic": "ابتثجحخدذرزسشصضطظعغفقكلمنهويةىءأإآؤئ\u064e\u0651٠١٢٣،؟",
    "amazigh": "abcdefgijklmnqrstuwxyzɣɛḍḥṛṣṭẓʷ",
    "french": "abcdefghijklmnopqrstuvwxyzéèàùçêîôœ'’«»0123456789[]€",
    "tifinagh": "ⴰⴱⴳⴷⴹⴻⴼⴽⵀⵃⵄⵅⵇⵉⵊⵍⵎⵏⵓⵔⵕⵖⵙⵚⵛⵜⵟⵡⵢⵣⵥⵯ",
    "signs": ".!?؟:;",
    "emoji": "👍🏽🇲🇦❤\ufe0f\u200d👩👧",
}
WORDS = st.one_of(
    *(st.text(letters, min_size=1, max_size=12) for letters in _LETTERS.values()),
    st.text("a€ش👍", min_size=60, max_size=400),
    st.from_regex(r"0[67]( \d\d){4}|\d{1,2}/\d{1,2}/19\d\d|\+212 \d{9}", fullmatch=True),
)
TEXTS = st.lists(WORDS, max_size=40).map(" ".join)
PARAGRAPHS = st.lists(TEXTS, max_size=4)
TITLES = st.lists(WORDS, min_size=1, max_size=4).map(" ".join)
CHOICES = st.lists(TITLES, max_size=12).map(
    lambda titles: number_choices([Button(title, f"/{title}") for title in titles])
)
NAVIGATIONS = st.sampled_from([FRENCH, ARABIC])
# By default, by the standard, and the smallest that a gateway of ours gives.
BUDGETS = st.sampled_from([BUDGET, Budget(182, 80), Budget(120, 60)])


def _foot_of(page: Page, navigation: Navigation) -> tuple[str, list[str]]:
    """A page taken apart: its body without any space, and its navigation in order."""
    labels = [f"98 {navigation.more}", f"0 {navigation.back}", f"00 {navigation.home}"]
    label = "|".join(map(re.escape, labels))
    match = re.search(rf"(?:\A|\n)((?:{label})(?:(?:\n|  )(?:{label}))*)\Z", page.text)
    if match is None:
        return "".join(page.text.split()), []
    return "".join(page.text[: match.start()].split()), re.split(r"\n|  ", match.group(1))


@settings(deadline=None)
@given(PARAGRAPHS, CHOICES, NAVIGATIONS, BUDGETS, st.booleans(), st.booleans())
def test_any_text_is_paged_without_loss_within_budget(
    paragraphs: list[str],
    choices: tuple[Choice, ...],
    navigation: Navigation,
    budget: Budget,
    back: bool,
    home: bool,
) -> None:
    pages = cut(paragraphs, choices, budget, navigation, back=back, home=home)
    bodies, feet = zip(*(_foot_of(page, navigation) for page in pages), strict=True)
    given_text = "\n".join([*paragraphs, *(choice.line for choice in choices)])

    assert all(budget.holds(page.text) for page in pages)
    assert "".join(given_text.split()) == "".join(bodies)
    assert list(choices) == [choice for page in pages for choice in page.choices]
    assert all(f"98 {navigation.more}" == foot[0] for foot in feet[:-1])
    assert f"98 {navigation.more}" not in feet[-1]
    assert all(f"0 {navigation.back}" in foot for foot in feet[1:])
    assert not any(f"00 {navigation.home}" in foot for foot in feet[:-1])
    assert len(pages) == 1 or all(bodies)


@settings(deadline=None)
@given(PARAGRAPHS, CHOICES, NAVIGATIONS)
def test_words_that_a_page_can_hold_stand_whole_on_one_page(
    paragraphs: list[str], choices: tuple[Choice, ...], navigation: Navigation
) -> None:
    pages = cut(paragraphs, choices, BUDGET, navigation, back=True, home=True)
    shown = [" ".join(page.text.split()) for page in pages]

    for word in {word for text in paragraphs for word in text.split() if len(word) <= 12}:
        assert any(word in text for text in shown)
    for choice in choices:
        if measure(choice.line).units <= 40:
            assert any(" ".join(choice.line.split()) in text for text in shown)


@settings(deadline=None)
@given(st.lists(WORDS, max_size=60), NAVIGATIONS, BUDGETS, st.booleans())
def test_ending_with_a_sentence_costs_no_page(
    said: list[str], navigation: Navigation, budget: Budget, home: bool
) -> None:
    text = " ".join(said)
    pages = [
        len(cut([one], (), budget, navigation, back=True, home=home))
        for one in (text, text.translate(NO_SENTENCE))
    ]

    assert pages[0] == pages[1]


@given(st.lists(TITLES, min_size=1, max_size=12))
def test_a_choice_is_on_the_page_that_shows_its_number(titles: list[str]) -> None:
    pages = lay_out([], number_choices([Button(title, "/x") for title in titles]))

    for page in pages:
        starts = [line.split(" ")[0] for line in page.text.split("\n")]
        assert all(str(choice.number) in starts for choice in page.choices)


def test_a_short_screen_is_one_page_with_its_choices_and_way_home() -> None:
    choices = number_choices([Button("Oui", "/affirm"), Button("Non", "/deny")])
    pages = lay_out(["Continuer ?"], choices, back=True, home=True)

    assert (Page("Continuer ?\n1 Oui\n2 Non\n0 retour  00 accueil", choices),) == pages


def test_nothing_to_show_is_one_empty_page() -> None:
    assert (Page(""),) == lay_out([], ())
    assert (Page("0 retour"),) == lay_out(["", " \n "], (), back=True)


def test_a_long_text_is_walked_with_98_and_0() -> None:
    pages = lay_out(["mot " * 70], (), home=True)

    assert [True, False] == [page.text.endswith("\n98 suite") for page in pages]
    assert pages[1].text.endswith("\n0 retour  00 accueil")


def test_arabic_navigation_stands_on_lines_of_its_own() -> None:
    pages = lay_out(["مرحبا بكم"], (), navigation=ARABIC, back=True, home=True)

    assert "مرحبا بكم\n0 رجوع\n00 القائمة" == pages[0].text


def test_each_page_is_measured_in_its_own_encoding() -> None:
    pages = lay_out(["mot " * 30 + "شكرا " * 10 + "mot " * 30], ())

    assert [Encoding.GSM7, Encoding.UCS2, Encoding.GSM7] == [
        measure(page.text).encoding for page in pages
    ]


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        (139, ["0 retour  00 accueil"]),
        (140, ["0 retour"]),
        (151, ["0 retour"]),
        (152, []),
        (160, []),
    ],
)
def test_a_single_page_gives_up_its_foot_before_it_spills_over(
    length: int, expected: list[str]
) -> None:
    (page,) = lay_out(["a" * length], (), back=True, home=True)

    assert expected == page.text.split("\n")[1:]


def test_the_last_page_keeps_its_way_back_whatever_happens() -> None:
    first = "a" * 141
    pages = lay_out([first, "b" * 151], (), back=True, home=True)

    assert [first + "\n98 suite  0 retour", "b" * 151 + "\n0 retour"] == [p.text for p in pages]


def test_a_page_ends_with_a_sentence_where_that_costs_no_page() -> None:
    first = "يمكنكم طلب الدعم هنا مجانا."
    second = "بعد ذلك يصلكم الجواب في رسالة قصيرة على هذا الرقم."
    pages = lay_out([f"{first} {second}"], (), navigation=ARABIC)

    assert [first, second] == [page.text.split("\n")[0] for page in pages]


def test_a_page_ends_with_a_line_where_that_costs_no_page() -> None:
    lines = ["mot " * 25, "autre " * 18]
    pages = lay_out(["\n".join(lines)], ())

    assert [line.strip() for line in lines] == [page.text.split("\n")[0] for page in pages]


def test_a_label_stays_with_its_value() -> None:
    text = "abc " * 30 + "Indice : 9,7430010 " + "mot " * 20

    assert any("Indice : 9,7430010" in page.text for page in lay_out([text], ()))


def test_a_sentence_longer_than_a_page_is_cut_between_words() -> None:
    pages = lay_out(["Oui. " + "mot " * 70], ())

    assert 2 == len(pages)
    assert pages[0].text.startswith("Oui. mot")


def test_a_menu_line_moves_whole_to_the_next_page() -> None:
    choices = number_choices([Button("Vérifier mon inscription " + "x" * 20, "/a")] * 4)
    pages = lay_out([], choices)

    assert [(1, 2, 3), (4,)] == [tuple(c.number for c in page.choices) for page in pages]


def test_a_menu_line_longer_than_a_page_is_cut_between_words() -> None:
    title = "mot " * 50
    choices = number_choices(
        [Button("Oui", "/a"), Button(title.strip(), "/b"), Button("Non", "/c")]
    )
    pages = lay_out([], choices)

    assert [(1,), (2,), (3,)] == [tuple(c.number for c in page.choices) for page in pages]
    assert pages[1].text.startswith("2 mot mot")
    assert pages[2].text.endswith("mot\n3 Non\n0 retour")


def test_an_emoji_is_never_cut_in_two() -> None:
    family = "👨‍👩‍👧"
    pages = lay_out([family * 20], ())

    assert all(set(_foot_of(page, FRENCH)[0].split(family)) == {""} for page in pages)


def test_a_pile_of_marks_longer_than_a_page_is_still_shown() -> None:
    pile = "a" + "\u0301" * 200
    pages = lay_out([pile], ())

    assert pile == "".join(_foot_of(page, FRENCH)[0] for page in pages)
    assert all(BUDGET.holds(page.text) for page in pages)


def test_navigation_that_fills_a_page_is_refused() -> None:
    with pytest.raises(ValueError, match="no room"):
        lay_out(["a" * 200], (), navigation=Navigation("m" * 160, "b", "h"))


def test_one_message_holds_text_and_numbered_choices_without_navigation() -> None:
    choices = number_choices([Button("Oui", "/affirm"), Button("Non", "/deny")])

    assert (
        "Bonjour\nContinuer ?\n1 Oui\n2 Non"
        == single(["Bonjour ", "", "Continuer ?"], choices).text
    )


def test_a_folded_page_holds_twice_as_much() -> None:
    text = "L’état de votre demande n’a pas changé depuis le 3/2/2026. Nous vous écrirons. " * 2

    assert 1 < len(lay_out([text], ()))
    assert 1 == len(lay_out([fold(text)], ()))

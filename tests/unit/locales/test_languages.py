from __future__ import annotations

from babel import Locale

from locales.languages import is_language, languages


def test_languages_stand_in_the_order_of_the_menu() -> None:
    assert ["ar", "ary", "zgh", "fr"] == list(languages())


def test_every_language_says_its_name_in_itself() -> None:
    names = [language.name for language in languages().values()]

    assert ["العربية", "الدارجة", "ⵜⴰⵎⴰⵣⵉⵖⵜ", "Français"] == names


def test_every_language_has_a_locale_that_babel_knows() -> None:
    for language in languages().values():
        assert "MA" == Locale.parse(language.babel).territory


def test_the_registry_is_told_iso_639_3_codes() -> None:
    codes = [language.spdci for language in languages().values()]

    assert ["ara", "ary", "zgh", "fra"] == codes


def test_a_language_nobody_translated_is_none_of_ours() -> None:
    assert is_language("zgh")
    assert not is_language("en")
    assert not is_language("")

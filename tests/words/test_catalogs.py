"""The catalogs may be shipped: complete, in the right language, and honest about their doubts."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
import yaml

from locales import check, extract, languages, transliteration
from locales.po import read_catalog, written

LANGUAGES = list(languages.languages().values())
MENU = Path(extract.RESPONSES) / "session.yml"


def test_nothing_is_wrong_with_the_catalogs() -> None:
    assert [] == check.faults()


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda one: one.code)
def test_extracting_again_changes_no_file(language: languages.Language) -> None:
    again = written(extract.merged(language, extract.template()))

    assert language.source.read_bytes() == again


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda one: one.code)
def test_the_language_menu_names_each_language_in_itself(language: languages.Language) -> None:
    catalog = read_catalog(language.source)
    asked = yaml.safe_load(MENU.read_text(encoding="utf-8"))["responses"]["utter_ask_language"]

    for variant in asked:
        shown = {
            button["payload"]: catalog.get(button["title"], "utter_ask_language").string  # type: ignore[union-attr]
            for button in variant["buttons"]
        }
        expected = {f'/choose_language{{"language":"{one.code}"}}': one.name for one in LANGUAGES}
        assert list(expected.items()) == list(shown.items())


def test_the_spelling_in_latin_letters_is_the_word_lists() -> None:
    table = languages.FOLDER / "tamazight_words.tsv"
    with table.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))

    assert 100 < len(rows)
    for row in rows:
        assert row["latin"] == transliteration.to_latin(row["tifinagh"])


def test_the_plural_rule_of_amazigh_stands_in_its_header() -> None:
    catalog = read_catalog(languages.languages()["zgh"].source)

    assert "nplurals=2; plural=(n > 1);" == catalog.plural_forms

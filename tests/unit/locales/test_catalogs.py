from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from core.errors import WordsMissing
from locales import catalogs as catalogs_module
from locales import compile as compiling
from locales import languages as languages_module
from locales.catalogs import Catalogs
from locales.languages import Language, languages


@pytest.fixture(scope="module")
def catalogs() -> Catalogs:
    compiling.main()
    return Catalogs.load()


def test_the_door_speaks_the_citizens_language(catalogs: Catalogs) -> None:
    assert "Au revoir." == catalogs.say("fr", "door_goodbye")
    assert "بالسلامة." == catalogs.say("ary", "door_goodbye")


@pytest.mark.parametrize("language", ["", "en"])
def test_without_a_known_language_all_are_said_a_line_each(
    catalogs: Catalogs, language: str
) -> None:
    expected = [catalogs.say(code, "door_goodbye") for code in languages()]

    assert expected == catalogs.say(language, "door_goodbye").split("\n")


def test_an_amazigh_text_that_awaits_its_review_is_said(catalogs: Catalogs) -> None:
    assert catalogs.say("zgh", "door_still_working").startswith("ⵇⵇⵍ.")


@pytest.mark.parametrize("key", ["door_unheard_of", "utter_menu", ""])
def test_a_key_that_is_not_the_doors_is_missing(catalogs: Catalogs, key: str) -> None:
    with pytest.raises(WordsMissing):
        catalogs.say("fr", key)


def test_values_fill_the_sentence_and_may_not_be_left_out() -> None:
    catalogs = Catalogs({"fr": {"door_wait": "Encore {minutes} min"}})

    assert "Encore 5 min" == catalogs.say("fr", "door_wait", minutes="5")
    with pytest.raises(WordsMissing):
        catalogs.say("fr", "door_wait")


def test_a_catalog_that_was_not_compiled_is_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(languages_module, "FOLDER", tmp_path)

    with pytest.raises(WordsMissing, match="locales.compile"):
        catalogs_module.Catalogs.load()


@pytest.fixture
def french(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Language:
    """A French catalog of its own folder, dated, not yet compiled."""
    language = languages()["fr"]
    original = language.source
    monkeypatch.setattr(languages_module, "FOLDER", tmp_path)
    language.source.parent.mkdir(parents=True)
    shutil.copy(original, language.source)
    os.utime(language.source, (1_000, 1_000))
    return language


def test_a_catalog_is_compiled_when_its_source_is_newer(french: Language) -> None:
    absent = compiling.is_stale(french)
    compiling.compile_catalog(french)
    fresh = compiling.is_stale(french)
    os.utime(french.compiled, (999, 999))

    assert (True, False, True) == (absent, fresh, compiling.is_stale(french))


def test_compiling_leaves_nothing_but_the_catalog(french: Language) -> None:
    compiling.compile_catalog(french)
    first = french.compiled.read_bytes()
    compiling.compile_catalog(french)

    assert first == french.compiled.read_bytes()
    assert {"messages.po", "messages.mo"} == {path.name for path in french.source.parent.iterdir()}

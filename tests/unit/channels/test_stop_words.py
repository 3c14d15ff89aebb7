"""STOP, START and HELP are read before anything else, alone in a message and in chats only."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from channels import stop_words
from channels.stop_words import HELP, START, STOP, read_stop_word
from core.messages import ChannelKind
from core.short_words import ShortWords
from locales.languages import languages

TABLE = tomllib.loads(Path(stop_words.__file__).with_suffix(".toml").read_text("utf-8"))


@pytest.mark.parametrize(
    "text",
    [
        *("STOP", " stop. ", "Arrêt", "Désabonnement", "توقف", "إيقاف", "ستوب!", "Stop-All"),
        *("UNSUBSCRIBE", "حبسو", "7bess", "W9ef", "ⴱⴷⴷ", "bedd"),
    ],
)
@pytest.mark.parametrize("kind", [ChannelKind.SMS, ChannelKind.WHATSAPP])
def test_a_stop_word_alone_stops_however_it_is_written(text: str, kind: ChannelKind) -> None:
    assert STOP == read_stop_word(text, kind)


@pytest.mark.parametrize("text", ["start", "START!", "unstop", "Activer", "تفعيل", "bdaw", "ⴱⴷⵓ"])
def test_a_start_word_alone_starts(text: str) -> None:
    assert START == read_stop_word(text, ChannelKind.SMS)


@pytest.mark.parametrize("text", ["HELP", "info?", "ⵜⵉⵡⵉⵙⵉ"])
def test_a_carriers_word_for_help_alone_asks_for_help(text: str) -> None:
    assert HELP == read_stop_word(text, ChannelKind.SMS)


@pytest.mark.parametrize("text", ["aide", "مساعدة", "عاونوني", "3awnoni", "tiwisi"])
def test_help_in_other_words_is_known_exactly_by_who_reads_a_forms_answers(text: str) -> None:
    assert read_stop_word(text, ChannelKind.SMS) is None
    assert "help" == ShortWords.load().act(text)


@pytest.mark.parametrize("text", ["", "stop à la fin", "je veux un arrêt de travail", "safi", "1"])
def test_other_words_are_left_to_the_engine(text: str) -> None:
    assert read_stop_word(text, ChannelKind.SMS) is None


def test_on_ussd_no_word_is_one() -> None:
    assert read_stop_word("stop", ChannelKind.USSD) is None


@pytest.mark.parametrize("meaning", ["stop", "start"])
def test_every_language_has_its_words_and_darija_and_amazigh_in_latin_letters_too(
    meaning: str,
) -> None:
    assert {*languages(), "ary_latn", "zgh_latn"} <= TABLE[meaning].keys()


def test_no_word_means_two_things_and_each_is_written_as_it_is_read() -> None:
    words = [w for by in TABLE.values() for listed in by.values() for w in listed]

    assert len(words) == len(set(words))
    assert all(read_stop_word(word, ChannelKind.SMS) for word in words)

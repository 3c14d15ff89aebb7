"""What goes out shows on the phone that gets it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.rendering.gsm7 import Encoding, measure
from channels.rendering.screens import phone_text, written_as
from core.messages import ChannelKind

PHONES = pytest.mark.parametrize("kind", [ChannelKind.USSD, ChannelKind.SMS])
MIXED = st.text(
    st.one_of(
        st.sampled_from("ابتثجحخدذرزسشصضطظعغفقكلمنهوي ،؟"),
        st.sampled_from("RSU rnp 0123456789+/-.,:%#*'()"),
        st.sampled_from("ⵜⴰⵎⵣⵉⵖⵔⵃ"),
    )
)


def _shown(text: str) -> str:
    """A text with its isolates drawn as < and >."""
    return text.replace("\u2068", "<").replace("\u2069", ">")


@PHONES
def test_tifinagh_goes_out_in_letters_every_handset_has(kind: ChannelKind) -> None:
    shown = phone_text("ⴰⵙⵓⵜⵔ ⵏ ⵜⵡⵊⴰ: ⵄⵛⵔⴰ ⵏ ⵉⵖⵔⵔⴰⵢⵏ – RSU", kind, "zgh")

    assert "asutr n twja: 3chra n ighrrayn - RSU" == shown
    assert Encoding.GSM7 is measure(shown).encoding


def test_on_whatsapp_amazigh_is_written_as_its_reader_writes_it() -> None:
    text = "ⴰⵖⵓⵍ ⵖⵔ RSU"

    assert text == phone_text(text, ChannelKind.WHATSAPP, "zgh")
    latin = phone_text(text, ChannelKind.WHATSAPP, written_as("zgh", "Latn"))
    assert "aghul ghr RSU" == latin
    assert latin == phone_text(latin, ChannelKind.WHATSAPP, written_as("zgh", "Latn"))
    assert ("zgh", "fr", "") == (
        written_as("zgh", "Tfng"),
        written_as("fr", "Latn"),
        written_as("", "Latn"),
    )


@PHONES
def test_french_goes_out_in_gsm7(kind: ChannelKind) -> None:
    shown = phone_text("L’état du ménage : « validé », reçu", kind, "fr")

    assert 'L\'état du ménage : "validé", recu' == shown


@PHONES
@pytest.mark.parametrize("language", ["ar", "ary", ""])
def test_arabic_goes_out_as_written_without_direction_marks(
    kind: ChannelKind, language: str
) -> None:
    shown = phone_text("مؤشر \u2068RSU\u2069 الخاص بكم… \u200f12\u00a0%", kind, language)

    assert "مؤشر RSU الخاص بكم… 12\u00a0%" == shown


@PHONES
def test_a_text_of_no_known_language_is_judged_by_its_letters(kind: ChannelKind) -> None:
    assert "Francais" == phone_text("Français", kind, "")
    assert "tamazight" == phone_text("ⵜⴰⵎⴰⵣⵉⵖⵜ", kind, "")
    assert "Français العربية" == phone_text("Français العربية", kind, "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("مؤشر RSU هو 9,32", "مؤشر <RSU> هو <9,32>"),
        ("اتصلوا بـ +212 6 12 34 56 78 الآن", "اتصلوا بـ <+212 6 12 34 56 78> الآن"),
        ("يوم 3/2/1980.", "يوم <3/2/1980>."),
        ("*555# ثم 12 %", "<*555#> ثم <12 %>"),
        ("الموقع https://rsu.ma/x?y=1 هنا", "الموقع <https://rsu.ma/x?y=1> هنا"),
        ("ال-RNP و(RSU)", "ال-<RNP> و(<RSU>)"),
        ("RSU، RNP", "<RSU>، <RNP>"),
        ("ⵜⴰⵡⵊⴰ RSU", "ⵜⴰⵡⵊⴰ RSU"),
        ("Ménage 12, RSU", "Ménage 12, RSU"),
        ("Menu 1\nقائمة 1", "Menu 1\nقائمة <1>"),
        ("٣/٢/١٩٨٠ مسجل", "٣/٢/١٩٨٠ مسجل"),
        ("", ""),
    ],
)
def test_whatsapp_keeps_latin_runs_in_order_among_arabic(text: str, expected: str) -> None:
    assert expected == _shown(phone_text(text, ChannelKind.WHATSAPP, "ar"))


@given(MIXED, st.sampled_from(ChannelKind), st.sampled_from(["ar", "ary", "zgh", "fr", ""]))
def test_doing_it_twice_changes_nothing_more(text: str, kind: ChannelKind, language: str) -> None:
    once = phone_text(text, kind, language)

    assert once == phone_text(once, kind, language)


@given(MIXED)
def test_isolates_are_all_that_whatsapp_adds(text: str) -> None:
    shown = phone_text(text, ChannelKind.WHATSAPP, "ar")

    assert text == shown.replace("\u2068", "").replace("\u2069", "")
    assert shown.count("\u2068") == shown.count("\u2069")


def test_a_french_sign_of_two_parts_never_begins_a_line_on_whatsapp() -> None:
    shown = phone_text("Que voulez-vous ? IDCS : 10", ChannelKind.WHATSAPP, "fr")

    assert "Que voulez-vous\u00a0? IDCS\u00a0: 10" == shown

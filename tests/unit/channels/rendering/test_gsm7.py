"""What texts cost on a handset, and the honest equals that make them cheaper."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.rendering.gsm7 import BASIC, EXTENSION, Encoding, Measure, fold, measure, segments

# 3GPP TS 23.038, table 6.2.1, by code: 0x00-0x7F; 0x1B leads to the extension table.
_TABLE = """
0040 00A3 0024 00A5 00E8 00E9 00F9 00EC 00F2 00C7 000A 00D8 00F8 000D 00C5 00E5
0394 005F 03A6 0393 039B 03A9 03A0 03A8 03A3 0398 039E ESC  00C6 00E6 00DF 00C9
0020 0021 0022 0023 00A4 0025 0026 0027 0028 0029 002A 002B 002C 002D 002E 002F
0030 0031 0032 0033 0034 0035 0036 0037 0038 0039 003A 003B 003C 003D 003E 003F
00A1 0041 0042 0043 0044 0045 0046 0047 0048 0049 004A 004B 004C 004D 004E 004F
0050 0051 0052 0053 0054 0055 0056 0057 0058 0059 005A 00C4 00D6 00D1 00DC 00A7
00BF 0061 0062 0063 0064 0065 0066 0067 0068 0069 006A 006B 006C 006D 006E 006F
0070 0071 0072 0073 0074 0075 0076 0077 0078 0079 007A 00E4 00F6 00F1 00FC 00E0
"""
_EXTENDED = "000C 005E 007B 007D 005C 005B 007E 005D 007C 20AC"
GSM7_TEXT = st.text(st.sampled_from(sorted(BASIC | EXTENSION)))


def _characters(table: str) -> set[str]:
    return {chr(int(code, 16)) for code in table.split() if code != "ESC"}


def test_the_alphabet_is_the_one_of_the_standard() -> None:
    assert _characters(_TABLE) == BASIC
    assert _characters(_EXTENDED) == EXTENSION
    assert 127 == len(BASIC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Measure(Encoding.GSM7, 0)),
        ("é è à ù Ç", Measure(Encoding.GSM7, 9)),
        ("5 €", Measure(Encoding.GSM7, 4)),
        ("[ok]", Measure(Encoding.GSM7, 6)),
        ("garçon", Measure(Encoding.UCS2, 6)),
        ("l’aide", Measure(Encoding.UCS2, 6)),
        ("شكرا", Measure(Encoding.UCS2, 4)),
        ("ⵜⴰⵎⴰⵣⵉⵖⵜ", Measure(Encoding.UCS2, 8)),
        ("ok 👍", Measure(Encoding.UCS2, 5)),
        ("€ 👍", Measure(Encoding.UCS2, 4)),
        ("\x1b", Measure(Encoding.UCS2, 1)),
    ],
)
def test_a_text_is_measured_in_the_encoding_it_needs(text: str, expected: Measure) -> None:
    assert expected == measure(text)


@given(st.text())
def test_a_text_costs_what_its_utf_16_form_does_unless_it_is_gsm7(text: str) -> None:
    measured = measure(text)

    if measured.encoding is Encoding.UCS2:
        assert len(text.encode("utf-16-be")) // 2 == measured.units
    else:
        assert len(text) + sum(map(text.count, EXTENSION)) == measured.units


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("L’aide « directe »…", 'L\'aide "directe"...'),
        ("Français, être, naïf, cœur, Noël", "Francais, etre, naif, coeur, Noel"),
        ("À l’École, ÊTRE", "A l'École, ETRE"),
        ("12\u202f500\u00a0MAD – 3\u00a0%", "12 500 MAD - 3 %"),
        ("N°\u00a012, 1ᵉʳ étage", "No 12, 1er étage"),
        ("ḍ ḥ ṛ ṣ ṭ ẓ ɣ ɛ Ɣ tamaziɣt agʷmam", "d h r s t z gh 3 Gh tamazight agwmam"),
        ("e\u0302tre, d\u0323ar", "etre, dar"),
        ("mots\u00adcoupés\u200b", "motscoupés"),
        ("x c é è à ù ñ ö €", "x c é è à ù ñ ö €"),
        ("السجل الاجتماعي؟", "السجل الاجتماعي؟"),
        ("ⵜⴰⵡⵊⴰ 👨‍👩‍👧", "ⵜⴰⵡⵊⴰ 👨‍👩‍👧"),
    ],
)
def test_only_what_has_an_honest_equal_is_folded(written: str, expected: str) -> None:
    assert expected == fold(written)


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(text) == fold(fold(text))


@given(GSM7_TEXT)
def test_folding_leaves_gsm7_alone(text: str) -> None:
    assert text == fold(text)


@given(
    st.text(
        st.characters(
            max_codepoint=0x24F, categories=["Lu", "Ll", "Zs", "Nd"], exclude_characters="œŒƐƔ\xa0"
        )
    )
)
def test_folding_a_latin_letter_takes_its_marks_at_most(text: str) -> None:
    assert _bare(text) == _bare(fold(text))


def _bare(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        # 153 is odd: a two-septet character never straddles two parts.
        ("€" * 152, 2),
        ("€" * 153, 3),
        ("ش" * 70, 1),
        ("ش" * 71, 2),
        ("ش" * 134, 2),
        ("ش" * 135, 3),
        ("👍" * 35, 1),
        ("👍" * 66, 2),
        ("👍" * 67, 3),
    ],
)
def test_sms_are_counted_as_an_operator_counts_them(text: str, expected: int) -> None:
    assert expected == segments(text)


def test_one_curly_quote_no_longer_costs_two_sms_more() -> None:
    sentence = "L’aide est versée chaque mois. " * 5

    assert 3 == segments(sentence)
    assert 1 == segments(fold(sentence))

from __future__ import annotations

import pytest

from locales.transliteration import to_gsm, to_latin


@pytest.mark.parametrize(
    ("tifinagh", "latin", "gsm"),
    [
        ("ⵜⴰⵎⴰⵣⵉⵖⵜ", "tamaziɣt", "tamazight"),
        ("ⴰⵙⴳⴳⵯⴰⵙ", "asggʷas", "asggwas"),
        ("ⵡⴰⵅⵅⴰ", "waxxa", "wakhkha"),
        ("ⴽⵛⵎ", "kcm", "kchm"),
        ("ⵜⴰⵄⵔⴰⴱⵜ", "taɛrabt", "ta3rabt"),
        ("ⵓⵟⵟⵓⵏ", "uṭṭun", "uttun"),
    ],
)
def test_tifinagh_becomes_latin_letters(tifinagh: str, latin: str, gsm: str) -> None:
    assert latin == to_latin(tifinagh)
    assert gsm == to_gsm(tifinagh)


def test_what_is_not_tifinagh_stays_as_it_is() -> None:
    assert "azmmem RSU: www.rsu.ma c x 05/11/1980 لا" == to_gsm(
        "ⴰⵣⵎⵎⴻⵎ RSU: www.rsu.ma c x 05/11/1980 لا"
    )

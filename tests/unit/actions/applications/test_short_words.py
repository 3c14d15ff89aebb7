"""The short acts are known in every language wherever the engine may not read."""

from __future__ import annotations

import pytest

from actions.applications.short_words import ShortWords


@pytest.mark.parametrize(
    ("typed", "act"),
    [
        *((word, "help") for word in ("aide", "مساعدة", "عاونوني", "tiwisi", "ⵎⵍ ⵉⵢⵉ ⵜⴰⵍⴳⴰⵎⵜ")),
        *((word, "back") for word in ("retour", "رجوع", "رجع", "aghul", "ⴷⵡⵍ")),
        *((word, "affirm") for word in ("oui", "نعم", "إيه", "yah")),
    ],
)
def test_an_act_is_known_from_the_training_messages(typed: str, act: str) -> None:
    assert act == ShortWords.load().act(typed)

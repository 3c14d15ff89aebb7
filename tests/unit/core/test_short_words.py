"""Short acts and the names of services are known exactly, in every language."""

from __future__ import annotations

import pytest

from core.short_words import SERVICES_IN_BETWEEN, ShortWords

SERVICES = ShortWords.load(SERVICES_IN_BETWEEN)


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


@pytest.mark.parametrize(
    ("typed", "service"),
    [("Langue ?", "change_language"), ("AGENT SVP", "talk_to_agent"), ("oui", ""), ("Fatima", "")],
)
def test_a_service_is_known_by_the_shortest_words_for_it(typed: str, service: str) -> None:
    assert service == SERVICES.act(typed)

"""Whatever a citizen means, in whatever state of the dialogue, there is one fitting answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests
import yaml

from core.privacy import Pseudonyms, Seal, read_key
from core.stores import open_redis
from core.vault import Vault
from tests.end_to_end.callers import day_first
from tests.end_to_end.running_house import ROOT, RunningHouse

pytestmark = pytest.mark.e2e

STATES = ["language", "menu", "consent", "idcs", "birth_date", "code", "answered"]
INTENTS = [
    name if isinstance(name, str) else next(iter(name))
    for path in sorted((ROOT / "bot/domain").glob("*.yml"))
    for name in yaml.safe_load(path.read_text("utf-8")).get("intents", [])
]
# Said by the engine where no rule applies: a hole in the rules.
NO_RULE = "utter_default"
# The offer of a person stands above the menu; nothing else asks two things at once.
_QUESTIONS = 2


class Dialogue:
    """A conversation with the engine itself, over its REST channel, with values sealed."""

    def __init__(self, house: RunningHouse, number: str) -> None:
        secrets = house.data / "secrets"
        vault_key = read_key((secrets / "vault_key").read_text().strip(), "vault_key")
        keys = read_key((secrets / "pseudonym_key").read_text().strip(), "pseudonym_key")
        self._url = f"http://127.0.0.1:{house.ports_from + 4}/webhooks/rest/webhook"
        self._conversation = f"whatsapp-{Pseudonyms(keys).number(number)}"
        store = open_redis(house.redis_url())
        self._vault = Vault(store, Seal(vault_key))

    def tell(self, text: str) -> list[dict[str, Any]]:
        """The customs of everything said."""
        body = {"sender": self._conversation, "message": text, "input_channel": "whatsapp"}
        said: list[dict[str, Any]] = requests.post(self._url, json=body, timeout=20).json()
        return [item["custom"] for item in said if "custom" in item]

    def sealed(self, value: str, purpose: str) -> str:
        """A token for a value."""
        return self._vault.put(value, purpose, self._conversation)


@pytest.fixture
def at_state(house: RunningHouse, stranger: str) -> Callable[[str], Dialogue]:
    """Brings a new dialogue to a state."""
    citizen = house.citizen("Index above both limits")

    def bring(state: str) -> Dialogue:
        dialogue = Dialogue(house, stranger)
        before = len(house.inbox(citizen["phone"]))
        dialogue.tell("/open")
        steps: list[Callable[[], str]] = [
            lambda: '/choose_language{"language":"fr"}',
            lambda: "/check_registration",
            lambda: "/affirm",
            lambda: dialogue.sealed(citizen["idcs"], "idcs"),
            lambda: dialogue.sealed(day_first(citizen["birth_date"]), "birth_date"),
            lambda: dialogue.sealed(house.code_after(citizen["phone"], before), "code"),
        ]
        for step in steps[: STATES.index(state)]:
            dialogue.tell(step())
        return dialogue

    return bring


@pytest.mark.parametrize("state", STATES)
def test_every_intent_has_one_fitting_answer(
    at_state: Callable[[str], Dialogue], state: str
) -> None:
    dialogue = at_state(state)
    holes = []
    for intent in INTENTS:
        said = dialogue.tell(f"/{intent}")
        keys = [custom["key"] for custom in said]
        if set(keys) == {"utter_ask_language"}:
            continue  # nothing else is said before a language is chosen; the door says it once
        questions = [custom["key"] for custom in said if custom["expects"] != "nothing"]
        if not keys or NO_RULE in keys or len(questions) > _QUESTIONS:
            holes.append((intent, keys))
        if intent in ("home", "open", "cancel", "goodbye", "choose_language"):
            dialogue = at_state(state)

    assert [] == holes


def test_every_question_says_what_it_expects(at_state: Callable[[str], Dialogue]) -> None:
    expected = {"consent": "menu", "idcs": "idcs", "birth_date": "date", "code": "code"}
    asked = {state: at_state(state).tell("/help")[-1]["expects"] for state in expected}

    assert expected == asked

"""Whatever is said is answered by a rule wherever it is said; without one the engine is silent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from tests.house.repository import ROOT

ANYWHERE = "anywhere"
PLACES = ("nowhere", "identity_form", "application_form")


def rules() -> Iterator[dict[str, Any]]:
    """Every rule of the dialogue."""
    for path in sorted((ROOT / "data/rules").glob("*.yml")):
        yield from yaml.safe_load(path.read_text("utf-8"))["rules"]


def begun_by(rule: dict[str, Any]) -> set[str]:
    """The intents that a rule begins with; none where it begins with an action."""
    first = rule["steps"][0]
    return {step["intent"] for step in first.get("or", [first]) if "intent" in step}


def place_of(rule: dict[str, Any]) -> str:
    """The form in which a rule holds, or nowhere for outside of all, or anywhere."""
    for condition in rule.get("condition", []):
        if "active_loop" in condition:
            return condition["active_loop"] or PLACES[0]
    return ANYWHERE


def intents() -> set[str]:
    """Every intent of the domain."""
    found: set[str] = set()
    for path in (ROOT / "bot/domain").glob("*.yml"):
        content = yaml.safe_load(path.read_text("utf-8")) or {}
        listed = content.get("intents", [])
        found |= {one if isinstance(one, str) else next(iter(one)) for one in listed}
    return found


@pytest.mark.parametrize("place", PLACES)
def test_every_intent_has_a_rule_in_every_place(place: str) -> None:
    ruled = {
        intent
        for rule in rules()
        if place_of(rule) in (place, ANYWHERE)
        for intent in begun_by(rule)
    }

    assert set() == intents() - ruled

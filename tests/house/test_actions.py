"""What the engine may ask for is what the actions process serves."""

from __future__ import annotations

from typing import cast

import yaml

from actions.server import all_actions
from actions.services import Services
from tests.house.repository import ROOT


def test_the_actions_of_the_domain_are_those_served() -> None:
    named = [
        name
        for path in (ROOT / "bot/domain").glob("*.yml")
        for name in yaml.safe_load(path.read_text(encoding="utf-8")).get("actions", [])
    ]
    # Their names need nothing of what they work with.
    served = [action.name() for action in all_actions(cast(Services, None))]

    assert sorted(named) == sorted(served)

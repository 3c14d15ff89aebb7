"""What the engine may ask for is what the actions process serves."""

from __future__ import annotations

from typing import cast

import yaml

from actions.server import all_actions
from actions.services import Services
from tests.house.repository import ROOT


def test_the_actions_of_the_domain_are_those_served() -> None:
    domain = yaml.safe_load((ROOT / "bot/domain/actions.yml").read_text(encoding="utf-8"))
    # Their names need nothing of what they work with.
    served = [action.name() for action in all_actions(cast(Services, None))]

    assert sorted(domain["actions"]) == sorted(served)

"""The dry run of an emergency: who would be invited, how, at what cost, and who not, and why.

Nothing is stored and nothing is sent. Between this and the invitations people come and go, so the
counts are those of the moment.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from actions.programmes.emergency import EmergencyPlan
from records.reachable import Resident
from worker.emergencies.letter import dialled, write_letter
from worker.emergencies.stored import scope_of
from worker.house import House
from worker.letters import find_letterbox

NO_CHANNEL = "no_channel"
SHARED = "shared_number"


@dataclass(slots=True)
class Plan:
    """Counts of persons. `by_place` is by region and commune; `cost` is in centimes.

    `obstacles` count those who cannot be invited by why; `affordable` is how many the budget pays,
    `minutes` how long the rate takes for them, quiet hours apart.
    """

    people: int = 0
    by_place: Counter[tuple[str, str]] = field(default_factory=Counter)
    by_language: Counter[str] = field(default_factory=Counter)
    by_channel: Counter[str] = field(default_factory=Counter)
    obstacles: Counter[str] = field(default_factory=Counter)
    cost: int = 0
    affordable: int = 0
    minutes: int = 0
    homeless: int = 0


def draw_up(house: House, key: str, emergency: EmergencyPlan, budget: int) -> Plan:
    """What would happen if everybody were invited now; `budget` is what is left, in centimes."""
    plan, numbers = Plan(homeless=house.reachable.homeless()), set[str]()
    person, is_settled, reason = "", True, ""
    for one in house.reachable.residents(key, scope_of(emergency)):
        if one.person_key != person:
            if not is_settled:
                plan.obstacles[reason] += 1
            person, is_settled, reason = one.person_key, False, ""
        if is_settled:
            continue
        obstacle = _try(house, emergency, one, numbers, plan, budget)
        is_settled = not obstacle
        reason = reason or obstacle
    if not is_settled:
        plan.obstacles[reason] += 1
    plan.minutes = -(-plan.affordable // emergency.rate_per_minute)
    return plan


def _try(
    house: House,
    emergency: EmergencyPlan,
    one: Resident,
    numbers: set[str],
    plan: Plan,
    budget: int,
) -> str:
    """Count somebody in, or say why they cannot be invited on this number."""
    if one.obstacle:
        return one.obstacle
    if one.number_key in numbers:
        return SHARED
    box = find_letterbox(house, one.number_key)
    if box is None:
        return NO_CHANNEL
    letter = write_letter(emergency, box.language, box.kind, dialled(house.channels))
    numbers.add(one.number_key)
    plan.people += 1
    plan.by_place[one.region, one.commune] += 1
    plan.by_language[box.language] += 1
    plan.by_channel[box.channel] += 1
    plan.cost += letter.cost
    plan.affordable += plan.cost <= budget
    return ""

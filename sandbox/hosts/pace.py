"""How many turns a second one host carries, and how many two, each within the same budget.

Callers without any pause call through the proxy, as many for each host that is in it: first the
second is taken out, then it is put back, so the processes and the stores are the same. What was
said for want of time (overloaded, still working) is no turn. A budget must be small enough that
neither the machine nor the stores are the limit; how near the hosts came to it is told.
"""

from __future__ import annotations

import random
import threading
import time
from dataclasses import dataclass
from typing import Any, Final

from sandbox.chaos.citizens import Citizen, play
from sandbox.chaos.line import Noted
from sandbox.chaos.mind import CHECK, Mind
from sandbox.chaos.people import find_people
from sandbox.chaos.words import door_mark, fold
from sandbox.hosts.running import ManyHosts, wait_until

_CALLERS_EACH: Final = 8
_WARM_SECONDS: Final = 8.0
_BACK_SECONDS: Final = 30.0
_NO_TURN: Final = ("door_overloaded", "door_busy", "door_still_working", "door_out_of_service")


@dataclass(frozen=True, slots=True)
class Pace:
    """Turns in a second with so many hosts; `spent` is the share of its budget each host used."""

    hosts: int
    turns: float
    spent: tuple[float, ...]


def measure(house: ManyHosts, seconds: float, cores: float, seed: int) -> dict[str, Any]:
    """The turns a second of one host, of all, and their ratio."""
    first, rest = house.names[0], house.names[1:]
    house.budgets.hold(house.names)
    for host in rest:
        house.tell_proxy(f"set server doors/{host} state drain")
    one = _with(house, (first,), seconds, cores, seed)
    for host in rest:
        house.tell_proxy(f"set server doors/{host} state ready")
    wait_until(house.has_all_doors, _BACK_SECONDS)
    every = _with(house, house.names, seconds, cores, seed + 1)
    return {
        "budget": house.run["budget"],
        "callers_for_each_host": _CALLERS_EACH,
        "seconds": seconds,
        "turns_per_second_1": round(one.turns, 1),
        f"turns_per_second_{every.hosts}": round(every.turns, 1),
        "ratio": round(every.turns / one.turns, 2) if one.turns else 0.0,
        "budget_used_1": list(one.spent),
        f"budget_used_{every.hosts}": list(every.spent),
    }


def _with(
    house: ManyHosts, hosts: tuple[str, ...], seconds: float, cores: float, seed: int
) -> Pace:
    chance, over, never = random.Random(seed), threading.Event(), threading.Event()  # nosec B311
    noted = Noted(house.pseudonyms(), is_calm=True)
    people = find_people(house.data / "registry.sqlite", _CALLERS_EACH * len(hosts))
    described, phone = house.run["channels"]["ussd"], house.run["phone"]
    callers = [
        Citizen(
            Mind(person, CHECK, random.Random(chance.random())),  # nosec B311
            "ussd",
            described,
            phone,
            noted,
            never,
            over,
            random.Random(chance.random()),  # nosec B311
            0.0,
        )
        for person in people
    ]
    wait = play(callers)
    time.sleep(_WARM_SECONDS)
    before, used, began = _turns(callers), _spent(house, hosts), time.monotonic()
    time.sleep(seconds)
    passed = time.monotonic() - began
    turns, spent = _turns(callers) - before, _spent(house, hosts)
    over.set()
    wait()
    shares = tuple(
        round((spent[host] - used[host]) / passed / cores, 2) if cores else 0.0 for host in hosts
    )
    return Pace(len(hosts), turns / passed, shares)


def _turns(callers: list[Citizen]) -> int:
    marks = [door_mark(key) for key in _NO_TURN]
    texts = [fold(text) for one in callers for text in list(one.read)]
    return sum(1 for text in texts if text and not any(mark in text for mark in marks))


def _spent(house: ManyHosts, hosts: tuple[str, ...]) -> dict[str, float]:
    return {host: house.budgets.spent(host) for host in hosts}

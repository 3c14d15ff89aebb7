"""Filling an empty registry: the usual population, its files, and a multitude if it is asked for.

What is due by itself is given its day here, so that life goes on from the day of seeding.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Connection, insert
from sqlalchemy.orm import Session

from sandbox.registry.applications import due_after
from sandbox.registry.complaints import due_after as answered_after
from sandbox.registry.conformance import make_conformance
from sandbox.registry.counter_tables import Application, Complaint, Payment, Subscription
from sandbox.registry.life.indexes import again_on, first_on
from sandbox.registry.life.payments import pay_in_the_past
from sandbox.registry.multitude import Taken, add_multitude
from sandbox.registry.seed import make_population
from sandbox.registry.seed_files import MONTHS_BACK, make_files
from sandbox.registry.tables import Clock, Enrolment, Household, Person

Row = dict[str, Any]


def populate(connection: Connection, households: int, seed: int, today: date) -> None:
    """Fill empty tables as of a day."""
    population = make_population(today)
    files = make_files(population, today)
    homes = [_home(row, number, seed, today) for number, row in enumerate(population.households, 1)]
    connection.execute(insert(Household), homes)
    connection.execute(insert(Person), population.people)
    connection.execute(insert(Enrolment), population.enrolments)
    applications = [
        {**row, "id": number, "due_on": due_after(seed, number, row["state"], _last(row, today))}
        for number, row in enumerate(files.applications, 1)
    ]
    connection.execute(insert(Application), applications)
    connection.execute(insert(Payment), files.payments)
    complaints = [
        {**row, "due_on": answered_after(seed, number, row["state"], _last(row, today))}
        for number, row in enumerate(files.complaints, 1)
    ]
    connection.execute(insert(Complaint), complaints)
    taken = Taken(
        len(homes),
        len(population.people),
        len(applications),
        frozenset(row["idcs"] for row in population.people),
        frozenset(row["phone"] for row in population.people if row["phone"]),
    )
    if households > taken.households:
        driver: Any = connection.connection.driver_connection
        add_multitude(driver, taken, households, seed, today)
        pay_in_the_past(Session(connection), taken.households, today, MONTHS_BACK)
    tables = (Household, Person, Subscription)
    for table, row in zip(tables, make_conformance(today), strict=True):
        connection.execute(insert(table), row)
    clock = {"id": 1, "seed": seed, "households": households}
    connection.execute(insert(Clock), {**clock, "born_on": today, "lived_until": today})


def _home(row: Row, number: int, seed: int, today: date) -> Row:
    """A household with the day of its next index; one whose data are old waits for them."""
    recomputed = None
    if row["rsu_status"] == "index_ready":
        recomputed = max(again_on(seed, number, row["index_date"]), first_on(seed, number, today))
    elif row["rsu_status"] in ("registered", "awaiting_visit"):
        recomputed = first_on(seed, number, today)
    score = float(row["index"]) if row["index"] else None
    return {**row, "number": number, "score": score, "recomputed_on": recomputed}


def _last(row: Row, today: date) -> date:
    """From when on a seeded file waits: what was long ago goes on from the day of seeding."""
    since: date = row["since"]
    return max(since, today)

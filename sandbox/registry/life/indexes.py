"""Indexes are recomputed, and enrolments with a limit follow them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from sandbox.registry.counter_tables import Subscription
from sandbox.registry.lots import lot
from sandbox.registry.notices import INDEX_CHANGED, note
from sandbox.registry.programmes import programme
from sandbox.registry.tables import Household, Person

_CHANGE, _FIRST, _AGAIN = 21, 22, 23
# In ten-millionths, as indexes are written: up to 0.35 up or down, and what a first one may be.
_AT_MOST: Final = 3_500_000
_LOWEST, _HIGHEST = 86_000_000, 112_000_000
_UNIT: Final = Decimal(10**7)


def next_due(session: Session, day: date) -> date | None:
    """The next day on which an index is recomputed."""
    return session.scalar(select(func.min(Household.recomputed_on)))


def happen(session: Session, seed: int, day: date) -> None:
    """Recompute what is due."""
    due = select(Household).where(Household.recomputed_on <= day).order_by(Household.number)
    due = due.options(selectinload(Household.enrolments))
    followed = select(Person.household_code).join(Subscription, Subscription.idcs == Person.idcs)
    told = set(session.scalars(followed))
    for household in session.scalars(due).all():
        recompute(household, day, _drawn(seed, household, day))
        household.recomputed_on = again_on(seed, household.number, day)
        if household.code in told:
            tell(session, household)


def recompute(household: Household, day: date, index: Decimal) -> None:
    """Give a household an index, with all that follows from it."""
    household.index, household.score = f"{index}", float(index)
    household.index_date, household.rsu_status = day, "index_ready"
    household.registered_on = household.registered_on or day
    for enrolment in household.enrolments:
        limit = programme(enrolment.programme).limit_on(day)
        if limit is None or enrolment.status not in ("active", "suspended"):
            continue
        status = "active" if index <= limit else "suspended"
        if status != enrolment.status:
            enrolment.status, enrolment.changed_on = status, day


def tell(session: Session, household: Household) -> int:
    """Tell whoever follows the index of a household; how many."""
    return note(session, [member.idcs for member in household.members], INDEX_CHANGED, "", {})


def again_on(seed: int, number: int, day: date) -> date:
    """The day on which an index that was made on a day is made anew."""
    return day + timedelta(days=330 + lot(seed, number, _AGAIN, 70))


def first_on(seed: int, number: int, day: date) -> date:
    """The day on which a household that has none yet gets its index."""
    return day + timedelta(days=20 + lot(seed, number, _AGAIN, 40))


def _drawn(seed: int, household: Household, day: date) -> Decimal:
    if household.index is None:
        steps = _LOWEST + lot(seed, household.number, _FIRST, _HIGHEST - _LOWEST)
    else:
        drawn = lot(seed + day.toordinal(), household.number, _CHANGE, 2 * _AT_MOST + 1)
        steps = int(Decimal(household.index) * _UNIT) + drawn - _AT_MOST
    return (min(max(steps, _LOWEST), _HIGHEST) / _UNIT).quantize(1 / _UNIT)

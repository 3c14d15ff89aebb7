"""Who lives where an emergency is, among those who agreed to be told, and who of them may be.

A person with several numbers is invited on the one they used last of those that may be written to.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from records.clock import Clock, months_before, utc_now
from records.database import Database
from records.silence import GIVEN
from records.tables import AddressRow, ConsentRow, FollowerRow, InvitationRow, NumberRow


@dataclass(frozen=True, slots=True)
class Scope:
    """The regions (codes), and the communes (region and key), that an emergency is in."""

    regions: tuple[str, ...]
    communes: tuple[tuple[str, str], ...]

    def condition(self) -> sa.ColumnElement[bool]:
        """True of the followers who live there."""
        within = [
            sa.and_(FollowerRow.region == region, FollowerRow.commune == commune)
            for region, commune in self.communes
        ]
        return sa.or_(FollowerRow.region.in_(self.regions), *within)


@dataclass(frozen=True, slots=True)
class Resident:
    """A person on a number of theirs. `obstacle` says why it is not written to; empty: it may be.

    opted_out, no_consent, silent (the number fell silent), no_number (it is not known any more),
    invited (the person or the number already is).
    """

    person_key: str
    number_key: str
    region: str
    commune: str
    language: str
    obstacle: str


class Reachable:
    """Reads who may be invited. Every method may raise StoreUnavailable."""

    def __init__(self, database: Database, clock: Clock = utc_now, silent_months: int = 6) -> None:
        self._database = database
        self._clock = clock
        self._silent_months = silent_months

    def residents(self, key: str, scope: Scope) -> Iterator[Resident]:
        """Everybody there with every number they agreed on, persons in the order of their keys.

        The numbers of a person that may be written to come first, the one used last before others.
        """
        known = self._known(key, scope)
        rows = sa.select(known).order_by(
            known.c.person_key, known.c.obstacle != "", known.c.used.desc(), known.c.number_key
        )
        with self._database.reading() as session:
            for row in session.execute(rows.execution_options(yield_per=500)):
                yield _resident(row)

    def next_ones(self, key: str, scope: Scope, after: str, limit: int) -> list[Resident]:
        """Those who may be invited, one number each, whose person key comes after `after`."""
        known = self._known(key, scope)
        rank = sa.func.row_number().over(
            partition_by=known.c.person_key, order_by=(known.c.used.desc(), known.c.number_key)
        )
        ranked = sa.select(known, rank.label("rank")).where(
            known.c.obstacle == "", known.c.person_key > after
        )
        first = ranked.subquery()
        rows = sa.select(first).where(first.c.rank == 1).order_by(first.c.person_key).limit(limit)
        with self._database.reading() as session:
            return [_resident(row) for row in session.execute(rows)]

    def homeless(self) -> int:
        """How many persons agreed to be told whose region is not known here."""
        people = sa.select(sa.func.count(sa.distinct(FollowerRow.person_key)))
        with self._database.reading() as session:
            return session.scalars(people.where(FollowerRow.region == "")).one()

    def _known(self, key: str, scope: Scope) -> sa.Subquery:
        act = aliased(ConsentRow)
        latest = (
            sa.select(sa.func.max(act.id))
            .where(act.number_key == FollowerRow.number_key)
            .correlate(FollowerRow)
            .scalar_subquery()
        )
        is_invited = sa.exists().where(
            InvitationRow.emergency == key,
            sa.or_(
                InvitationRow.person_key == FollowerRow.person_key,
                InvitationRow.number_key == FollowerRow.number_key,
            ),
        )
        obstacle = sa.case(
            (is_invited, "invited"),
            (NumberRow.opted_out, "opted_out"),
            (NumberRow.last_seen < self._silence_begins(), "silent"),
            (sa.func.coalesce(ConsentRow.act, "") != GIVEN, "no_consent"),
            (AddressRow.number_key.is_(None), "no_number"),
            else_="",
        )
        joined = (
            sa.select(
                FollowerRow.person_key,
                FollowerRow.number_key,
                FollowerRow.region,
                FollowerRow.commune,
                FollowerRow.used,
                sa.func.coalesce(NumberRow.language, "").label("language"),
                obstacle.label("obstacle"),
            )
            .outerjoin(NumberRow, NumberRow.number_key == FollowerRow.number_key)
            .outerjoin(ConsentRow, ConsentRow.id == latest)
            .outerjoin(AddressRow, AddressRow.number_key == FollowerRow.number_key)
        )
        return joined.where(scope.condition()).subquery()

    def _silence_begins(self) -> datetime:
        return months_before(self._clock(), self._silent_months)


def _resident(row: Any) -> Resident:
    return Resident(
        row.person_key, row.number_key, row.region, row.commune, row.language, row.obstacle
    )

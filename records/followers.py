"""Followers: persons who agreed to be told of changes in their file, and on which number.

An agreement is of one person on one number: a phone is shared, and a person has several. What is
told there names no more than the follower chose.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

import sqlalchemy as sa

from records.clock import Clock, utc_now
from records.database import Database, insert_if_absent
from records.tables import FollowerRow


class Detail(StrEnum):
    """SHORT: only that something changed; FULL: in which programme, and what."""

    SHORT = "short"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Follower:
    """A person on a number; `used` is when they were last verified there.

    `subscription` is the code by which the registry knows that we want to be told.
    """

    person_key: str
    number_key: str
    detail: Detail
    subscription: str
    used: datetime


class Followers:
    """All who agreed. Every method may raise StoreUnavailable."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def agree(self, person_key: str, number_key: str, detail: Detail, subscription: str) -> None:
        """Keep an agreement; the one of before on the same number gives way to it."""
        now = self._clock()
        given = {"detail": detail.value, "subscription": subscription, "used": now}
        with self._database.session() as session:
            insert_if_absent(
                session,
                FollowerRow,
                person_key=person_key,
                number_key=number_key,
                created=now,
                **given,
            )
            session.execute(
                sa.update(FollowerRow).where(*_of(person_key, number_key)).values(given)
            )

    def find(self, person_key: str, number_key: str) -> Follower | None:
        """The agreement of a person on a number, or None."""
        asked = {"person": person_key, "number": number_key}
        row = self._database.first(_ONE, asked)
        return _follower(row) if row else None

    def of(self, person_key: str) -> list[Follower]:
        """Every number a person agreed on, the one used last first."""
        mine = sa.select(FollowerRow).where(FollowerRow.person_key == person_key)
        with self._database.reading() as session:
            rows = session.scalars(mine.order_by(FollowerRow.used.desc(), FollowerRow.number_key))
            return [_follower(row) for row in rows]

    def used(self, person_key: str, number_key: str) -> bool:
        """Note that a person was verified on a number just now; False where they never agreed."""
        change = sa.update(FollowerRow).where(*_of(person_key, number_key))
        change = change.values(used=self._clock())
        if self.find(person_key, number_key) is None:
            return False
        with self._database.session() as session:
            session.execute(change)
        return True

    def renamed(self, subscription: str, to: str) -> bool:
        """Know a subscription by the registry's own code from now on; False where nobody has it."""
        mine = sa.update(FollowerRow).where(FollowerRow.subscription == subscription)
        change = mine.values(subscription=to).returning(FollowerRow.number_key)
        with self._database.session() as session:
            return bool(session.scalars(change).all())

    def lives(self, person_key: str, region: str, commune: str) -> None:
        """Note where a person lives, on all their agreements (core.regions); empty: not known."""
        mine = sa.update(FollowerRow).where(FollowerRow.person_key == person_key)
        change = mine.values(region=region, commune=commune, home_noted=self._clock())
        with self._database.session() as session:
            session.execute(change)

    def is_home_old(self, person_key: str, before: datetime) -> bool:
        """True where a person's home was never noted on one of their numbers, or not since then."""
        never = sa.or_(FollowerRow.home_noted.is_(None), FollowerRow.home_noted < before)
        old = sa.select(FollowerRow.number_key).where(FollowerRow.person_key == person_key, never)
        with self._database.reading() as session:
            return session.scalar(old.limit(1)) is not None

    def end(self, person_key: str, number_key: str) -> str | None:
        """End an agreement; the subscription to end with it where it was the person's last."""
        gone = sa.delete(FollowerRow).where(*_of(person_key, number_key))
        others = sa.select(FollowerRow.number_key).where(FollowerRow.person_key == person_key)
        with self._database.session() as session:
            code = session.scalar(gone.returning(FollowerRow.subscription))
            is_last = session.scalar(others.limit(1)) is None
            return code if is_last else None


def _of(person_key: str, number_key: str) -> tuple[sa.ColumnElement[bool], ...]:
    return FollowerRow.person_key == person_key, FollowerRow.number_key == number_key


# Asked for at every verification.
_ONE: Final = sa.select(
    FollowerRow.person_key,
    FollowerRow.number_key,
    FollowerRow.detail,
    FollowerRow.subscription,
    FollowerRow.used,
).where(
    FollowerRow.person_key == sa.bindparam("person"),
    FollowerRow.number_key == sa.bindparam("number"),
)


def _follower(row: Any) -> Follower:
    return Follower(row.person_key, row.number_key, Detail(row.detail), row.subscription, row.used)

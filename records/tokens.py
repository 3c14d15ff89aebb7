"""Tokens of the API: shown once, kept as a hash, for some things to read and for a time.

A token is 32 random bytes, so that a plain hash of it cannot be turned back.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from records.clock import Clock, utc_now
from records.database import Database
from records.tables import ApiTokenRow

SCOPES: Final = (
    "conversations.read",
    "messages.read",
    "handovers.read",
    "deliveries.read",
    "figures.read",
)
LONGEST_NAME: Final = 80
# A token that is used all the time is written down once a minute.
_USED_EVERY: Final = timedelta(minutes=1)
_PREFIX: Final = "twiza_"


@dataclass(frozen=True, slots=True)
class Token:
    """What is known of a token; never the token itself."""

    id: int
    name: str
    scopes: frozenset[str]
    made_by: str
    made: datetime
    ends: datetime
    revoked: datetime | None
    used: datetime | None

    def is_good(self, now: datetime) -> bool:
        """True where it can still be used."""
        return self.revoked is None and now < self.ends


class ApiTokens:
    """The tokens there are. Every method may raise StoreUnavailable."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def make(self, name: str, scopes: Iterable[str], days: int, made_by: str) -> str:
        """A new token: the only time that anybody sees it."""
        secret = _PREFIX + secrets.token_urlsafe(32)
        now = self._clock()
        row = ApiTokenRow(
            name=name[:LONGEST_NAME],
            digest=_digest(secret),
            scopes=",".join(scope for scope in SCOPES if scope in set(scopes)),
            made_by=made_by,
            made=now,
            ends=now + timedelta(days=days),
        )
        with self._database.session() as session:
            session.add(row)
        return secret

    def open(self, secret: str) -> Token | None:
        """The token that this is, where it can still be used; that it was is noted."""
        wanted = sa.select(ApiTokenRow).where(ApiTokenRow.digest == _digest(secret))
        now = self._clock()
        with self._database.reading() as session:
            row = session.scalars(wanted).first()
            found = _token(row) if row else None
        if found is None or not found.is_good(now):
            return None
        if found.used is None or now - found.used > _USED_EVERY:
            mine = sa.update(ApiTokenRow).where(ApiTokenRow.id == found.id)
            with self._database.session() as session:
                session.execute(mine.values(used=now))
        return found

    def all(self) -> list[Token]:
        """Every token, the latest first."""
        with self._database.reading() as session:
            rows = session.scalars(sa.select(ApiTokenRow).order_by(ApiTokenRow.id.desc()))
            return [_token(row) for row in rows]

    def revoke(self, token_id: int) -> bool:
        """End a token; False where there is none that could be used."""
        mine = sa.update(ApiTokenRow).where(
            ApiTokenRow.id == token_id, ApiTokenRow.revoked.is_(None)
        )
        with self._database.session() as session:
            ended = session.execute(mine.values(revoked=self._clock()).returning(ApiTokenRow.id))
            return ended.first() is not None


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _token(row: ApiTokenRow) -> Token:
    return Token(
        id=row.id,
        name=row.name,
        scopes=frozenset(row.scopes.split(",")) - {""},
        made_by=row.made_by,
        made=row.made,
        ends=row.ends,
        revoked=row.revoked,
        used=row.used,
    )

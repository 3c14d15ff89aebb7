"""Staff accounts: made by invitation, opened by password and code, locked after failures.

Passwords are argon2 hashes; a weak one is refused. Nobody learns whether an address has an account:
an unknown one takes the time of a wrong password.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy.orm import Session

from core.privacy import Seal
from records.clock import Clock, utc_now
from records.database import Database
from records.staff_tables import StaffInvitationRow, StaffRow

_MOST_FAILURES: Final = 5
_LOCKED_MINUTES: Final = 15
_INVITED_DAYS: Final = 7


def factor_context(staff_id: int) -> str:
    """The context in which a second factor is sealed and opened."""
    return f"second factor|{staff_id}"


@dataclass(frozen=True, slots=True)
class Staff:
    """An account as the console knows it."""

    id: int
    email: str
    name: str
    role: str
    language: str
    version: int
    has_second_factor: bool
    is_closed: bool
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation that can still be taken."""

    id: int
    email: str
    role: str


class StaffAccounts:
    """The accounts. Every method may raise StoreUnavailable."""

    def __init__(self, database: Database, seal: Seal, clock: Clock = utc_now) -> None:
        self._database = database
        self._seal = seal
        self._clock = clock
        self._hasher = PasswordHasher()
        self._nobodys = self._hasher.hash(secrets.token_hex(16))

    def find(self, staff_id: int) -> Staff | None:
        """The account of that number, closed or not."""
        with self._database.reading() as session:
            row = session.get(StaffRow, staff_id)
            return _staff(row) if row else None

    def with_email(self, email: str) -> Staff | None:
        """The open account of an address."""
        with self._database.reading() as session:
            row = _with_email(session, email)
            return _staff(row) if row else None

    def everybody(self) -> list[Staff]:
        """All accounts, open ones first."""
        asked = sa.select(StaffRow).order_by(StaffRow.closed_at.is_not(None), StaffRow.name)
        with self._database.reading() as session:
            return [_staff(row) for row in session.scalars(asked)]

    def open(self, email: str, password: str) -> Staff | None:
        """The account, where address and password fit and it is not locked; else None.

        Five failures in a row lock it for a quarter of an hour.
        """
        with self._database.reading() as session:
            found = _with_email(session, email)
            known = found.password if found else ""
        # In no transaction: hashing takes long, and a guesser is to hold up nobody's write.
        fits = self._fits(known or self._nobodys, password)
        if not known:
            return None
        fresh = ""
        if fits and self._hasher.check_needs_rehash(known):
            fresh = self._hasher.hash(password)
        with self._database.session() as session:
            row = _with_email(session, email, for_update=True)
            now = self._clock()
            if row is None or row.password != known:
                return None
            if row.locked_until is not None and row.locked_until > now:
                return None
            if not fits:
                row.failures += 1
                if row.failures >= _MOST_FAILURES:
                    row.failures, row.locked_until = 0, now + timedelta(minutes=_LOCKED_MINUTES)
                return None
            row.password = fresh or row.password
            row.failures, row.locked_until = 0, None
            return _staff(row)

    def seen(self, staff_id: int) -> None:
        """Note that somebody is here."""
        with self._database.session() as session:
            session.get_one(StaffRow, staff_id).seen_at = self._clock()

    def add(self, email: str, name: str, role: str, password: str = "") -> Staff:  # nosec B107
        """A new account; without a password it is opened elsewhere."""
        hashed = self._hasher.hash(password) if password else ""
        with self._database.session() as session:
            row = StaffRow(
                email=email.strip().lower(),
                name=name.strip(),
                role=role,
                language="",
                password=hashed,
                sealed=b"",
                last_code=0,
                version=1,
                failures=0,
                made_at=self._clock(),
            )
            session.add(row)
            session.flush()
            return _staff(row)

    def set_password(self, staff_id: int, password: str) -> None:
        """Change a password, which ends every open session of the account."""
        hashed = self._hasher.hash(password)
        with self._database.session() as session:
            row = session.get_one(StaffRow, staff_id)
            row.password, row.version = hashed, row.version + 1
            row.failures, row.locked_until = 0, None

    def set_role(self, staff_id: int, role: str) -> None:
        """Change what an account may do; its open sessions end."""
        with self._database.session() as session:
            row = session.get_one(StaffRow, staff_id)
            row.role, row.version = role, row.version + 1

    def set_language(self, staff_id: int, language: str) -> None:
        """The language an account reads."""
        with self._database.session() as session:
            session.get_one(StaffRow, staff_id).language = language

    def close(self, staff_id: int) -> None:
        """Close an account, for good; its open sessions end."""
        with self._database.session() as session:
            row = session.get_one(StaffRow, staff_id)
            row.closed_at, row.version = self._clock(), row.version + 1

    def keep_second_factor(self, staff_id: int, secret: str) -> None:
        """Keep the secret of an account's one-time codes, sealed; an empty one takes it away."""
        with self._database.session() as session:
            row = session.get_one(StaffRow, staff_id)
            context = factor_context(staff_id)
            row.sealed = self._seal.close(secret.encode(), context) if secret else b""
            row.last_code = 0

    def second_factor(self, staff_id: int) -> str:
        """The secret of an account's one-time codes, empty where there is none."""
        with self._database.reading() as session:
            sealed = session.get_one(StaffRow, staff_id).sealed
        return self._seal.open(sealed, factor_context(staff_id)).decode() if sealed else ""

    def use_code(self, staff_id: int, period: int) -> bool:
        """Use up the one-time code of a period; False where it, or a later one, was used."""
        with self._database.session() as session:
            row = session.get_one(StaffRow, staff_id, with_for_update=True)
            is_new = period > row.last_code
            row.last_code = max(row.last_code, period)
            return is_new

    def invite(self, email: str, role: str, invited_by: int) -> str:
        """A secret for a link with which an account is made, once and within a week."""
        secret = secrets.token_urlsafe(32)
        now = self._clock()
        with self._database.session() as session:
            session.add(
                StaffInvitationRow(
                    digest=_digest(secret),
                    email=email.strip().lower(),
                    role=role,
                    invited_by=invited_by,
                    made_at=now,
                    ends_at=now + timedelta(days=_INVITED_DAYS),
                )
            )
        return secret

    def invitation(self, secret: str) -> Invitation | None:
        """The invitation of a secret, where it can still be taken."""
        with self._database.reading() as session:
            row = self._invitation(session, secret)
            return Invitation(row.id, row.email, row.role) if row else None

    def take(self, secret: str, name: str, password: str) -> Staff | None:
        """Make the account of an invitation; None where it can be taken no more."""
        with self._database.session() as session:
            row = self._invitation(session, secret)
            if row is None or _with_email(session, row.email):
                return None
            row.used_at = self._clock()
            email, role = row.email, row.role
        return self.add(email, name, role, password)

    def _invitation(self, session: Session, secret: str) -> StaffInvitationRow | None:
        mine = StaffInvitationRow.digest == _digest(secret)
        asked = sa.select(StaffInvitationRow).where(
            mine, StaffInvitationRow.used_at.is_(None), StaffInvitationRow.ends_at > self._clock()
        )
        return session.scalars(asked.with_for_update()).first()

    def _fits(self, kept: str, password: str) -> bool:
        try:
            return self._hasher.verify(kept, password)
        except (VerificationError, InvalidHashError):
            return False


def _with_email(session: Session, email: str, for_update: bool = False) -> StaffRow | None:
    asked = sa.select(StaffRow).where(
        StaffRow.email == email.strip().lower(), StaffRow.closed_at.is_(None)
    )
    return session.scalars(asked.with_for_update() if for_update else asked).first()


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _staff(row: StaffRow) -> Staff:
    return Staff(
        id=row.id,
        email=row.email,
        name=row.name,
        role=row.role,
        language=row.language,
        version=row.version,
        has_second_factor=bool(row.sealed),
        is_closed=row.closed_at is not None,
        seen_at=row.seen_at,
    )

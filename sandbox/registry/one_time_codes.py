"""One-time codes, with the error codes of MOSIP's ID authentication.

A code is six digits, works once, and is kept as a keyed hash. Three wrong ones lock a transaction;
a person is sent five in a quarter of an hour at most.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sandbox.registry.clock import now
from sandbox.registry.tables import Code, Person

_TRIES: Final = 3
_COUNTED_FOR_SECONDS: Final = 900


class CodeRefused(Exception):
    """A code is not sent or not accepted; `code` is MOSIP's error code."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class OneTimeCodes:
    """Makes codes and checks them, keeping only what a thief of the database could not use."""

    def __init__(self, key: bytes, life_seconds: int, codes_per_person: int = 5) -> None:
        self._key = key
        self._life = life_seconds
        self._codes_per_person = codes_per_person

    def make(self, session: Session, idcs: str, transaction: str) -> tuple[Person, str]:
        """A new code, and whom to send it to. Raises CodeRefused."""
        person = _find(session, idcs)
        if person.phone is None:
            raise CodeRefused("IDA-MLC-014")
        if _wrong(session, idcs, transaction) >= _TRIES:
            raise CodeRefused("IDA-OTA-006")
        present = now(session)
        recent = select(func.count()).where(
            Code.idcs == idcs, Code.sent_at > present - _COUNTED_FOR_SECONDS
        )
        if (session.scalar(recent) or 0) >= self._codes_per_person:
            raise CodeRefused("IDA-OTA-001")
        code = f"{secrets.randbelow(10**6):06d}"
        session.add(
            Code(
                idcs=idcs,
                transaction=transaction,
                digest=self.digest(idcs, transaction, code),
                sent_at=present,
                ends_at=present + self._life,
            )
        )
        return person, code

    def check(self, session: Session, idcs: str, transaction: str, code: str) -> str:
        """An empty text where the code is right, which uses it up; else MOSIP's error code."""
        _find(session, idcs)
        latest = session.scalars(
            select(Code)
            .where(Code.idcs == idcs, Code.transaction == transaction)
            .order_by(Code.id.desc())
        ).first()
        if latest is None:
            return "IDA-OTA-005"
        wrong = _wrong(session, idcs, transaction)
        if wrong >= _TRIES:
            return "IDA-OTA-007"
        if latest.used or now(session) >= latest.ends_at:
            return "IDA-OTA-003"
        if hmac.compare_digest(latest.digest, self.digest(idcs, transaction, code)):
            latest.used = True
            return ""
        latest.wrong += 1
        return "IDA-OTA-007" if wrong + 1 >= _TRIES else "IDA-OTA-004"

    def digest(self, idcs: str, transaction: str, code: str) -> bytes:
        """What is kept of a code: a keyed hash, bound to its person and transaction."""
        told_apart = f"{idcs}\x00{transaction}\x00{code}".encode("utf-8", "surrogatepass")
        return hmac.new(self._key, told_apart, hashlib.sha256).digest()


def _find(session: Session, idcs: str) -> Person:
    person = session.get(Person, idcs) if idcs.isascii() else None
    if person is None:
        raise CodeRefused("IDA-MLC-018")
    return person


def _wrong(session: Session, idcs: str, transaction: str) -> int:
    counted = select(func.sum(Code.wrong)).where(Code.idcs == idcs, Code.transaction == transaction)
    return session.scalar(counted) or 0

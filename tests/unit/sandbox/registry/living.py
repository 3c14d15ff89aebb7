"""Letting days pass in a registry, and looking what became of it."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

import sqlalchemy as sa

from sandbox.registry import clock
from sandbox.registry.counter_tables import Application, Complaint, Payment
from sandbox.registry.database import RegistryDatabase
from sandbox.registry.life.days import catch_up
from sandbox.registry.life.decisions import OUTCOME
from sandbox.registry.lots import share
from sandbox.registry.seed import SEED
from sandbox.registry.tables import Enrolment, Household

BEGIN: Final = date(2026, 11, 23)
_DAY: Final = 86_400


def live(registry: RegistryDatabase, days: int) -> int:
    """Let days pass; on how many of them something happened."""
    with registry.write() as session:
        clock.advance(session, days * _DAY)
    return catch_up(registry)


def rows(registry: RegistryDatabase, query: Any) -> list[Any]:
    """What a query finds."""
    with registry.read() as session:
        return list(session.execute(query).all())


def state_of(registry: RegistryDatabase) -> str:
    """A digest of everything that life changes."""
    told = hashlib.sha256()
    with registry.read() as session:
        for table in (Household, Enrolment, Application, Payment, Complaint):
            kept = Household.metadata.tables[table.__tablename__]
            every = sa.select(kept).order_by(*kept.primary_key.columns)
            told.update(repr(session.execute(every).all()).encode())
    return told.hexdigest()


def an_applicant(registry: RegistryDatabase, key: str, index: Decimal | None) -> str:
    """A household of one adult whose application is received, drawn to be accepted; its code."""
    number = next(n for n in range(1000, 1100) if share(SEED, n, OUTCOME) < 70)
    home = {"code": "M-99999", "number": 99_999, "region": "Souss-Massa", "area": "rural"}
    known = {"index": str(index), "score": float(index)} if index else {}
    given = {"id": number, "reference": f"{number}", "programme": key, "state": "received"}
    days = {"since": BEGIN, "given_on": BEGIN, "due_on": BEGIN + timedelta(days=3)}
    with registry.write() as session:
        session.add(Household(**home, rsu_status="index_ready", size=1, **known))
        session.flush()
        session.add(Application(household_code="M-99999", **given, **days))
    return "M-99999"

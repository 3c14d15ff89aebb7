"""The tables beside the audit: who checked its chain, and what each night forgot."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from records.table import RowNumber, Table


class AuditCheckRow(Table):
    """A walk over the whole chain: how many rows stood, the first bad one, the last hash.

    `is_cut` where rows that an earlier check had seen were gone or others.
    """

    __tablename__ = "audit_checks"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(sa.String(64))
    rows: Mapped[int] = mapped_column(sa.BigInteger)
    broken_at: Mapped[int | None] = mapped_column(sa.BigInteger)
    is_cut: Mapped[bool]
    head: Mapped[str] = mapped_column(sa.String(64))

    __table_args__ = ({"sqlite_autoincrement": True},)


class NightRow(Table):
    """What one night's retention removed, by kind."""

    __tablename__ = "nights"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    removed: Mapped[dict[str, Any]] = mapped_column(sa.JSON())

    __table_args__ = ({"sqlite_autoincrement": True},)

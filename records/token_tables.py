"""The table of what programs prove themselves with."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from records.table import RowNumber, Table


class ApiTokenRow(Table):
    """A token of the API, kept as a hash: what it may read, until when, and when it last did."""

    __tablename__ = "api_tokens"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    scopes: Mapped[str] = mapped_column(sa.String(200))
    made_by: Mapped[str] = mapped_column(sa.String(64))
    made: Mapped[datetime]
    ends: Mapped[datetime]
    revoked: Mapped[datetime | None]
    used: Mapped[datetime | None]

    __table_args__ = ({"sqlite_autoincrement": True},)

"""The table of exports that staff asked for."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from records.table import RowNumber, Table


class ExportJobRow(Table):
    """An export that is made in the background: of what, as what, how far it is.

    `state` is waiting, running, done or failed; its file is gone when its time is over, or when
    somebody's data were erased since.
    """

    __tablename__ = "export_jobs"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(16))
    form: Mapped[str] = mapped_column(sa.String(8))
    since: Mapped[datetime]
    until: Mapped[datetime]
    state: Mapped[str] = mapped_column(sa.String(8))
    outcome: Mapped[str] = mapped_column(sa.String(32), default="")
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    asked_by: Mapped[str] = mapped_column(sa.String(64), index=True)
    created: Mapped[datetime]
    settled: Mapped[datetime | None]
    file_id: Mapped[str] = mapped_column(sa.String(32), default="")

    __table_args__ = ({"sqlite_autoincrement": True},)

"""The tables of what citizens ask for about their data, and of files made to be handed over."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from records.table import Key, RowNumber, Table


class RightsRequestRow(Table):
    """A citizen's request for their data, or for the end of them.

    `kind` is export or erasure; `source` dialogue or staff; `proof` how staff knew who asked;
    `state` open, running, done, refused or void. Once it is settled the row says when and by whom,
    and no more of whom it was.
    """

    __tablename__ = "rights_requests"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(8))
    person_key: Mapped[str] = mapped_column(Key, index=True)
    number_key: Mapped[str] = mapped_column(Key, index=True)
    source: Mapped[str] = mapped_column(sa.String(8))
    proof: Mapped[str] = mapped_column(sa.String(16))
    state: Mapped[str] = mapped_column(sa.String(8))
    created: Mapped[datetime]
    due: Mapped[datetime] = mapped_column(index=True)
    entered_by: Mapped[str] = mapped_column(sa.String(64), default="")
    settled_by: Mapped[str] = mapped_column(sa.String(64), default="")
    settled: Mapped[datetime | None]
    file_id: Mapped[str] = mapped_column(sa.String(32), default="")

    __table_args__ = ({"sqlite_autoincrement": True},)


class ExportFileRow(Table):
    """A file that was made to be handed over, until it is or its time is over.

    `number_key` is whose data it holds, empty where it holds many people's; then it goes with the
    first erasure of anybody.
    """

    __tablename__ = "export_files"

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    number_key: Mapped[str] = mapped_column(Key, index=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    size: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    pieces: Mapped[int] = mapped_column(default=0)
    created: Mapped[datetime]
    ends: Mapped[datetime] = mapped_column(index=True)
    taken: Mapped[datetime | None]


class ExportPieceRow(Table):
    """A part of such a file, sealed."""

    __tablename__ = "export_pieces"

    file_id: Mapped[str] = mapped_column(
        sa.ForeignKey("export_files.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sealed: Mapped[bytes] = mapped_column(sa.LargeBinary)

"""Files made to be handed over: written piece by piece, sealed, taken, and gone in time.

They lie in the records, so that every process finds them and none needs a shared folder.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from core.privacy import Seal
from records.clock import Clock, utc_now
from records.database import Database
from records.tables import ExportFileRow, ExportPieceRow

_PIECE: Final = 512 * 1024


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A file to hand over; `taken` is when it was last."""

    id: str
    number_key: str
    name: str
    size: int
    pieces: int
    ends: datetime
    taken: datetime | None


class ExportFiles:
    """The files to hand over. Every method may raise StoreUnavailable."""

    def __init__(self, database: Database, seal: Seal, clock: Clock = utc_now) -> None:
        self._database = database
        self._seal = seal
        self._clock = clock

    def write(self, name: str, content: Iterable[bytes], hours: float, number_key: str = "") -> str:
        """Keep a file for so many hours; its name here. What is half written is nobody's."""
        file_id = secrets.token_hex(16)
        now = self._clock()
        row = ExportFileRow(
            id=file_id,
            number_key=number_key,
            name=name,
            created=now,
            ends=now + timedelta(hours=hours),
        )
        with self._database.session() as session:
            session.add(row)
        size = count = 0
        for count, piece in enumerate(_pieces(content), 1):
            size += len(piece)
            sealed = self._seal.close(piece, _context(file_id, count))
            with self._database.session() as session:
                session.add(ExportPieceRow(file_id=file_id, number=count, sealed=sealed))
        mine = sa.update(ExportFileRow).where(ExportFileRow.id == file_id)
        with self._database.session() as session:
            session.execute(mine.values(size=size, pieces=count))
        return file_id

    def find(self, file_id: str) -> ExportFile | None:
        """A file whose time is not over, or None."""
        wanted = sa.select(ExportFileRow).where(
            ExportFileRow.id == file_id, ExportFileRow.ends > self._clock()
        )
        with self._database.reading() as session:
            row = session.scalars(wanted).first()
            return _file(row) if row else None

    def take(self, file_id: str, once: bool) -> ExportFile | None:
        """Note that a file is taken; None where it is not there, or `once` and it was before."""
        free = [ExportFileRow.id == file_id, ExportFileRow.ends > self._clock()]
        if once:
            free.append(ExportFileRow.taken.is_(None))
        change = sa.update(ExportFileRow).where(*free).values(taken=self._clock())
        with self._database.session() as session:
            row = session.scalars(change.returning(ExportFileRow)).first()
            return _file(row) if row else None

    def read(self, file: ExportFile) -> Iterator[bytes]:
        """What is in a file, in order. Raises TokenRefused where it cannot be opened any more."""
        for number in range(1, file.pieces + 1):
            with self._database.reading() as session:
                piece = session.get(ExportPieceRow, (file.id, number))
                sealed = piece.sealed if piece else b""
            yield self._seal.open(sealed, _context(file.id, number))

    def drop(self, file_id: str) -> None:
        """Destroy a file."""
        self._drop(ExportFileRow.id == file_id)

    def drop_about(self, number_key: str) -> None:
        """Destroy what is about a number, and what is about many, for it may be about it too."""
        self._drop(ExportFileRow.number_key.in_((number_key, "")))

    def drop_old(self) -> int:
        """Destroy what has had its time; how many there were."""
        return self._drop(ExportFileRow.ends <= self._clock())

    def _drop(self, which: sa.ColumnElement[bool]) -> int:
        gone = sa.delete(ExportFileRow).where(which).returning(ExportFileRow.id)
        with self._database.session() as session:
            return len(session.execute(gone).all())


def _pieces(content: Iterable[bytes]) -> Iterator[bytes]:
    kept = bytearray()
    for part in content:
        kept += part
        while len(kept) >= _PIECE:
            yield bytes(kept[:_PIECE])
            del kept[:_PIECE]
    if kept:
        yield bytes(kept)


def _context(file_id: str, number: int) -> str:
    return f"export|{file_id}|{number}"


def _file(row: ExportFileRow) -> ExportFile:
    return ExportFile(row.id, row.number_key, row.name, row.size, row.pieces, row.ends, row.taken)

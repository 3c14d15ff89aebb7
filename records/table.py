"""What every table of the records has in common."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar, Final

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase

QUEUED: Final = sa.literal("queued", literal_execute=True)


class UtcDateTime(sa.TypeDecorator[datetime]):
    """A moment: only aware datetimes go in (ValueError), and aware ones in UTC come out."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """The moment in UTC as the database takes it."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> datetime | None:
        """The stored moment, aware."""
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


# SQLite numbers the rows of an INTEGER key by itself, and of no other.
RowNumber = sa.BigInteger().with_variant(sa.Integer, "sqlite")
Key = sa.String(64)


class Table(DeclarativeBase):
    """The root of the tables; its metadata is what the migrations must add up to."""

    type_annotation_map: ClassVar = {datetime: UtcDateTime()}
    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )

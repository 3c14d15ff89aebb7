"""What every table of the transcripts has in common."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase

from records.table import UtcDateTime

# SQLite and PostgreSQL both keep it as text that can be read.
Listed = sa.JSON()


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

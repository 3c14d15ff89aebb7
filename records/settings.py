"""The settings of the records."""

from __future__ import annotations

from pydantic import Field

from core.environment import Settings, StoreSettings
from core.redis_address import RedisUrl


class SqlSettings(Settings):
    """How a process speaks to PostgreSQL; SQLite needs none of it but the number of connections."""

    sql_connections: int = Field(
        35, ge=1, description="Connections that a process opens to one database at most"
    )
    sql_statement_seconds: float = Field(
        60.0,
        ge=0,
        description="How long one statement may run on PostgreSQL; 0: as long as it does",
    )
    sql_silence_seconds: float = Field(
        10.0, gt=0, description="After so long without a sign of life PostgreSQL counts as gone"
    )


class RecordsSettings(Settings):
    """Where the records are and how long a silent number keeps its own."""

    records_url: str = Field(description="SQLAlchemy URL of the records database")
    silent_months: int = Field(
        6, ge=1, description="Months of silence after which a number starts afresh"
    )


class KeysSettings(StoreSettings):
    """What `bin/keys` needs: every store that holds sealed values, and the keys."""

    broker_url: RedisUrl = Field(description="Redis database of the Celery broker")

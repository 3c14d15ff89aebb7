"""The settings of the records."""

from __future__ import annotations

from pydantic import Field

from core.environment import Settings, StoreSettings


class RecordsSettings(Settings):
    """Where the records are and how long a silent number keeps its own."""

    records_url: str = Field(description="SQLAlchemy URL of the records database")
    silent_months: int = Field(
        6, ge=1, description="Months of silence after which a number starts afresh"
    )


class KeysSettings(StoreSettings):
    """What `bin/keys` needs: every store that holds sealed values, and the keys."""

    broker_url: str = Field(description="Redis database of the Celery broker")

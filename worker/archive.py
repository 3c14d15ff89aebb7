"""What recording works with, opened once per worker process."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import redis

from core.environment import read_settings
from core.stores import open_redis
from records.database import Database, open_database
from transcripts.counting import Counting
from transcripts.figures import Figures
from transcripts.retention import Retention
from transcripts.settings import TranscriptsSettings
from transcripts.store import Transcripts
from worker.app import settings
from worker.keeping.erasures import ErasureLog
from worker.keeping.settings import ErasureSettings
from worker.settings import WorkerSettings


@dataclass(frozen=True, slots=True)
class Archive:
    """The transcripts, the stores where records wait for them, and the log of erasures."""

    database: Database
    transcripts: Transcripts
    retention: Retention
    counting: Counting
    figures: Figures
    life_days: int
    erasures: ErasureLog
    store: redis.Redis
    engine_store: redis.Redis | None


@cache
def archive() -> Archive:
    """The transcripts of this process."""
    own = read_settings(TranscriptsSettings)
    engine_url = read_settings(WorkerSettings).engine_redis_url
    database = open_database(own.transcripts_url)
    return Archive(
        database,
        Transcripts(database, own.silence_hours),
        Retention(database),
        Counting(database),
        Figures(database),
        own.transcripts_life_days,
        ErasureLog(read_settings(ErasureSettings).erasures_folder),
        open_redis(settings.redis_url),
        open_redis(engine_url) if engine_url else None,
    )

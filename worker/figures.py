"""Counting for the dashboard, again and again: numbers of all, and of nobody in particular."""

from __future__ import annotations

from typing import Any, Final

import redis

from core.errors import StoreUnavailable
from core.logs import log
from transcripts.counting_records import count_records
from worker.app import app
from worker.archive import archive
from worker.house import house

_LOG = log(__name__)
_LOCK_SECONDS: Final = 600
_PATIENT: Final[dict[str, Any]] = {
    "autoretry_for": (StoreUnavailable, redis.RedisError),
    "retry_backoff": 2,
    "retry_backoff_max": 60,
    "max_retries": 3,
}


@app.task(name="worker.figures.count", **_PATIENT)
def count() -> None:
    """Count all turns that are new. One worker at a time; another finds nothing to do."""
    lock = archive().store.lock("figures", timeout=_LOCK_SECONDS)
    if not lock.acquire(blocking=False):
        return
    try:
        _LOG.info("counted", hours=archive().counting.refresh())
    finally:
        if lock.owned():
            lock.release()


@app.task(name="worker.figures.count_records", **_PATIENT)
def count_of_records() -> None:
    """Count messages, requests, applications and emergencies as far as they may still change."""
    count_records(house().database, archive().figures)

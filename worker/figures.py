"""Counting for the dashboard, again and again: numbers of all, and of nobody in particular."""

from __future__ import annotations

import time
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
# While it is there nobody counts.
_REST: Final = "figures:rest"
_REST_FOR_A_SECOND: Final = 9
_PATIENT: Final[dict[str, Any]] = {
    "autoretry_for": (StoreUnavailable, redis.RedisError),
    "retry_backoff": 2,
    "retry_backoff_max": 60,
    "max_retries": 3,
}


@app.task(name="worker.figures.count", **_PATIENT)
def count() -> None:
    """Count all turns that are new. One worker at a time; another finds nothing to do.

    However much is said in an hour, no more than a tenth of the time is spent on counting it.
    """
    store = archive().store
    lock = store.lock("figures", timeout=_LOCK_SECONDS)
    if store.exists(_REST) or not lock.acquire(blocking=False):
        return
    began = time.monotonic()
    try:
        _LOG.info("counted", hours=archive().counting.refresh())
    finally:
        store.set(_REST, 1, px=1 + int((time.monotonic() - began) * _REST_FOR_A_SECOND * 1000))
        if lock.owned():
            lock.release()


@app.task(name="worker.figures.count_records", **_PATIENT)
def count_of_records() -> None:
    """Count messages, requests, applications and emergencies as far as they may still change."""
    count_records(house().database, archive().figures)

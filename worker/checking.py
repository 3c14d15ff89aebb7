"""Walking the audit's chain, when the auditor asks and once a night."""

from __future__ import annotations

from typing import Final

import redis

from core.checking import CHECK_AUDIT
from core.errors import StoreUnavailable
from core.logs import log
from core.tasks import open_task
from records.audit_reading import AuditReading
from worker.app import app
from worker.house import house
from worker.meters import AUDIT_WALKED, AUDIT_WHOLE

_LOG = log(__name__)
_LOCK: Final = "checking"
_LOCK_SECONDS: Final = 900


@app.task(
    name=CHECK_AUDIT,
    autoretry_for=(StoreUnavailable, redis.RedisError),
    retry_backoff=2,
    max_retries=5,
)
def check(argument: str) -> None:
    """Walk it for somebody."""
    _walk(open_task(house().seal, argument)["by"])


@app.task(name="worker.checking.nightly", autoretry_for=(StoreUnavailable,), max_retries=5)
def nightly() -> None:
    """Walk it."""
    _walk("")


def _walk(by: str) -> None:
    lock = house().store.lock(_LOCK, timeout=_LOCK_SECONDS)
    if not lock.acquire(blocking=False):
        return
    try:
        found = AuditReading(house().database).check(by)
    finally:
        if lock.owned():
            lock.release()
    AUDIT_WHOLE.set(found.is_whole)
    AUDIT_WALKED.set_to_current_time()
    if found.is_whole:
        _LOG.info("audit_whole", rows=found.rows, head=found.head)
    else:
        _LOG.error("audit_broken", rows=found.rows, broken_at=found.broken_at, cut=found.is_cut)

"""What is done about keys and backups by the clock: rotating, retiring, and telling their age."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import redis

from core.environment import read_settings
from core.errors import SettingsFaulty, StoreUnavailable
from core.logs import log
from records.keys import Keys
from records.settings import KeysSettings
from worker.app import app
from worker.house import house
from worker.keeping.making import newest_backup
from worker.keeping.meters import BACKED_UP, KEY_AGE, KEYS, ROTATIONS
from worker.keeping.settings import KeepingSettings

_LOG = log(__name__)
_LOCK: Final = "keys:rotating"
# Longer than a rotation of everything may take; another one would only wait for the same rows.
_LOCK_SECONDS: Final = 4 * 3600


@app.task(name="worker.keeping.jobs.look")
def look() -> None:
    """Tell how old the newest backup is, where this worker sees backups."""
    folder = read_settings(KeepingSettings).backup_folder
    newest = newest_backup(Path(folder)) if folder else None
    if newest is not None:
        BACKED_UP.set(newest.timestamp())


@app.task(
    name="worker.keeping.jobs.rotate",
    autoretry_for=(StoreUnavailable, redis.RedisError),
    retry_backoff=60,
    max_retries=5,
)
def rotate() -> None:
    """Change the vault key where it is due, and forget old ones that nothing needs any more."""
    lock = house().store.lock(_LOCK, timeout=_LOCK_SECONDS)
    if not lock.acquire(blocking=False):
        return
    try:
        with closing(Keys(read_settings(KeysSettings))) as keys:
            _see_to(keys, house().settings.keys_rotate_days)
    except SettingsFaulty as fault:
        # Read-only, or not in a file: then somebody else has to.
        ROTATIONS.labels("refused").inc()
        _LOG.error("keys_not_rotated", why=str(fault))
    finally:
        if lock.owned():
            lock.release()


def _see_to(keys: Keys, days: int) -> None:
    now = datetime.now(UTC)
    changed = keys.changed()
    age = now - changed if changed else None
    if days and (age is None or age >= timedelta(days=days)):
        done, unknown = keys.rotate()
        ROTATIONS.labels("rotated").inc()
        _LOG.info("keys_rotated", values=done, unknown=unknown)
        age = timedelta()
    elif days and age is not None:
        _retire(keys, age)
    KEYS.set(len(keys.ring.keys))
    if age is not None:
        KEY_AGE.set(age.total_seconds())


def _retire(keys: Keys, age: timedelta) -> None:
    """Forget old keys, but none that a backup still needs."""
    if age <= timedelta(days=read_settings(KeepingSettings).backup_days):
        return
    for key in keys.ring.keys[1:]:
        if not keys.retire(key.id.hex()):
            ROTATIONS.labels("retired").inc()
            _LOG.info("key_retired", key=key.id.hex())

"""What is told of keys and backups; nothing in it tells of a citizen or of a key."""

from __future__ import annotations

from typing import Final

from core.meters import Names, counters, gauge

BACKED_UP: Final = gauge(
    "twiza_worker_newest_backup_timestamp_seconds",
    "When the newest backup in TWIZA_BACKUP_FOLDER was made",
    "mostrecent",
)
KEYS: Final = gauge("twiza_worker_vault_keys", "Vault keys that open", "mostrecent")
KEY_AGE: Final = gauge(
    "twiza_worker_vault_key_age_seconds",
    "How long ago the vault key was changed, as of last night",
    "mostrecent",
)
ROTATIONS: Final = counters(
    "twiza_worker_key_rotations_total",
    "Nightly work on the vault keys: rotated, retired, refused",
    outcome=Names("rotated", "retired", "refused"),
)

"""What is told of keys and backups; nothing in it tells of a citizen or of a key."""

from __future__ import annotations

from typing import Final

from prometheus_client import Counter, Gauge

BACKED_UP: Final = Gauge(
    "twiza_worker_newest_backup_timestamp_seconds",
    "When the newest backup in TWIZA_BACKUP_FOLDER was made",
    multiprocess_mode="mostrecent",
)
KEYS: Final = Gauge(
    "twiza_worker_vault_keys", "Vault keys that open", multiprocess_mode="mostrecent"
)
KEY_AGE: Final = Gauge(
    "twiza_worker_vault_key_age_seconds",
    "How long ago the vault key was changed, as of last night",
    multiprocess_mode="mostrecent",
)
ROTATIONS: Final = Counter(
    "twiza_worker_key_rotations_total",
    "Nightly work on the vault keys: rotated, retired, refused",
    ["outcome"],
)

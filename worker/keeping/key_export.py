"""The keys on their way to another place than the data: sealed, in a file of their own."""

from __future__ import annotations

import io
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from pydantic import Field, SecretStr

from core.environment import Settings
from core.keys import read_keys
from worker.keeping.manifest import NAME, BackupRefused
from worker.keeping.sealing import Lock, is_sealed, open_file, seal_file

# What nothing that is kept can be read without, and the file each stands in.
FILES: Final = {"TWIZA_VAULT_KEY": "vault_key", "TWIZA_PSEUDONYM_KEY": "pseudonym_key"}
_FORMAT: Final = 1


class KeysToKeep(Settings):
    """The keys of the settings."""

    vault_key: SecretStr = Field(
        description="Keys that seal values, the first seals: 32 bytes each, URL-safe base64"
    )
    pseudonym_key: SecretStr = Field(description="32 bytes, URL-safe base64: keys the pseudonyms")
    backup_folder: str = Field("", description="folder that backups are written to")


def export_keys(settings: KeysToKeep, path: Path, lock: Lock) -> None:
    """Write the keys into a new file, sealed. Raises BackupRefused beside a backup."""
    folder = path.resolve().parent
    backups = Path(settings.backup_folder).resolve() if settings.backup_folder else None
    is_beside = backups is not None and folder.is_relative_to(backups)
    if is_beside or (folder / NAME).exists():
        raise BackupRefused("keys do not lie with what they open: name another place")
    keys = {
        "TWIZA_VAULT_KEY": settings.vault_key.get_secret_value(),
        "TWIZA_PSEUDONYM_KEY": settings.pseudonym_key.get_secret_value(),
    }
    made = datetime.now(UTC).isoformat(timespec="seconds")
    content = json.dumps({"format": _FORMAT, "made": made, "keys": keys}).encode()
    sealed = io.BytesIO()
    seal_file(io.BytesIO(content), sealed, lock)
    _write(path, sealed.getvalue())


def import_keys(path: Path, folder: Path, lock: Lock) -> list[str]:
    """Write the keys of an export into files that only their owner reads; the files' names.

    Raises BackupRefused where one is there already, TokenRefused where the export can't be opened.
    """
    try:
        content = path.read_bytes()
    except OSError as fault:
        raise BackupRefused(f"{path.name}: {fault.strerror}") from None
    if not is_sealed(content):
        raise BackupRefused(f"{path.name} is no export of keys")
    opened = io.BytesIO()
    open_file(io.BytesIO(content), opened, lock)
    told: dict[str, Any] = json.loads(opened.getvalue())
    if told["format"] != _FORMAT:
        raise BackupRefused(f"format {told['format']} of exports is not known here")
    there = [name for name in FILES.values() if (folder / name).exists()]
    if there:
        raise BackupRefused(f"{' and '.join(there)} are there already")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for setting, name in FILES.items():
        read_keys(told["keys"][setting], setting)
        _write(folder / name, f"{told['keys'][setting].strip()}\n".encode())
    return list(FILES.values())


def _write(path: Path, content: bytes) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as fault:
        raise BackupRefused(f"{path.name}: {fault.strerror}") from None
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())

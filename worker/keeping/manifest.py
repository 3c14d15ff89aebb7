"""What a backup says of itself: format, steps of migrations, rows, files and checksums."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from core.errors import ServiceError

FORMAT: Final = 1
NAME: Final = "manifest.json"
_AT_ONCE: Final = 1 << 20


class BackupRefused(ServiceError):
    """A backup that cannot be made, or must not be restored; the message says why."""

    sentence = ""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class File(_Part):
    """A file of a backup, by its name in the backup's folder."""

    name: str
    size: int
    sha256: str


class Store(_Part):
    """One database: the chains of migrations it holds with how far they came, and its rows.

    `schema_name` is the PostgreSQL schema that all of it is in.
    """

    kind: Literal["sqlite", "postgresql"]
    schema_name: str = ""
    chains: dict[str, str]
    rows: dict[str, int]
    file: File


class Manifest(_Part):
    """A backup. `began` and `ended` enclose the moment that its databases show."""

    format: int = FORMAT
    version: str
    began: datetime
    ended: datetime
    sealed: bool
    stores: tuple[Store, ...]
    folders: dict[str, File]
    audit_rows: int
    audit_head: str


def measure(path: Path) -> File:
    """A file as the manifest names it."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_AT_ONCE):
            digest.update(piece)
    return File(name=path.name, size=path.stat().st_size, sha256=digest.hexdigest())


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a backup. Raises BackupRefused where it is unreadable or of a later form."""
    try:
        text = (folder / NAME).read_text(encoding="utf-8")
        told = _Format.model_validate_json(text).format
        if told != FORMAT:
            raise BackupRefused(f"format {told} of backups is not known here, only {FORMAT}")
        return Manifest.model_validate_json(text)
    except UnicodeDecodeError:
        raise BackupRefused(f"{NAME} is damaged: it is no text") from None
    except OSError as fault:
        raise BackupRefused(f"there is no backup in {folder.name}: {fault.strerror}") from None
    except ValidationError as fault:
        count = fault.error_count()
        raise BackupRefused(f"{NAME} is damaged: {count} faults in it") from None


def check_files(folder: Path, manifest: Manifest) -> None:
    """Compare every file with its checksum. Raises BackupRefused and names those that differ."""
    wrong = []
    for file in [*(store.file for store in manifest.stores), *manifest.folders.values()]:
        path = folder / file.name
        if Path(file.name).name != file.name or not path.is_file() or measure(path) != file:
            wrong.append(file.name)
    if wrong:
        raise BackupRefused(f"not as they were written: {', '.join(wrong)}")


class _Format(BaseModel):
    format: int

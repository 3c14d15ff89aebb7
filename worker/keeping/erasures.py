"""The log of erasures, apart from the records: what a restored backup must forget again.

One small file for each: under which keys somebody was known, when their erasure began, and when it
was done. It is written before anything is erased. Keys are keyed hashes; once no backup is left
that holds the erased, the file goes too.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from core.errors import StoreUnavailable
from core.logs import log
from records.clock import Clock, utc_now

_LOG = log(__name__)
_ENDING: Final = ".erasure"
# Clocks differ, and what is erased in the dialogue is noted a moment before.
_MARGIN: Final = timedelta(minutes=10)
# A note outlives the last backup that holds what it is about.
_LONGER: Final = timedelta(days=2)


class Erasure(BaseModel):
    """Somebody who was erased; `done` is None while nobody knows that it was carried out."""

    model_config = ConfigDict(frozen=True)

    person_key: str
    number_key: str
    began: datetime
    done: datetime | None = None


class ErasureLog:
    """The notes in a folder, or none where no folder is given."""

    def __init__(self, folder: str, clock: Clock = utc_now) -> None:
        self._folder = Path(folder) if folder else None
        self._clock = clock

    def begin(self, task: str, person_key: str, number_key: str) -> None:
        """Note that somebody is going to be erased; `task` names it, however often it is tried.

        Raises StoreUnavailable where it cannot be noted: then nothing is to be erased yet.
        """
        path = self._path(task)
        if path is None or path.exists():
            return
        note = Erasure(person_key=person_key, number_key=number_key, began=self._clock())
        self._write(path, note)

    def done(self, task: str) -> None:
        """Note that it was carried out. Raises StoreUnavailable."""
        path = self._path(task)
        if path is not None:
            note = _read(path)
            if note is not None and note.done is None:
                self._write(path, note.model_copy(update={"done": self._clock()}))

    def forget(self, days: int) -> int:
        """Drop the notes of what no backup holds any more; how many there were."""
        before = self._clock() - timedelta(days=days) - _LONGER
        old = [path for path, note in self._notes() if note.began < before]
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)

    def _notes(self) -> Iterable[tuple[Path, Erasure]]:
        for path in sorted(self._folder.glob(f"*{_ENDING}")) if self._folder else ():
            note = _read(path)
            if note is not None:
                yield path, note

    def _path(self, task: str) -> Path | None:
        if self._folder is None:
            return None
        name = hashlib.sha256(task.encode()).hexdigest()[:32]
        return self._folder / f"{name}{_ENDING}"

    def _write(self, path: Path, note: Erasure) -> None:
        unfinished = path.with_suffix(".new")
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(note.model_dump_json())
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
        except OSError as fault:
            _LOG.error("erasure_not_noted", fault=fault.strerror)
            raise StoreUnavailable("the log of erasures cannot be written") from fault


def erased_since(folder: Path, moment: datetime) -> tuple[list[Erasure], int]:
    """Whom a backup of that moment may still hold, and how many notes cannot be read."""
    found, unread = [], 0
    for path in sorted(folder.glob(f"*{_ENDING}")):
        note = _read(path)
        if note is None:
            unread += 1
        elif note.done is None or note.done > moment - _MARGIN:
            found.append(note)
    return sorted(found, key=lambda note: note.began), unread


def _read(path: Path) -> Erasure | None:
    try:
        return Erasure.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, ValidationError):
        return None

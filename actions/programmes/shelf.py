"""The programmes as they are at this moment: a new file, or an emergency that opens, needs no
restart.

The folder is looked at, and the records are asked which emergencies are open, every second: an
invitation is answered as soon as it is read. Where either fails, what was known last goes on.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from threading import Lock
from typing import Final, Generic, TypeVar

from actions.programmes.catalogue import load_programmes
from actions.programmes.model import Programme
from core.errors import SettingsFaulty, StoreUnavailable
from core.logs import log

T = TypeVar("T")
_LOG = log(__name__)
_SECONDS: Final = 1.0
_Stamp = tuple[tuple[str, int, int], ...]


class Live(Mapping[str, T], Generic[T]):
    """A mapping that is what a function returns at each look."""

    def __init__(self, look: Callable[[], Mapping[str, T]]) -> None:
        self._look = look

    def __getitem__(self, key: str) -> T:
        return self._look()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._look())

    def __len__(self) -> int:
        return len(self._look())


class Shelf:
    """Reads the programme files again when they change.

    `folder` is that of further files, or empty; `open_keys` says which emergencies are open. Where
    a file is faulty at the start SettingsFaulty is raised, or if `is_patient` the folder waits.
    """

    def __init__(
        self,
        folder: str,
        open_keys: Callable[[], frozenset[str]],
        clock: Callable[[], float] = time.monotonic,
        is_patient: bool = False,
    ) -> None:
        self._folder = folder
        self._open_keys = open_keys
        self._clock = clock
        self._lock = Lock()
        self._stamp = self._stamp_now()
        try:
            self._files = load_programmes(folder)
        except SettingsFaulty as faulty:
            if not is_patient:
                raise
            _LOG.error("programme_files_faulty", faults=faulty.faults)
            self._files = load_programmes()
        self._open: frozenset[str] = frozenset()
        self._current = _as_of_now(self._files, self._open)
        self._looked = -_SECONDS

    def current(self) -> dict[str, Programme]:
        """Every programme by its key; open emergencies come first, and others are closed."""
        if self._clock() - self._looked >= _SECONDS and self._lock.acquire(blocking=False):
            try:
                self._looked = self._clock()
                self._look()
            finally:
                self._lock.release()
        return self._current

    def programmes(self) -> Live[Programme]:
        """The same, always up to date."""
        return Live(self.current)

    def made_of_them(self, make: Callable[[dict[str, Programme]], dict[str, T]]) -> Live[T]:
        """What a function makes of the programmes, made anew only when they have changed."""
        source = self.current()
        made = (source, make(source))

        def look() -> dict[str, T]:
            nonlocal made
            now = self.current()
            if made[0] is not now:
                made = (now, make(now))
            return made[1]

        return Live(look)

    def _look(self) -> None:
        files = self._read_files()
        is_open = self._ask(files)
        if files is not self._files or is_open != self._open:
            self._files, self._open = files, is_open
            self._current = _as_of_now(files, is_open)

    def _read_files(self) -> dict[str, Programme]:
        stamp = self._stamp_now()
        if stamp == self._stamp:
            return self._files
        self._stamp = stamp
        try:
            return load_programmes(self._folder)
        except SettingsFaulty as faulty:
            _LOG.error("programme_files_faulty", faults=faulty.faults)
            return self._files

    def _ask(self, files: dict[str, Programme]) -> frozenset[str]:
        if not any(one.emergency for one in files.values()):
            return frozenset()
        try:
            return self._open_keys()
        except StoreUnavailable:
            return self._open

    def _stamp_now(self) -> _Stamp:
        folder = Path(self._folder) if self._folder else None
        found = sorted(folder.glob("*.toml")) if folder else []
        stats = ((path.name, path.stat()) for path in found if path.exists())
        return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats)


def _as_of_now(programmes: dict[str, Programme], is_open: frozenset[str]) -> dict[str, Programme]:
    def is_first(one: Programme) -> bool:
        return one.emergency is not None and one.key in is_open

    closed = {
        key: one.model_copy(update={"status": "closed"})
        for key, one in programmes.items()
        if one.emergency and key not in is_open
    }
    known = programmes | closed
    return dict(sorted(known.items(), key=lambda item: not is_first(item[1])))

"""A folder where what was accepted waits while Redis refuses: one sealed file each, on the disk.

The worker empties it (worker/spool.py): both must see the same folder.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import orjson

from core.editions import SPOOLED
from core.errors import StoreUnavailable, TokenRefused
from core.privacy import Seal

_CONTEXT: Final = "spool"
_PART: Final = ".part"
_WHOLE: Final = ".sealed"


class Spool:
    """Keeps values in a folder; without one it keeps nothing and says so."""

    def __init__(self, folder: str, seal: Seal) -> None:
        self._folder = Path(folder) if folder else None
        self._seal = seal

    def append(self, value: dict[str, Any]) -> None:
        """Keep a value on the disk before returning. Raises StoreUnavailable where that fails."""
        if self._folder is None:
            raise StoreUnavailable("there is no spool")
        part = self._folder / f"{uuid.uuid4().hex}{_PART}"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with part.open("xb") as file:
                file.write(self._seal.close(SPOOLED.dumps(value), _CONTEXT))
                file.flush()
                os.fsync(file.fileno())
            part.rename(part.with_suffix(_WHOLE))
            _sync(self._folder)
        except OSError as fault:
            raise StoreUnavailable(f"the spool cannot be written: {fault.strerror}") from None

    def waiting(self) -> Iterator[Path]:
        """The files that wait, the oldest first."""
        if self._folder is None or not self._folder.is_dir():
            return
        files = ((path.stat().st_mtime_ns, path) for path in self._folder.glob(f"*{_WHOLE}"))
        yield from (path for _, path in sorted(files))

    def read(self, path: Path) -> dict[str, Any] | None:
        """What a file holds; None where it can never be opened. Raises WrittenLater."""
        try:
            value: dict[str, Any] = SPOOLED.loads(self._seal.open(path.read_bytes(), _CONTEXT))
        except (TokenRefused, orjson.JSONDecodeError):
            return None
        return value


def _sync(folder: Path) -> None:
    """Let the folder itself, and so the new name in it, reach the disk."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)

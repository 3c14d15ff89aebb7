"""The keys that sealed values are wrapped with: one seals, all of them open.

Keys stand one after the other, the one that seals first. Each is known by an id that is made from
it, so that nobody has to name keys. A ring that was read from a file sees within a second that the
file has changed, and at once where a value was sealed with a key it does not know: keys are changed
without stopping anything (`records/keys.py`).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import logging
import os
import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.environment import file_of
from core.errors import SettingsFaulty

_LOG = logging.getLogger(__name__)
ID_LENGTH: Final = 4
_LENGTH: Final = 32
LOOK_SECONDS: Final = 1.0


@dataclass(frozen=True)
class Key:
    """A key of 32 bytes."""

    secret: bytes

    @cached_property
    def id(self) -> bytes:
        """What it is known by, in front of every value that is sealed with it."""
        return hashlib.sha256(b"key id|" + self.secret).digest()[:ID_LENGTH]

    @cached_property
    def cipher(self) -> AESGCM:
        """The cipher with this key."""
        return AESGCM(self.secret)

    @property
    def text(self) -> str:
        """The key as the settings hold it."""
        return base64.urlsafe_b64encode(self.secret).decode()


def new_key() -> Key:
    """A key that nobody else has."""
    return Key(os.urandom(_LENGTH))


def read_keys(text: str, name: str) -> tuple[Key, ...]:
    """The keys of a setting, with spaces or lines between them. Raises SettingsFaulty."""
    keys = tuple(Key(_decode(word)) for word in text.split())
    if not keys or any(len(key.secret) != _LENGTH for key in keys):
        raise SettingsFaulty([f"{name}: 32 bytes in URL-safe base64 are needed"])
    return keys


class KeyRing:
    """Keys by their ids; safe to share between threads."""

    def __init__(self, keys: tuple[Key, ...], file: Path | None = None, name: str = "") -> None:
        self._keys = keys
        self._file = file
        self._name = name
        self._read = self._stamp()
        self._looked = time.monotonic()

    @property
    def keys(self) -> tuple[Key, ...]:
        """All keys, the one that seals first."""
        self._look(LOOK_SECONDS)
        return self._keys

    @property
    def current(self) -> Key:
        """The key that seals."""
        return self.keys[0]

    def find(self, key_id: bytes) -> Key | None:
        """The key of an id, or None where there is none."""
        return self._find(key_id) or (self._find(key_id) if self._look(0.0) else None)

    def _find(self, key_id: bytes) -> Key | None:
        return next((key for key in self._keys if key.id == key_id), None)

    def _look(self, after: float) -> bool:
        """Read the file again where it has changed; True where it had."""
        if self._file is None or time.monotonic() - self._looked < after:
            return False
        self._looked = time.monotonic()
        stamp = self._stamp()
        if stamp in (None, self._read):
            return False
        try:
            self._keys = read_keys(self._file.read_text(encoding="ascii"), self._name)
        except (OSError, ValueError, SettingsFaulty) as fault:
            # Half a file, or none: the keys that are known still hold.
            _LOG.error("keys_unreadable", extra={"fault": type(fault).__name__})
            return False
        self._read = stamp
        _LOG.info("keys_read", extra={"keys": len(self._keys)})
        return True

    def _stamp(self) -> tuple[int, int, int] | None:
        try:
            found = self._file.stat() if self._file else None
        except OSError:
            return None
        return (found.st_mtime_ns, found.st_size, found.st_ino) if found else None


def open_ring(text: str, name: str) -> KeyRing:
    """The ring of a setting; it follows the file that the setting was read from, if one was."""
    return KeyRing(read_keys(text, name), file_of(name), name)


def _decode(word: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(word)
    except (ValueError, binascii.Error):
        return b""

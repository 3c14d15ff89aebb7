"""What shows that a manifest is ours: whoever can write where backups lie cannot make another.

The key is made of the pseudonym key, which never changes, is exported with the vault keys and is
there before anything is restored.
"""

from __future__ import annotations

import hmac
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from core.privacy import read_key
from worker.keeping.manifest import NAME, BackupRefused
from worker.keeping.settings import SigningSettings

SIGNATURE: Final = f"{NAME}.hmac"
_INFO: Final = b"twiza backup manifest 1"


class Signer:
    """Signs manifests, and knows its own signature. Raises SettingsFaulty for what is no key."""

    def __init__(self, settings: SigningSettings) -> None:
        key = read_key(settings.pseudonym_key.get_secret_value(), "TWIZA_PSEUDONYM_KEY")
        self._key = HKDF(SHA256(), length=32, salt=None, info=_INFO).derive(key)

    def sign(self, manifest: bytes) -> bytes:
        """The signature of a manifest, as it stands in its file."""
        return hmac.new(self._key, manifest, "sha256").hexdigest().encode() + b"\n"

    def check(self, folder: Path) -> None:
        """Raise BackupRefused where the manifest of a backup is not as it was signed."""
        try:
            told = (folder / SIGNATURE).read_bytes()
        except FileNotFoundError:
            raise BackupRefused(f"{NAME} is not signed: anybody may have written it") from None
        if not hmac.compare_digest(told, self.sign((folder / NAME).read_bytes())):
            raise BackupRefused(f"{NAME} is not as it was signed, or was signed with another key")

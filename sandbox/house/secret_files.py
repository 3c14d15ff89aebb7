"""The secrets of a house: made once, kept in files that only their owner reads."""

from __future__ import annotations

import base64
import os
import secrets
from pathlib import Path

# 32 bytes as URL-safe base64, as the settings of the stores want them.
NAMES = (
    "vault_key",
    "pseudonym_key",
    "actions_token",
    "registry_client_secret",
    "notify_token",
    "ussd_secret",
    "ussd_password",
    "twilio_auth_token",
    "console_secret",
    "staff_password",
    "smpp_password",
)
# No password of SMPP is longer.
_LENGTHS = {"smpp_password": 8}  # nosec B105


class SecretFiles:
    """The folder of secrets. Whatever is missing is made when it is opened."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name in NAMES:
            if not self.path(name).exists():
                self._make(name)

    def path(self, name: str) -> Path:
        """The file that holds a secret."""
        return self._folder / name

    def read(self, name: str) -> str:
        """A secret itself, for what can't read it from a file."""
        return self.path(name).read_text(encoding="ascii")

    def _make(self, name: str) -> None:
        value = base64.urlsafe_b64encode(secrets.token_bytes(32))
        unfinished = self.path(f".{name}")
        unfinished.unlink(missing_ok=True)
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(value[: _LENGTHS.get(name)])
        unfinished.replace(self.path(name))

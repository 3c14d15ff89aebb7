"""Where the encryption of messages would stand: between writing one and signing it.

The standard has a form for it (a JWE in parts, `is_msg_encrypted` in the header), but nobody has
agreed with us on keys, so the one way there is leaves messages as they are, inside TLS. Whoever
agrees on one writes a class of this Protocol and names it in `choose_encryption`.
"""

from __future__ import annotations

from typing import Any, Protocol

from actions.registry.settings import RegistrySettings
from core.errors import RegistryAnswerUnreadable, SettingsFaulty


class Encryption(Protocol):
    """How the `message` of an envelope is hidden, and its header says so."""

    def close(self, envelope: dict[str, Any]) -> dict[str, Any]:
        """The envelope as it goes out; what is signed is the closed one."""

    def open(self, envelope: Any) -> Any:
        """The envelope as it can be read. Raises RegistryAnswerUnreadable."""


class NoEncryption:
    """Messages go as they are, and one that comes encrypted cannot be read."""

    def close(self, envelope: dict[str, Any]) -> dict[str, Any]:
        """The envelope as it is."""
        return envelope

    def open(self, envelope: Any) -> Any:
        """The envelope as it is. Raises RegistryAnswerUnreadable where it is encrypted."""
        header = envelope.get("header") if isinstance(envelope, dict) else None
        if isinstance(header, dict) and header.get("is_msg_encrypted"):
            raise RegistryAnswerUnreadable("the answer is encrypted")
        return envelope


def choose_encryption(settings: RegistrySettings) -> Encryption:
    """The encryption that the settings ask for. Raises SettingsFaulty for one nobody wrote."""
    if settings.registry_encryption == "off":
        return NoEncryption()
    raise SettingsFaulty(["TWIZA_REGISTRY_ENCRYPTION: only off is known"])

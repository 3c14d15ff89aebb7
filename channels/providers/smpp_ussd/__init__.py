"""USSD over SMPP 3.4: no webhook but one long-lived bind, kept by channels/smpp.py."""

from __future__ import annotations

from channels.port import Provider
from core.errors import SettingsFaulty


def build(name: str) -> Provider:
    """Refuse: nothing calls this provider over HTTP. Raises SettingsFaulty."""
    raise SettingsFaulty([f"TWIZA_CHANNELS: {name} is not a webhook; run python -m channels.smpp"])

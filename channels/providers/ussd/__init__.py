"""USSD gateways: one provider whose dialects are data (see dialects/)."""

from __future__ import annotations

from channels.port import Provider
from channels.providers.ussd.adapter import UssdProvider
from channels.providers.ussd.dialect import load_dialect
from channels.providers.ussd.settings import UssdSettings
from core.environment import read_settings


def build(name: str) -> Provider:
    """The channel `name`, from TWIZA_CHANNEL_<NAME>_*. Raises SettingsFaulty."""
    settings = read_settings(UssdSettings, f"TWIZA_CHANNEL_{name.upper()}_")
    return UssdProvider(settings, load_dialect(settings.dialect))

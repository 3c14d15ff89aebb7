"""USSD gateways: one provider whose dialects are data (see dialects/)."""

from __future__ import annotations

from pathlib import Path

from channels.meters import DIALECTS
from channels.port import Provider
from channels.providers.ussd.adapter import UssdProvider
from channels.providers.ussd.authentication import Guard
from channels.providers.ussd.dialect import load_dialect
from channels.providers.ussd.settings import DialectsSettings, UssdSettings
from core.environment import read_settings


def build(name: str) -> Provider:
    """The channel `name`, from TWIZA_CHANNEL_<NAME>_*. Raises SettingsFaulty."""
    prefix = f"TWIZA_CHANNEL_{name.upper()}_"
    settings = read_settings(UssdSettings, prefix)
    folder = read_settings(DialectsSettings).dialects_folder
    dialect = load_dialect(settings.dialect, Path(folder) if folder else None)
    DIALECTS.learn([dialect.name])
    guard = Guard(settings, dialect.authentication, prefix)
    return UssdProvider(settings.address, dialect, guard)

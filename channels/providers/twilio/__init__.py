"""Twilio: WhatsApp and SMS. The two differ in an address prefix and in what a text may hold."""

from __future__ import annotations

from channels.port import Provider
from channels.providers.twilio.adapter import TwilioProvider
from channels.providers.twilio.settings import TwilioSettings
from core.environment import read_settings


def build(name: str) -> Provider:
    """The channel `name`, from TWIZA_CHANNEL_<NAME>_*. Raises SettingsFaulty."""
    return TwilioProvider(read_settings(TwilioSettings, f"TWIZA_CHANNEL_{name.upper()}_"))

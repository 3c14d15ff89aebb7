"""Settings of the door and of the worker that finishes its turns."""

from __future__ import annotations

from pydantic import Field

from core.environment import Settings, StoreSettings
from core.redis_address import RedisUrl


class NamedChannels(Settings):
    """Which channels there are."""

    channels: str = Field(description="name:provider pairs, comma-separated: ussd:ussd,sms:twilio")

    @property
    def channel_names(self) -> list[str]:
        """The names alone."""
        return [pair.partition(":")[0].strip() for pair in self.channels.split(",")]


class DoorSettings(NamedChannels, StoreSettings):
    """What the door needs beside each channel's own settings (channels/providers/*/settings.py)."""

    door_public_url: str = Field(description="the door's address as providers call it")
    engine_url: str = Field(description="the engine's REST address, inside only")
    broker_url: RedisUrl = Field(description="Redis database of the Celery broker")
    engine_timeout_seconds: float = Field(
        60.0, description="a turn that outlives its hop is followed this long", gt=0
    )
    conversation_life_seconds: int = Field(
        86400, description="how long the door remembers a silent conversation", gt=0
    )
    vault_life_seconds: int = Field(1800, description="how long a sealed value can be opened", gt=0)
    spool_folder: str = Field(
        "",
        description="a folder on the disk for what is accepted while Redis refuses; empty: none",
    )
    longest_message: int = Field(1000, description="characters read of one message", gt=0)
    redial_seconds: float = Field(
        300.0, description="for so long a USSD call that broke off can be continued", ge=0
    )
    closing_seconds: float = Field(
        20.0, description="with less left of its session a USSD call ends politely", ge=0
    )
    turns_at_once: int = Field(
        64, description="turns that run at once in a process; more wait, or are turned away", gt=0
    )
    confirm_seconds: float = Field(
        20.0, description="an answer not confirmed by then is looked for, and sent again", gt=0
    )
    arrivals_per_minute: int = Field(
        60, ge=0, description="messages or hops of one number that are read a minute; 0: all"
    )
    arrivals_per_second: int = Field(
        1000, ge=0, description="messages or hops of one channel that are read a second; 0: all"
    )
    most_pages: int = Field(
        4, description="USSD pages of an answer that is nobody's; the rest goes by SMS", gt=0
    )
    whatsapp_window_hours: float = Field(
        24.0, ge=0, description="how long after a citizen's last message WhatsApp takes free text"
    )

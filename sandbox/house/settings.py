"""Settings of what a new house holds."""

from __future__ import annotations

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from core.environment import Settings


class DemoConversationSettings(Settings):
    """How many conversations a new house has."""

    model_config = SettingsConfigDict(env_prefix="SANDBOX_")

    conversations: int = Field(
        240, ge=0, description="made-up conversations that a new house begins with"
    )


class DemoStaffSettings(Settings):
    """What the demo accounts of staff need beside the stores."""

    model_config = SettingsConfigDict(env_prefix="SANDBOX_")

    demo_staff_password: SecretStr = Field(description="the password of every demo account")

"""Settings of the sandbox phone."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from core.environment import Settings


class PhoneSettings(Settings):
    """Where the phone learns of the channels and of the demo people; prefix `SANDBOX_`."""

    model_config = SettingsConfigDict(env_prefix="SANDBOX_", frozen=True, extra="ignore")

    channels_file: Path = Field(description="JSON file of the channels, as in run.json; read late")
    registry_url: str = Field("", description="Sandbox registry that lists the demo people")

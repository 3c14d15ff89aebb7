"""Settings of the sandbox SMSC."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from core.environment import Settings


class SmscSettings(Settings):
    """Where it listens, who may bind, and how it tells a session; prefix `SANDBOX_SMSC_`."""

    model_config = SettingsConfigDict(env_prefix="SANDBOX_SMSC_", frozen=True, extra="ignore")

    port: int = Field(2775, description="port of its SMPP server, on 127.0.0.1")
    system_id: str = Field("twiza", description="the one who may bind")
    password: SecretStr = Field(description="that one's password")
    style: Literal["default", "mica", "6d"] = Field(
        "default", description="how it tells sessions: default, mica or 6d"
    )
    redelivers: bool = Field(True, description="deliver a hop again whose confirmation was cut off")
    patience_seconds: float = Field(12.0, description="how long a phone waits for its screen")

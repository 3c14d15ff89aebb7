"""Settings of the sandbox registry, from the environment under `SANDBOX_`."""

from __future__ import annotations

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from core.environment import LogSettings


class SandboxRegistrySettings(LogSettings):
    """Where the sandbox registry keeps its people, who may ask it, and where its SMS go."""

    model_config = SettingsConfigDict(env_prefix="SANDBOX_", frozen=True, extra="ignore")

    registry_database_url: str = Field(description="SQLAlchemy URL of its own SQLite database")
    registry_client_id: str = Field(min_length=1, description="The one client it knows")
    registry_client_secret: SecretStr = Field(min_length=8, description="Secret of that client")
    sms_url: str = Field("", description="Where an SMS is delivered by POST; empty: nowhere")
    code_life_seconds: int = Field(300, ge=1, description="How long a one-time code can be used")
    notify_url: str = Field(
        "", description="Where the subscriber is told of changes; empty: nowhere"
    )
    notify_token: SecretStr = Field(
        SecretStr(""), description="Bearer token that the subscriber is shown"
    )
    notify_retry_seconds: float = Field(
        1.0, gt=0, description="First wait before a change is told again; doubled up to a minute"
    )
    codes_per_person: int = Field(5, ge=1, description="Codes sent to a person in 15 minutes")

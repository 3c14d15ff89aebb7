"""Settings of the console."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, SecretStr

from core.environment import StoreSettings
from core.redis_address import RedisUrl


class ConsoleSettings(StoreSettings):
    """What the console needs beside the shared stores."""

    transcripts_url: str = Field(description="SQLAlchemy URL of the transcripts database")
    broker_url: RedisUrl = Field(description="Redis database of the Celery broker")
    console_secret: SecretStr = Field(
        description="signs the cookies of staff, 32 bytes in URL-safe base64", min_length=32
    )
    console_public_url: str = Field(description="the console's address as staff open it")
    console_idle_minutes: int = Field(
        30, gt=0, description="after so long without a click staff sign in again"
    )
    console_session_hours: int = Field(
        10, gt=0, description="after so long staff sign in again in any case"
    )
    console_second_factor: Literal["required", "optional"] = Field(
        "required", description="whether a one-time code is asked of every account"
    )
    console_live_places: int = Field(
        6, ge=0, description="browsers told at once of what is said; the others ask by themselves"
    )
    rights_days: int = Field(
        10,
        gt=0,
        description="days within which a citizen's request for their data is due",
    )
    api_calls_per_minute: int = Field(
        120, gt=0, description="calls of the API that one token may make in a minute"
    )
    webhooks_inside: bool = Field(
        False, description="webhooks may go to plain HTTP and to addresses of inside networks"
    )
    oidc_issuer: str = Field("", description="OpenID Connect issuer; empty: passwords only")
    oidc_client_id: str = Field("", description="our name at the issuer")
    oidc_client_secret: SecretStr = Field(SecretStr(""), description="our secret at the issuer")

    @property
    def has_oidc(self) -> bool:
        """True where staff may sign in with an account elsewhere."""
        return bool(self.oidc_issuer)

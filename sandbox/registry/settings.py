"""Settings of the sandbox registry, from the environment under `SANDBOX_`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from core.environment import LogSettings


class SandboxRegistrySettings(LogSettings):
    """Where the sandbox registry keeps its people, who may ask it, and where its SMS go."""

    model_config = SettingsConfigDict(env_prefix="SANDBOX_", frozen=True, extra="ignore")

    registry_database_url: str = Field(description="SQLAlchemy URL of its own SQLite database")
    registry_client_id: str = Field(min_length=1, description="The one client it knows")
    registry_client_secret: SecretStr = Field(min_length=8, description="Secret of that client")
    base_path: str = Field(
        "",
        pattern=r"^(/[a-zA-Z0-9._-]+)*$",
        description="A path under which everything is served beside the root: /namespace/v1.0.0",
    )
    token_life_seconds: int = Field(600, ge=1, description="How long an access token holds")
    households: int = Field(
        0, ge=0, le=1_000_000, description="Households to make; fewer than 228: the usual ones"
    )
    seed: int = Field(
        5821473, ge=0, le=10**9, description="What is drawn by lot as time goes on is drawn by it"
    )
    later_seconds: float = Field(
        0.0, ge=0, description="How long an asynchronous call waits for its answer"
    )
    faults: str = Field(
        "", description="Faults from the start: kind;operation=…;probability=…, comma-separated"
    )
    signatures: Literal["off", "required"] = Field(
        "off", description="Whether messages must be signed and answers are: off or required"
    )
    encryption: Literal["off", "required"] = Field(
        "off", description="Whether messages must be encrypted: off, or required, which refuses all"
    )
    signing_key: SecretStr = Field(
        SecretStr(""), description="Its Ed25519 key, base64 of 32 bytes; empty: made of the secret"
    )
    client_public_keys: str = Field(
        "", description="The client's Ed25519 keys: key id:base64 of 32 bytes, comma-separated"
    )
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

"""Settings of the actions process."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, SecretStr, field_validator

from actions.registry.settings import SignatureSettings
from core.environment import LogSettings, StoreSettings
from core.redis_address import RedisUrl
from core.staff_hours import read_days, read_hours


class ActionsSettings(StoreSettings):
    """What the actions need beside the registry's own settings (actions/registry/settings.py)."""

    actions_token: SecretStr = Field(description="shared with the engine, sent as X-Twiza-Token")
    broker_url: RedisUrl = Field(description="Redis database of the Celery broker")
    engine_redis_url: RedisUrl = Field(
        "",
        description="Redis database of the engine; empty: an erasure leaves what it keeps a day, "
        "and transcripts name no intents",
    )
    vault_life_seconds: int = Field(1800, description="how long a sealed value can be opened", gt=0)
    transcripts_life_days: int = Field(
        90, ge=1, description="how long after its last word a conversation is kept"
    )
    conversation_life_seconds: int = Field(
        86400, description="how long the door remembers a silent conversation", gt=0
    )
    verification_life_seconds: int = Field(
        300, description="how long a code may be typed, and how long verified lasts", gt=0
    )
    verification_floor_seconds: float = Field(
        0.1,
        description="no answer about an identity nobody proved comes sooner, so time tells nothing",
        ge=0,
    )
    tries_per_number: int = Field(10, description="failed verifications from one number", gt=0)
    tries_per_person: int = Field(10, description="failed verifications of one identifier", gt=0)
    tries_in_all: int = Field(5000, description="failed verifications over all numbers", gt=0)
    tries_window_minutes: int = Field(15, description="over how long tries are counted", gt=0)
    programmes_folder: str = Field(
        "", description="a folder of further programme files; one of the same name replaces ours"
    )
    draft_life_days: int = Field(30, description="how long an unfinished request is kept", gt=0)
    apply_again_hours: float = Field(
        1.0,
        ge=0,
        le=8760,
        description="whoever asks again so soon for what they handed in is told of that; "
        "0: is asked everything again",
    )
    most_files: int = Field(10, description="files taken with one request", gt=0)
    consent_version: str = Field("2026-11-2", description="version of the consent text in force")
    staff_hours: str = Field(
        "mon-fri 09:00-16:00",
        description="when people answer, time of Morocco: days from-until, comma-separated",
    )
    staff_days_off: str = Field(
        "", description="days when nobody answers: YYYY-MM-DD, comma-separated"
    )

    @field_validator("staff_hours")
    @classmethod
    def _are_hours(cls, text: str) -> str:
        read_hours(text)
        return text

    @field_validator("staff_days_off")
    @classmethod
    def _are_days(cls, text: str) -> str:
        read_days(text)
        return text


class IntakeSettings(LogSettings, SignatureSettings):
    """What the registry intake needs (actions/registry/notify.py)."""

    redis_url: RedisUrl = Field(description="Redis that holds sessions, locks and the vault")
    broker_url: RedisUrl = Field(description="Redis database of the Celery broker")
    vault_key: SecretStr = Field(
        description="Keys that seal values, the first seals: 32 bytes each, URL-safe base64"
    )
    notify_token: SecretStr = Field(
        description="the registry shows it, as a bearer token", min_length=16
    )
    notify_signatures: Literal["unsigned", "ed25519"] = Field(
        "unsigned", description="whether what it tells must be signed: unsigned or ed25519"
    )
    notify_fresh_seconds: int = Field(
        300, ge=1, description="how old a message may be; as long it is known that it was heard"
    )

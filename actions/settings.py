"""Settings of the actions process."""

from __future__ import annotations

from pydantic import Field, SecretStr

from core.environment import LogSettings, StoreSettings


class ActionsSettings(StoreSettings):
    """What the actions need beside the registry's own settings (actions/registry/settings.py)."""

    actions_token: SecretStr = Field(description="shared with the engine, sent as X-Twiza-Token")
    broker_url: str = Field(description="Redis database of the Celery broker")
    vault_life_seconds: int = Field(1800, description="how long a sealed value can be opened", gt=0)
    verification_life_seconds: int = Field(
        300, description="how long a code may be typed, and how long verified lasts", gt=0
    )
    verification_floor_seconds: float = Field(
        0.1, description="no answer about an identity comes sooner, so time tells nothing", ge=0
    )
    tries_per_number: int = Field(10, description="failed verifications from one number", gt=0)
    tries_per_person: int = Field(10, description="failed verifications of one identifier", gt=0)
    tries_in_all: int = Field(5000, description="failed verifications over all numbers", gt=0)
    tries_window_minutes: int = Field(15, description="over how long tries are counted", gt=0)
    programmes_folder: str = Field(
        "", description="a folder of further programme files; one of the same name replaces ours"
    )
    draft_life_days: int = Field(30, description="how long an unfinished request is kept", gt=0)
    consent_version: str = Field("2026-11", description="version of the consent text in force")


class IntakeSettings(LogSettings):
    """What the registry intake needs (actions/registry/notify.py)."""

    broker_url: str = Field(description="Redis database of the Celery broker")
    vault_key: SecretStr = Field(description="32 bytes, URL-safe base64: encrypts sealed values")
    notify_token: SecretStr = Field(
        description="the registry shows it, as a bearer token", min_length=16
    )

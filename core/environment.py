"""Settings of a process: typed, frozen, read once, all faults told at once.

Values come from the environment under the prefix `TWIZA_` (the sandbox uses `SANDBOX_`). A secret
may instead be named by `<NAME>_FILE`, the path of a file that holds it. This is the only module
that reads the environment.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, TypeVar

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.errors import SettingsFaulty
from core.redis_address import RedisUrl


class Settings(BaseSettings):
    """The root of every settings class: frozen, strict about unknown types, prefix `TWIZA_`."""

    model_config = SettingsConfigDict(env_prefix="TWIZA_", frozen=True, extra="ignore")


def none_or_longer_than(letters: int) -> AfterValidator:
    """For a secret that need not be given: where it is, it is too long to be guessed."""

    def check(secret: SecretStr) -> SecretStr:
        if 0 < len(secret.get_secret_value()) <= letters:
            raise ValueError(f"is not longer than {letters} characters")
        return secret

    return AfterValidator(check)


class LogSettings(Settings):
    """How loud a process is."""

    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR")


class TracesSettings(Settings):
    """Where spans go."""

    traces_url: str = Field(
        "",
        description="where spans are sent by OTLP over HTTP, such as "
        "http://127.0.0.1:4318/v1/traces; empty: none are made",
    )
    traces_share: float = Field(
        1.0, ge=0, le=1, description="the share of traces that are sent, drawn by their id"
    )


class StoreSettings(LogSettings):
    """Where the shared stores are, and the keys that keep them private."""

    redis_url: RedisUrl = Field(description="Redis that holds sessions, locks and the vault")
    records_url: str = Field(description="SQLAlchemy URL of the records database")
    vault_key: SecretStr = Field(
        description="Keys that seal values, the first seals: 32 bytes each, URL-safe base64"
    )
    pseudonym_key: SecretStr = Field(description="32 bytes, URL-safe base64: keys the pseudonyms")


S = TypeVar("S", bound=Settings)


def file_of(name: str) -> Path | None:
    """The file that a setting (its whole name) is read from, or None where it is given itself."""
    path = os.environ.get(f"{name}_FILE")
    return Path(path) if path else None


def inherited(*names: str) -> dict[str, str]:
    """Those of these variables that this process was started with, for a program it starts."""
    return {name: os.environ[name] for name in names if name in os.environ}


def counting_folder() -> Path | None:
    """The folder in which the processes of one server count together, if they do."""
    path = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    return Path(path) if path else None


def read_settings(settings_class: type[S], prefix: str | None = None, **given: Any) -> S:
    """Read one settings class from the environment, or stop with every fault listed.

    `prefix` replaces the class's own environment prefix (one class may serve many channels).
    `given` overrides single fields. Raises SettingsFaulty.
    """
    used = prefix if prefix is not None else str(settings_class.model_config.get("env_prefix", ""))
    faults: list[str] = []
    for name in settings_class.model_fields:
        path = os.environ.get(f"{used}{name}_FILE".upper())
        if path and name not in given:
            try:
                given[name] = Path(path).read_text(encoding="utf-8").strip()
            except OSError as unread:
                faults.append(f"{used}{name}_FILE".upper() + f": {unread.strerror}")
    try:
        settings = settings_class(**{"_env_prefix": used, **given})
    except ValidationError as refused:
        for fault in refused.errors(include_input=False, include_url=False):
            name = "_".join(str(part) for part in fault["loc"]) or settings_class.__name__
            faults.append(f"{used}{name}".upper() + f": {fault['msg']}")
        raise SettingsFaulty(faults) from None
    if faults:
        raise SettingsFaulty(faults)
    return settings

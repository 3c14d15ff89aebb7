"""Settings of backups, of restoring them, and of the log of erasures."""

from __future__ import annotations

from pydantic import Field, SecretStr

from core.environment import Settings
from records.settings import RecordsSettings
from transcripts.settings import TranscriptsSettings


class ErasureSettings(Settings):
    """Where erasures are noted apart from the records, and how long backups can bring one back."""

    erasures_folder: str = Field(
        "", description="folder apart from the records that notes erasures; empty: none are noted"
    )
    backup_days: int = Field(
        35, ge=1, description="how long backups are kept, and the notes of what was erased"
    )


class KeepingSettings(ErasureSettings, TranscriptsSettings, RecordsSettings):
    """What is backed up, and where to."""

    backup_folder: str = Field("", description="folder that backups are written to")
    backup_recipient: str = Field(
        "", description="public key that backups are sealed to; empty: they are not sealed"
    )
    backup_folders: str = Field(
        "", description="further folders to back up, comma-separated; keys are left out"
    )
    programmes_folder: str = Field(
        "", description="a folder of further programme files; one of the same name replaces ours"
    )
    dialects_folder: str = Field(
        "", description="a folder of further USSD dialect files; one of the same name replaces ours"
    )


class SigningSettings(Settings):
    """The key that the one which signs backups is made of."""

    pseudonym_key: SecretStr = Field(description="32 bytes, URL-safe base64: keys the pseudonyms")


class MakingSettings(SigningSettings, KeepingSettings):
    """What making a backup needs."""


class RestoringSettings(MakingSettings):
    """What restoring needs beside: the keys that what is restored was sealed with."""

    vault_key: SecretStr = Field(
        description="Keys that seal values, the first seals: 32 bytes each, URL-safe base64"
    )

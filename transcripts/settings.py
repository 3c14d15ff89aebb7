"""The settings of the transcripts."""

from __future__ import annotations

from pydantic import Field

from core.environment import Settings


class TranscriptsSettings(Settings):
    """Where the transcripts are, and how long they are kept."""

    transcripts_url: str = Field(description="SQLAlchemy URL of the transcripts database")
    transcripts_life_days: int = Field(
        90, ge=1, description="how long after its last word a conversation is kept"
    )
    silence_hours: float = Field(
        24.0, gt=0, description="after so long a silence a number begins another conversation"
    )

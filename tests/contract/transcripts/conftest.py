"""An empty transcripts database of each kind, and turns to record."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from records.database import Database, open_database
from tests.builders import NOW
from tests.contract.records.conftest import (  # noqa: F401  the servers are the records' own
    HandClock,
    clock,
    empty_url,
    postgres,
)
from transcripts.letters import Letter
from transcripts.migrate import upgrade
from transcripts.retention import Retention
from transcripts.store import Transcripts
from transcripts.turns import RecordedTurn

FATIMA, HASSAN = "a" * 32, "b" * 32


@pytest.fixture
def database(empty_url: str) -> Iterator[Database]:  # noqa: F811
    """The migrated database, open."""
    upgrade(empty_url)
    database = open_database(empty_url)
    yield database
    database.close()


@pytest.fixture
def transcripts(database: Database, clock: HandClock) -> Transcripts:  # noqa: F811
    """The transcripts in it."""
    return Transcripts(database, clock=clock)


@pytest.fixture
def retention(database: Database, clock: HandClock) -> Retention:  # noqa: F811
    """What forgets them."""
    return Retention(database, clock)


def a_turn(key: str, at: datetime = NOW, number_key: str = FATIMA, **given: Any) -> RecordedTurn:
    """A turn on WhatsApp."""
    said: dict[str, Any] = {"said": "salam", "step": "words", "outcome": "answered"}
    return RecordedTurn(
        key=key,
        name=f"whatsapp-{number_key}",
        number_key=number_key,
        kind="whatsapp",
        channel="whatsapp",
        provider="twilio",
        at=at,
        **{**said, **given},
    )


def a_letter(key: str, at: datetime = NOW, number_key: str = FATIMA, **given: Any) -> Letter:
    """A message that went out on WhatsApp."""
    return Letter(
        key=key,
        name=f"whatsapp-{number_key}",
        number_key=number_key,
        kind="whatsapp",
        channel="whatsapp",
        provider="twilio",
        at=at,
        **given,
    )

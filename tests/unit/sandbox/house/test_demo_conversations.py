"""The conversations of a new house: everything there is to see, once, and of nobody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.vault import TOKEN
from locales import compile as compiled
from records.database import Database, open_database
from records.handovers import Handovers
from records.migrate import upgrade
from sandbox.house import demo_conversations
from tests.builders import KEY_TEXT
from transcripts.listing import Filters, Listing
from transcripts.migrate import upgrade as upgrade_transcripts
from transcripts.reading import Reading


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """The empty stores of a house of 90 conversations."""
    compiled.main()
    url = f"sqlite:///{tmp_path}/all.db"
    upgrade(url)
    upgrade_transcripts(url)
    given = {
        "TWIZA_RECORDS_URL": url,
        "TWIZA_TRANSCRIPTS_URL": url,
        "TWIZA_REDIS_URL": "redis://127.0.0.1:1/0",
        "TWIZA_VAULT_KEY": KEY_TEXT,
        "TWIZA_PSEUDONYM_KEY": KEY_TEXT,
        "SANDBOX_CONVERSATIONS": "90",
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    database = open_database(url)
    yield database
    database.close()


def test_a_new_house_has_conversations_of_every_kind_once(house: Database, tmp_path: Path) -> None:
    demo_conversations.main()
    demo_conversations.main()

    listing = Listing(house)
    lines = listing.page(Filters(), size=1000).lines
    assert 90 == len(lines)
    choices = listing.choices()
    assert ["sms", "ussd", "whatsapp"] == choices["channel"]
    assert ["ar", "ary", "fr", "zgh"] == choices["language"]
    for filters in (
        Filters(has_fallback=True),
        Filters(has_error=True),
        Filters(is_undelivered=True),
        Filters(is_unsure=True),
        Filters(programme="asd"),
    ):
        assert listing.page(filters).lines, filters
    assert Handovers(house).waiting(5)
    house.close()
    assert b"2126999" not in (tmp_path / "all.db").read_bytes()


def test_what_identifies_is_a_token_and_screens_are_whole(house: Database) -> None:
    demo_conversations.main()

    reading = Reading(house)
    sealed, screens = 0, 0
    for line in Listing(house).page(Filters(), size=1000).lines:
        for message in reading.messages(line.row.id)[0]:
            said = getattr(message, "said", "")
            sealed += TOKEN.fullmatch(said) is not None
            for screen in getattr(message, "screens", []):
                screens += 1
                assert screen
                assert "{" not in screen

    assert sealed > 50
    assert screens > 200

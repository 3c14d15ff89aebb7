"""The handbook leads to every page, and what the code writes of it is what the code says."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.environment import Settings
from handbook.navigation import read_navigation
from handbook.pages import stale
from handbook.readers import readers
from handbook.settings_classes import all_settings, prefix_of
from sandbox.house.layout import Layout
from sandbox.house.processes import process_table
from sandbox.house.secret_files import SecretFiles
from tests.house.repository import ROOT

# Read without a settings class, or given only where somebody asks for it.
NOT_STARTED = {"smpp", "sandbox SMSC"}


def pages(pattern: str) -> set[str]:
    """The documents that an entry of the navigation leads to."""
    return {path.relative_to(ROOT).as_posix() for path in ROOT.glob(f"{pattern}.md")}


def led_to() -> list[str]:
    """Every document that the navigation leads to, as often as it does."""
    below = [
        page for entries in read_navigation().values() for one in entries for page in pages(one)
    ]
    return ["docs/index.md", *below]


def process_of(reader: str) -> str:
    """The name in the table of processes."""
    return {"migrations": "records", "migrations of transcripts": "transcripts"}.get(
        reader, reader.removeprefix("sandbox ")
    )


def test_no_document_is_missing_from_the_navigation_and_none_stands_twice() -> None:
    documents = {path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md")}

    led = led_to()

    assert set() == documents - set(led)
    assert len(set(led)) == len(led)


def test_whoever_leads_to_pages_is_led_to() -> None:
    assert set() == {f"{page}.md" for page in read_navigation()} - set(led_to())


def test_what_the_code_writes_is_not_stale() -> None:
    """Where this fails: bin/docs --write."""
    assert [] == stale()


@pytest.mark.parametrize("settings", all_settings(), ids=lambda settings: settings.__name__)
def test_whoever_is_said_to_read_a_setting_is_given_it(
    settings: type[Settings], tmp_path: Path
) -> None:
    table = process_table(Layout(tmp_path, 30000), SecretFiles(tmp_path / "secrets"))
    given = {
        one.name: {*one.settings, *(name.removesuffix("_FILE") for name in one.settings)}
        for one in table
    }
    named = {process_of(reader) for reader in readers().get(settings.__name__, ())} & set(given)
    required = {
        f"{prefix_of(settings, 'USSD' if 'Ussd' in settings.__name__ else 'SMS')}{name}".upper()
        for name, field in settings.model_fields.items()
        if field.is_required()
    }

    assert {} == {name: required - given[name] for name in named if required - given[name]}


def test_every_process_of_a_house_is_known_to_read_something(tmp_path: Path) -> None:
    table = process_table(Layout(tmp_path, 30000), SecretFiles(tmp_path / "secrets"))
    reading = {process_of(reader) for known in readers().values() for reader in known}

    # Rasa, Celery's beat, and what prepares a house have no settings classes of their own.
    others = {"engine", "beat", "catalogs", "model", "templates", "redis"}
    assert {one.name for one in table} - others <= reading

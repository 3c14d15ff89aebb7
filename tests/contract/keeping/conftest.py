"""Databases with somebody in them on each kind, and the commands that back up and restore them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from records.migrate import upgrade
from tests.builders import KEY_TEXT
from tests.contract.keeping.kept_house import KeptHouse
from tests.contract.records.conftest import postgres  # noqa: F401
from tests.servers.postgres_server import PostgresServer, needs_postgres
from transcripts.migrate import upgrade as upgrade_transcripts


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes]:
    """The files of empty records and transcripts."""
    folder: Path = tmp_path_factory.mktemp("migrated")
    upgrade(f"sqlite:///{folder}/records")
    upgrade_transcripts(f"sqlite:///{folder}/transcripts")
    return (folder / "records").read_bytes(), (folder / "transcripts").read_bytes()


@pytest.fixture
def in_files(
    migrated: tuple[bytes, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> KeptHouse:
    """A house with a citizen in two files, whose settings the commands read."""
    house = _house(lambda name: f"sqlite:///{tmp_path}/{name}", tmp_path, monkeypatch)
    for name, content in zip(("records", "transcripts"), migrated, strict=True):
        (tmp_path / "house-0" / name).write_bytes(content)
    house.settle_in()
    return house


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=needs_postgres)])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> KeptHouse:
    """The same on each kind; in PostgreSQL one database holds both."""
    if request.param == "sqlite":
        in_files: KeptHouse = request.getfixturevalue("in_files")
        return in_files
    server: PostgresServer = request.getfixturevalue("postgres")
    made: dict[str, str] = {}

    def new_url(name: str) -> str:
        place = name.partition("/")[0]
        if place not in made:
            made[place] = server.separate_database()
        return made[place]

    house = _house(new_url, tmp_path, request.getfixturevalue("monkeypatch"))
    house.settle_in()
    return house


def _house(
    new_url: Callable[[str], str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> KeptHouse:
    for name in ("VAULT_KEY", "PSEUDONYM_KEY"):
        monkeypatch.setenv(f"TWIZA_{name}", KEY_TEXT)
    monkeypatch.setenv("TWIZA_BACKUP_FOLDER", str(folder / "backups"))
    monkeypatch.setenv("TWIZA_ERASURES_FOLDER", str(folder / "erasures"))
    return KeptHouse(new_url, folder, monkeypatch)

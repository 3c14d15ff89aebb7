"""What a house tells about itself can be used by whoever reads it."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from sandbox.house.layout import Layout
from sandbox.house.processes import child_environment, process_table
from sandbox.house.run_file import channels, write_json
from sandbox.house.secret_files import SecretFiles

DIALECTS = Path(__file__).parents[4] / "channels" / "providers" / "ussd" / "dialects"


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    """A house at port 18000."""
    return Layout(tmp_path, 18000)


@pytest.fixture
def secrets(tmp_path: Path) -> SecretFiles:
    """Its secrets."""
    return SecretFiles(tmp_path / "secrets")


def test_every_channel_says_where_and_how_it_is_reached(
    layout: Layout, secrets: SecretFiles
) -> None:
    described = channels(layout, secrets)

    dialects = [channel["dialect"] for channel in described.values() if channel["dialect"]]
    known = sorted(path.stem for path in DIALECTS.glob("*.toml"))
    assert ["ussd", "whatsapp", "sms"] == list(described)[:3]
    assert "africastalking" == dialects[0]
    assert known == sorted(dialects)
    for name, channel in described.items():
        assert channel["messages_url"].startswith(f"http://127.0.0.1:18000/channels/{name}/messag")
        assert channel["reports_url"].startswith(f"http://127.0.0.1:18000/channels/{name}/reports")
        assert {"kind", "provider", "dialect", "address", "secret"} <= channel.keys()


def test_the_file_is_whole_and_private(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    path.write_text("{", encoding="utf-8")

    write_json(path, {"name": "أمينة"})

    assert {"name": "أمينة"} == json.loads(path.read_text(encoding="utf-8"))
    assert 0o600 == stat.S_IMODE(path.stat().st_mode)


def test_no_secret_of_ours_is_in_the_environment_of_a_process_that_can_read_a_file(
    layout: Layout, secrets: SecretFiles
) -> None:
    values = {secrets.read(path.name) for path in (layout.data / "secrets").iterdir()}
    table = process_table(layout, secrets)

    told = [row.name for row in table if values & set(row.settings.values())]

    assert [] == told


def test_everything_that_must_be_ready_first_is_in_the_table(
    layout: Layout, secrets: SecretFiles
) -> None:
    table = process_table(layout, secrets)
    names = {row.name for row in table}

    assert [] == [row.name for row in table if not set(row.after) <= names]


def test_children_compile_what_they_import_and_use_no_proxy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    env = child_environment({"TWIZA_LOG_LEVEL": "DEBUG"})

    assert "PYTHONDONTWRITEBYTECODE" not in env
    assert "127.0.0.1,localhost" == env["no_proxy"]
    assert "DEBUG" == env["TWIZA_LOG_LEVEL"]

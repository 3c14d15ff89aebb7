"""Settings are read once, and all that is wrong with them is said at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from core.environment import LogSettings, Settings, StoreSettings, read_settings
from core.errors import SettingsFaulty


class DoorSettings(Settings):
    """Settings as a process declares them."""

    address: str
    port: int
    secret: SecretStr


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment with all that DoorSettings needs."""
    for name in ("ADDRESS", "PORT", "SECRET"):
        monkeypatch.delenv(f"TWIZA_{name}_FILE", raising=False)
    monkeypatch.setenv("TWIZA_ADDRESS", "*555#")
    monkeypatch.setenv("TWIZA_PORT", "8000")
    monkeypatch.setenv("TWIZA_SECRET", "s3cret")
    return monkeypatch


def test_settings_come_typed_from_the_environment(environment: pytest.MonkeyPatch) -> None:
    settings = read_settings(DoorSettings)

    assert ("*555#", 8000) == (settings.address, settings.port)
    assert "s3cret" == settings.secret.get_secret_value()


def test_settings_do_not_change_afterwards(environment: pytest.MonkeyPatch) -> None:
    settings = read_settings(DoorSettings)

    with pytest.raises(ValidationError):
        settings.port = 9000  # type: ignore[misc]


def test_a_secret_does_not_show_itself(environment: pytest.MonkeyPatch) -> None:
    assert "s3cret" not in repr(read_settings(DoorSettings))


def test_a_secret_may_lie_in_a_file(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("from a file\n", encoding="utf-8")
    environment.delenv("TWIZA_SECRET")
    environment.setenv("TWIZA_SECRET_FILE", str(file))

    assert "from a file" == read_settings(DoorSettings).secret.get_secret_value()


def test_one_class_serves_many_prefixes(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("of this channel", encoding="utf-8")
    environment.setenv("TWIZA_CHANNEL_USSD_ADDRESS", "*777#")
    environment.setenv("TWIZA_CHANNEL_USSD_PORT", "1")
    environment.setenv("TWIZA_CHANNEL_USSD_SECRET_FILE", str(file))
    settings = read_settings(DoorSettings, "TWIZA_CHANNEL_USSD_")

    assert ("*777#", 1) == (settings.address, settings.port)
    assert "of this channel" == settings.secret.get_secret_value()


def test_a_given_value_goes_before_the_environment(environment: pytest.MonkeyPatch) -> None:
    assert 9000 == read_settings(DoorSettings, port=9000).port


def test_all_faults_are_told_at_once_without_their_values(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    environment.delenv("TWIZA_ADDRESS")
    environment.setenv("TWIZA_PORT", "not-a-port")
    environment.delenv("TWIZA_SECRET")
    environment.setenv("TWIZA_SECRET_FILE", str(tmp_path / "absent"))
    with pytest.raises(SettingsFaulty) as refused:
        read_settings(DoorSettings)
    told = {fault.split(":")[0] for fault in refused.value.faults}

    assert {"TWIZA_ADDRESS", "TWIZA_PORT", "TWIZA_SECRET_FILE"} <= told
    assert "not-a-port" not in str(refused.value)
    assert all(fault in str(refused.value) for fault in refused.value.faults)


def test_a_secret_file_that_cannot_be_read_stops_the_process(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    environment.setenv("TWIZA_SECRET_FILE", str(tmp_path / "absent"))

    with pytest.raises(SettingsFaulty, match="TWIZA_SECRET_FILE"):
        read_settings(DoorSettings)


def test_a_process_without_keys_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("REDIS_URL", "RECORDS_URL", "VAULT_KEY", "PSEUDONYM_KEY"):
        monkeypatch.delenv(f"TWIZA_{name}", raising=False)
        monkeypatch.delenv(f"TWIZA_{name}_FILE", raising=False)
    with pytest.raises(SettingsFaulty) as refused:
        read_settings(StoreSettings)

    assert 4 == len(refused.value.faults)


def test_every_setting_says_what_it_is() -> None:
    fields = {**StoreSettings.model_fields, **LogSettings.model_fields}

    assert [] == [name for name, field in fields.items() if not field.description]

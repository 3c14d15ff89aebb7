"""A sender's settings: two tokens at most, and none that is too short to be one."""

from __future__ import annotations

from typing import Any

import pytest

from channels.directory import open_channels
from channels.providers.twilio.settings import TwilioSettings
from core.environment import read_settings
from core.errors import SettingsFaulty

GIVEN = {"kind": "sms", "address": "+212520000002", "account_sid": "AC" + "1" * 32}
TOKEN = "an-auth-token-for-tests"


def read(monkeypatch: pytest.MonkeyPatch, **changes: Any) -> TwilioSettings:
    """The settings of the channel `sms`."""
    for name, value in (GIVEN | {"auth_token": TOKEN} | changes).items():
        if value is not None:
            monkeypatch.setenv(f"TWIZA_CHANNEL_SMS_{name.upper()}", value)
    return read_settings(TwilioSettings, "TWIZA_CHANNEL_SMS_")


def test_one_token_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not read(monkeypatch).previous_auth_token.get_secret_value()


def test_the_token_before_may_be_given_too(monkeypatch: pytest.MonkeyPatch) -> None:
    before = read(monkeypatch, previous_auth_token=TOKEN + "-before").previous_auth_token

    assert TOKEN + "-before" == before.get_secret_value()


@pytest.mark.parametrize("name", ["auth_token", "previous_auth_token"])
def test_a_token_that_is_too_short_stops_the_process(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    with pytest.raises(SettingsFaulty, match=name.upper()):
        read(monkeypatch, **{name: "short"})


def test_without_a_token_the_process_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsFaulty, match="AUTH_TOKEN"):
        read(monkeypatch, auth_token=None)
    with pytest.raises(SettingsFaulty, match="AUTH_TOKEN"):
        open_channels("sms:twilio")

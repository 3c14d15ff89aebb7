"""Over HTTP: what a provider sends is answered as a turn, and every fault has its status."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
import redis
from flask.testing import FlaskClient
from twilio.request_validator import RequestValidator

from channels.app import create_app
from channels.settings import DoorSettings
from core.environment import read_settings
from core.errors import SettingsFaulty
from core.messages import Expects
from tests.builders import KEY_TEXT, NUMBER
from tests.redis_server import RedisServer
from tests.unit.channels.scripted_engine import ScriptedEngine, says

PUBLIC = "https://door.example"
SECRET = "a-secret-of-the-gateway"
TOKEN = "an-auth-token-for-tests"
USSD = {
    "sessionId": "s1",
    "serviceCode": "*555#",
    "phoneNumber": NUMBER,
    "networkCode": "60401",
    "text": "",
}
SMS = {"MessageSid": "SM1", "From": NUMBER, "To": "+212520000002", "Body": "salam"}


@pytest.fixture
def environment(
    monkeypatch: pytest.MonkeyPatch,
    redis_server: RedisServer,
    records_url: str,
    engine: ScriptedEngine,
) -> pytest.MonkeyPatch:
    """The environment of a door with a USSD and an SMS channel."""
    given = {
        "REDIS_URL": redis_server.url,
        "BROKER_URL": redis_server.url.removesuffix("/0") + "/1",
        "RECORDS_URL": records_url,
        "VAULT_KEY": KEY_TEXT,
        "PSEUDONYM_KEY": KEY_TEXT,
        "ENGINE_URL": engine.url,
        "DOOR_PUBLIC_URL": PUBLIC,
        "CHANNELS": "ussd:ussd,sms:twilio",
        "CHANNEL_USSD_DIALECT": "africastalking",
        "CHANNEL_USSD_ADDRESS": "*555#",
        "CHANNEL_USSD_SECRET": SECRET,
        "CHANNEL_SMS_KIND": "sms",
        "CHANNEL_SMS_ADDRESS": "+212520000002",
        "CHANNEL_SMS_ACCOUNT_SID": "AC" + "1" * 32,
        "CHANNEL_SMS_AUTH_TOKEN": TOKEN,
    }
    for name, value in given.items():
        monkeypatch.setenv(f"TWIZA_{name}", value)
    return monkeypatch


@pytest.fixture
def door(environment: pytest.MonkeyPatch, store: redis.Redis, words: None) -> FlaskClient:
    """The door, called by a test."""
    return create_app(read_settings(DoorSettings)).test_client()


def ussd(
    door: FlaskClient, query: str = f"?secret={SECRET}", without: str = "", **changes: str
) -> Any:
    form = {name: value for name, value in (USSD | changes).items() if name != without}
    return door.post(f"/channels/ussd/messages{query}", data=form)


def sms(door: FlaskClient, signature: str | None = None, **changes: str) -> Any:
    form = SMS | changes
    url = f"{PUBLIC}/channels/sms/messages"
    signed = RequestValidator(TOKEN).compute_signature(url, form)
    headers = {"X-Twilio-Signature": signed if signature is None else signature}
    return door.post("/channels/sms/messages", data=form, headers=headers)


def test_a_door_is_healthy_without_asking_anybody(door: FlaskClient) -> None:
    assert {"status": "ok"} == door.get("/health").json


def test_what_goes_on_is_counted_and_tells_of_nobody(door: FlaskClient) -> None:
    ussd(door)
    counted = door.get("/metrics")

    assert counted.content_type.startswith("text/plain")
    assert 'twiza_door_hops_total{kind="ussd",outcome="answered"}' in counted.text
    assert "twiza_door_turns_waiting 0.0" in counted.text
    assert NUMBER.removeprefix("+") not in counted.text


def test_a_hop_is_answered_in_the_words_of_the_gateway(
    door: FlaskClient, engine: ScriptedEngine
) -> None:
    engine.script += [says("Menu", expects=Expects.TEXT, root=True), says("Adieu", ends=True)]
    opened, ended = ussd(door), ussd(door, text="merci")

    assert (200, "CON Menu") == (opened.status_code, opened.text)
    assert "END Adieu" == ended.text
    assert opened.content_type.startswith("text/plain")


def test_a_message_is_answered_in_twiml(door: FlaskClient, engine: ScriptedEngine) -> None:
    engine.script += [says("A & B <c>")]
    answered = sms(door)

    assert 200 == answered.status_code
    assert "A &amp; B &lt;c&gt;</Message></Response>" in answered.text
    assert answered.content_type.startswith("text/xml")


def test_a_field_nobody_knows_is_signed_and_let_by(
    door: FlaskClient, engine: ScriptedEngine
) -> None:
    assert 200 == sms(door, ProfileName="فاطمة", SomethingNew="x" * 5000).status_code
    assert ["salam"] == engine.texts


@pytest.mark.parametrize("query", ["", "?secret=", "?secret=guess", f"?secret={SECRET}x"])
def test_a_hop_without_the_secret_is_refused(
    door: FlaskClient, engine: ScriptedEngine, query: str
) -> None:
    refused = ussd(door, query)

    assert 403 == refused.status_code
    assert refused.content_type.startswith("text/plain")
    assert [] == engine.told


@pytest.mark.parametrize("signature", ["", "AAAAAAAAAAAAAAAAAAAAAAAAAAA=", "não"])
def test_a_message_without_a_right_signature_is_refused(
    door: FlaskClient, engine: ScriptedEngine, signature: str
) -> None:
    assert 403 == sms(door, signature.encode().decode("latin-1")).status_code
    assert [] == engine.told


@pytest.mark.parametrize("field", ["sessionId", "serviceCode", "phoneNumber", "text"])
def test_a_missing_field_is_named_in_plain_text(door: FlaskClient, field: str) -> None:
    refused = ussd(door, without=field)

    assert (400, f"missing: {field}") == (refused.status_code, refused.text)
    assert refused.content_type.startswith("text/plain")


def test_an_unknown_channel_or_service_code_is_not_found(door: FlaskClient) -> None:
    assert 404 == door.post("/channels/telegram/messages", data={}).status_code
    assert 404 == door.post("/channels/telegram/reports", data={}).status_code
    assert 404 == ussd(door, serviceCode="*999#").status_code


def test_a_refusal_repeats_no_number(door: FlaskClient) -> None:
    refused = [ussd(door, phoneNumber="0612345678999"), ussd(door, sessionId="")]

    assert [400, 400] == [one.status_code for one in refused]
    assert not any("0612" in one.text for one in refused)


def test_a_body_without_end_is_refused(door: FlaskClient) -> None:
    assert 413 == ussd(door, text="1" * 300_000).status_code


def test_a_store_that_is_down_is_told_to_the_provider_of_a_chat_alone(
    environment: pytest.MonkeyPatch, words: None
) -> None:
    environment.setenv("TWIZA_REDIS_URL", "redis://127.0.0.1:1/0")
    door = create_app(read_settings(DoorSettings)).test_client()
    told = ussd(door)

    assert 503 == sms(door).status_code
    assert 200 == told.status_code
    assert told.text.startswith("END ")


def test_over_http_too_a_hop_is_answered_in_time_where_redis_stalls(
    environment: pytest.MonkeyPatch, words: None, tmp_path: Path
) -> None:
    with RedisServer(tmp_path) as server:
        environment.setenv("TWIZA_REDIS_URL", server.url)
        environment.setenv("TWIZA_BROKER_URL", server.url)
        door = create_app(read_settings(DoorSettings)).test_client()
        ussd(door)
        server.stall()
        began = time.monotonic()
        told = ussd(door, text="1")
        spent = time.monotonic() - began
        server.go_on()

    assert told.text.startswith("END ")
    # What the gateway waits, and room for a busy machine.
    assert spent < 5.0


def test_a_report_is_taken_where_it_is_signed(door: FlaskClient) -> None:
    form = {"MessageSid": "SM1", "MessageStatus": "delivered"}
    url = f"{PUBLIC}/channels/sms/reports"
    signed = {"X-Twilio-Signature": RequestValidator(TOKEN).compute_signature(url, form)}

    assert 204 == door.post("/channels/sms/reports", data=form, headers=signed).status_code
    assert 403 == door.post("/channels/sms/reports", data=form).status_code
    assert 204 == door.post(f"/channels/ussd/reports?secret={SECRET}", data={}).status_code
    assert 403 == door.post("/channels/ussd/reports", data={}).status_code


def test_a_notice_that_a_session_is_over_is_an_abort_wherever_it_comes(
    door: FlaskClient, store: redis.Redis
) -> None:
    ussd(door)
    notice = {
        "sessionId": "s-over",
        "serviceCode": "*555#",
        "phoneNumber": NUMBER,
        "networkCode": "60401",
        "status": "Incomplete",
        "durationInMillis": "41000",
    }
    ussd(door, sessionId="s-over")
    before = stored_memory(store)
    answer = door.post(f"/channels/ussd/reports?secret={SECRET}", data=notice)
    after = stored_memory(store)
    unknown = door.post(f"/channels/ussd/reports?secret={SECRET}", data={"status": "Billed"})

    assert (204, b"") == (answer.status_code, answer.data)
    # It is saved when the call was left, from which a redial counts.
    assert before != after
    assert 204 == unknown.status_code
    assert after == stored_memory(store)


def stored_memory(store: redis.Redis) -> list[object]:
    """What the door remembers, sealed."""
    return [store.get(key) for key in sorted(store.scan_iter("door:*"))]


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("CHANNEL_USSD_SECRET", "", "TWIZA_CHANNEL_USSD_SECRET"),
        ("CHANNEL_USSD_SECRET", "short", "TWIZA_CHANNEL_USSD_SECRET"),
        ("CHANNEL_SMS_AUTH_TOKEN", "", "TWIZA_CHANNEL_SMS_AUTH_TOKEN"),
        ("CHANNEL_USSD_DIALECT", "morse", "morse"),
        ("CHANNEL_USSD_DIALECT", "../africastalking", "dialect"),
        ("CHANNELS", "", "no channel"),
        ("CHANNELS", "ussd", "ussd"),
        ("CHANNELS", "x:smoke_signals", "smoke_signals"),
        ("CHANNELS", "x:../ussd", "name:provider"),
        ("VAULT_KEY", "c2hvcnQ=", "TWIZA_VAULT_KEY"),
        ("PSEUDONYM_KEY", "", "TWIZA_PSEUDONYM_KEY"),
    ],
)
def test_a_door_does_not_start_with_a_fault_in_its_settings(
    environment: pytest.MonkeyPatch, words: None, name: str, value: str, fault: str
) -> None:
    environment.setenv(f"TWIZA_{name}", value)

    with pytest.raises(SettingsFaulty, match=fault):
        create_app()


def test_all_faults_of_all_channels_are_told_at_once(environment: pytest.MonkeyPatch) -> None:
    environment.delenv("TWIZA_CHANNEL_USSD_SECRET")
    environment.delenv("TWIZA_CHANNEL_SMS_AUTH_TOKEN")

    with pytest.raises(SettingsFaulty) as faulty:
        create_app()

    assert ["TWIZA_CHANNEL_USSD_SECRET", "TWIZA_CHANNEL_SMS_AUTH_TOKEN"] == [
        fault.split(":")[0] for fault in faulty.value.faults
    ]

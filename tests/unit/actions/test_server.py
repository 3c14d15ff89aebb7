"""The engine alone may have actions run, and a failing one is told without a word of a person."""

from __future__ import annotations

import http.client
import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
import yaml
from flask.testing import FlaskClient

from actions.server import all_actions, create_app
from core.errors import SettingsFaulty
from tests.builders import KEY_TEXT, NUMBER
from tests.redis_server import RedisServer
from tests.unit.actions.world import KHADIJA, Engine, World

ROOT = Path(__file__).parents[3]
TOKEN = "a-token-for-tests"


@pytest.fixture
def environment(
    monkeypatch: pytest.MonkeyPatch, redis_server: RedisServer, records_url: str
) -> pytest.MonkeyPatch:
    """The environment of the actions process."""
    given = {
        "REDIS_URL": redis_server.url,
        "RECORDS_URL": records_url,
        "VAULT_KEY": KEY_TEXT,
        "PSEUDONYM_KEY": KEY_TEXT,
        "ACTIONS_TOKEN": TOKEN,
        "BROKER_URL": redis_server.url.removesuffix("/0") + "/1",
        "REGISTRY_URL": "http://127.0.0.1:1",
        "REGISTRY_CLIENT_ID": "twiza",
        "REGISTRY_CLIENT_SECRET": "a-secret-of-the-registry",
        "VERIFICATION_FLOOR_SECONDS": "0",
    }
    for name, value in given.items():
        monkeypatch.setenv(f"TWIZA_{name}", value)
    return monkeypatch


@pytest.fixture
def server(environment: pytest.MonkeyPatch, store: redis.Redis) -> FlaskClient:
    """The process, called by a test."""
    return create_app().test_client()


@pytest.fixture
def engine(store: redis.Redis, records_url: str) -> Iterator[Engine]:
    """A conversation whose actions are called over the webhook."""
    world = World(store, records_url)
    engine = Engine(world)
    engine.slots |= {"language": "fr", "consent": True}
    engine.hear("inform")
    yield engine
    world.close()


def post(server: FlaskClient, call: Any, token: str | None = TOKEN) -> Any:
    headers = {} if token is None else {"X-Twiza-Token": token}
    return server.post("/webhook", json=call, headers=headers)


def test_every_action_of_the_domain_is_served_and_no_other(
    store: redis.Redis, records_url: str
) -> None:
    files = (ROOT / "bot/domain").glob("*.yml")
    domains = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in files]
    named = [name for domain in domains for name in domain.get("actions", [])]
    world = World(store, records_url)
    served = [action.name() for action in all_actions(world.services)]
    world.close()

    assert sorted(named) == sorted(served)


def test_the_process_is_healthy_without_asking_anybody(server: FlaskClient) -> None:
    assert {"status": "ok"} == server.get("/health").json


@pytest.mark.parametrize("token", [None, "", "guess", TOKEN + "x", "é"])
def test_nothing_is_run_without_the_token(
    server: FlaskClient, engine: Engine, token: str | None
) -> None:
    latin = token if token is None else token.encode().decode("latin-1")

    assert 403 == post(server, engine.call("action_home"), latin).status_code


def test_an_action_is_run_and_answered_as_the_engine_reads_it(
    server: FlaskClient, engine: Engine
) -> None:
    answered = post(server, engine.call("action_home"))

    assert 200 == answered.status_code
    assert ["utter_menu"] == [said["response"] for said in answered.json["responses"]]
    assert {"event", "name", "timestamp"} == answered.json["events"][0].keys()


def test_an_action_nobody_serves_is_not_found(server: FlaskClient, engine: Engine) -> None:
    answered = post(server, engine.call("action_nothing"))

    assert (404, "action_nothing") == (answered.status_code, answered.json["action_name"])


def test_a_registry_that_is_down_is_an_answer(server: FlaskClient, engine: Engine) -> None:
    for name, value in (("idcs", KHADIJA), ("birth_date", "3/2/1980")):
        engine.set_slot(name, engine.seal(value, name))
    answered = post(server, engine.call("validate_identity_form"))
    slots = {event["name"]: event["value"] for event in answered.json["events"]}

    assert 200 == answered.status_code
    assert "unavailable" == slots["outcome"]


@pytest.mark.parametrize("broken", ["redis", "records"])
def test_an_action_that_fails_is_told_as_failed_and_logs_nothing_of_a_person(
    environment: pytest.MonkeyPatch,
    engine: Engine,
    capsys: pytest.CaptureFixture[str],
    broken: str,
) -> None:
    url = {"redis": "redis://127.0.0.1:1/0", "records": "sqlite:////nowhere/records.db"}[broken]
    environment.setenv(f"TWIZA_{broken.upper()}_URL", url)
    server = create_app().test_client()
    call = engine.call("action_open")
    call["tracker"]["latest_message"]["text"] = f"{KHADIJA} né le 3/2/1980, {NUMBER}"
    answered = post(server, call)
    # Hours and names of traces hold any four digits now and then.
    logged = re.sub(r'"(?:timestamp|trace_id)": "[^"]*"', "", capsys.readouterr().out)

    assert 500 == answered.status_code
    assert {"error": "the action failed", "action_name": "action_open"} == answered.json
    assert '"action_failed"' in logged and "Traceback" in logged
    for secret in (KHADIJA, "1980", NUMBER[4:]):
        assert secret not in logged
        assert secret not in answered.text


def test_an_action_that_breaks_in_a_way_nobody_foresaw_is_told_as_failed_too(
    environment: pytest.MonkeyPatch, engine: Engine, tmp_path: Path
) -> None:
    """By gunicorn, whose log is masked as ours is."""
    address = tmp_path / "actions"
    command = [sys.executable, "-m", "gunicorn", "actions.server:create_app()"]
    command += ["--bind", f"unix:{address}", "--worker-class", "gthread", "--no-control-socket"]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    until = time.monotonic() + 60
    while not address.exists():
        assert server.poll() is None and time.monotonic() < until
        time.sleep(0.05)
    call = engine.call("action_home")
    call["tracker"]["sender_id"] = f"{KHADIJA}-of nobody"
    content = json.dumps(call).encode()
    head = f"POST /webhook HTTP/1.1\r\nX-Twiza-Token: {TOKEN}\r\nContent-Length: {len(content)}"
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(60)
        connection.connect(str(address))
        connection.sendall(f"{head}\r\nHost: actions\r\n\r\n".encode() + content)
        answered = http.client.HTTPResponse(connection)
        answered.begin()
        told = answered.read()
    server.terminate()
    logged, _ = server.communicate(timeout=60)

    assert 500 == answered.status
    assert b"Traceback" in logged
    assert KHADIJA.encode() not in logged
    assert KHADIJA.encode() not in told


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("ACTIONS_TOKEN", None, "TWIZA_ACTIONS_TOKEN"),
        ("VAULT_KEY", "c2hvcnQ=", "TWIZA_VAULT_KEY"),
        ("REGISTRY_CLIENT_SECRET", None, "TWIZA_REGISTRY_CLIENT_SECRET"),
        ("RECORDS_URL", "nowhere", "TWIZA_RECORDS_URL"),
    ],
)
def test_the_process_does_not_start_with_a_fault_in_its_settings(
    environment: pytest.MonkeyPatch, name: str, value: str | None, fault: str
) -> None:
    if value is None:
        environment.delenv(f"TWIZA_{name}")
    else:
        environment.setenv(f"TWIZA_{name}", value)

    with pytest.raises(SettingsFaulty, match=fault):
        create_app()


def test_its_metrics_are_there_for_prometheus(server: FlaskClient) -> None:
    answer = server.get("/metrics")

    assert answer.content_type.startswith("text/plain")
    assert b"twiza_registry_calls_total" in answer.data
    assert KHADIJA.encode() not in answer.data

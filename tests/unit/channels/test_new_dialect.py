"""A gateway nobody knew is served by adding one file to a folder, and nothing else is edited."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import redis

from channels.app import create_app
from channels.settings import DoorSettings
from core.environment import read_settings
from core.messages import Expects
from sandbox.phone.client import Handset
from tests.builders import KEY_TEXT, NUMBER
from tests.redis_server import RedisServer
from tests.unit.channels.scripted_engine import ScriptedEngine, says
from tests.unit.sandbox.phone.door_stub import serve

SECRET = "a-key-that-signs-every-body"
# Unlike any of ours: JSON in, XML out, the code in a header, a signed body, a status of its own.
DIALECT = """
title = "Carrier Pigeon"
method = "POST"

[fields]
session = "path.-1"
number = "json.from.number"
service_code = "header.X-Service"
text = "json.message"
first_text = "json.tail"
hop = "json.hop"

[session]
begins = [{ field = "json.stage", is = ["BEGIN"] }]
continues = [{ field = "json.stage", is = ["MORE"] }]
aborts = [{ field = "json.stage", is = ["GONE"] }]
seconds = 90

[input]
cumulative = false
first = "behind"

[answer]
format = "xml"
content_type = "application/pigeon+xml"
break_tag = "line"
open.xml = '<note hop="{json.hop}"><say>{text}</say><stay/></note>'
open.status = 201
end.xml = '<note hop="{json.hop}"><say>{text}</say></note>'
abort.status = 204

[limits]
gsm7 = 100
ucs2 = 50
deadline_seconds = 3.0

[authentication]
means = ["hmac"]
hmac = { header = "X-Pigeon", algorithm = "sha512", encoding = "base64", prefix = "p=" }

[plays]
path = "flight/{path.-1}"
"""


@pytest.fixture
def pigeon(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    redis_server: RedisServer,
    store: redis.Redis,
    records_url: str,
    engine: ScriptedEngine,
    words: None,
) -> Any:
    """A door whose only channel speaks the new dialect."""
    folder = tmp_path / "dialects"
    folder.mkdir()
    (folder / "pigeon.toml").write_text(DIALECT, encoding="utf-8")
    given = {
        "REDIS_URL": redis_server.url,
        "BROKER_URL": redis_server.url.removesuffix("/0") + "/1",
        "RECORDS_URL": records_url,
        "VAULT_KEY": KEY_TEXT,
        "PSEUDONYM_KEY": KEY_TEXT,
        "ENGINE_URL": engine.url,
        "DOOR_PUBLIC_URL": "https://door.example",
        "DIALECTS_FOLDER": str(folder),
        "CHANNELS": "bird:ussd",
        "CHANNEL_BIRD_DIALECT": "pigeon",
        "CHANNEL_BIRD_ADDRESS": "*555#",
        "CHANNEL_BIRD_SECRET": SECRET,
    }
    for name, value in given.items():
        monkeypatch.setenv(f"TWIZA_{name}", value)
    with serve(create_app(read_settings(DoorSettings))) as url:
        yield {
            "kind": "ussd",
            "dialect": "pigeon",
            "dialect_file": str(folder / "pigeon.toml"),
            "address": "*555#",
            "messages_url": f"{url}/channels/bird/messages",
            "secret": SECRET,
        }


def test_a_service_answers_through_a_file_alone(pigeon: Any, engine: ScriptedEngine) -> None:
    engine.script += [
        says("Menu\n& more", expects=Expects.TEXT, root=True),
        says("Encore", expects=Expects.TEXT),
        says("Adieu", ends=True),
    ]
    handset = Handset(pigeon, NUMBER)
    opened = handset.dial()

    assert ("Menu\n& more", True, 201) == (opened.text, opened.open, opened.status)
    assert "<say>Menu<line />&amp; more</say><stay />" in opened.raw
    assert handset.press("salam").text.startswith("Encore")
    ended = handset.press("salam")
    assert ("Adieu", False, 200) == (ended.text, ended.open, ended.status)
    assert ["salam", "salam"] == engine.texts[1:]


def test_what_was_dialled_behind_the_code_is_read_at_once(
    pigeon: Any, engine: ScriptedEngine
) -> None:
    menu = says("Menu", expects=Expects.MENU, root=True, buttons=[("Salam", "/deep")])
    engine.script += [menu, says("Deep", root=True)]
    opened = Handset(pigeon, NUMBER).dial("*555*1#")

    assert opened.text.startswith("Deep")
    assert "/deep" == engine.texts[-1]


def test_a_call_that_is_not_signed_is_refused(pigeon: Any, engine: ScriptedEngine) -> None:
    refused = Handset(pigeon | {"secret": "another-key-for-bodies"}, NUMBER).dial()

    assert (403, "") == (refused.status, refused.text)
    assert [] == engine.told

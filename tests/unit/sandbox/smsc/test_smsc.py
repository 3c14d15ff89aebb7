"""The pretend SMSC: who may bind, what its control refuses, and what nobody waited for."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr

from channels.providers.smpp_ussd.bind import open_bind
from core.environment import read_settings
from core.errors import DeliveryRefused
from sandbox.smsc.app import create_app
from sandbox.smsc.settings import SmscSettings
from sandbox.smsc.wire import decode, encode
from tests.builders import NUMBER
from tests.unit.channels.smpp.operator import PASSWORD, smpp_settings


class Smsc:
    """The application of an SMSC, and the port of its SMPP server."""

    def __init__(self) -> None:
        settings = read_settings(
            SmscSettings, None, port=0, password=SecretStr(PASSWORD), patience_seconds=0.3
        )
        app = create_app(settings)
        self.center = app.extensions["calls"].center
        self.http: FlaskClient = app.test_client()

    def state(self, name: str) -> Any:
        """A figure of its state."""
        told: dict[str, Any] = self.http.get("/state").get_json()
        return told[name]

    def ask(self, path: str, **asked: Any) -> Any:
        """What its control says."""
        return self.http.post(path, json=asked)


@pytest.fixture
def smsc() -> Iterator[Smsc]:
    """A running SMSC."""
    running = Smsc()
    yield running
    running.center.close()


def test_who_does_not_know_the_password_may_not_bind(smsc: Smsc) -> None:
    settings = smpp_settings(smsc.center.port, password=SecretStr("wrong"))
    with pytest.raises(DeliveryRefused) as refused:
        asyncio.run(open_bind(settings, lambda _: 0))

    assert "bind 0xe" == refused.value.code
    assert 0 == smsc.state("binds_seen")


def test_an_answer_that_no_call_waits_for_is_refused_and_counted(smsc: Smsc) -> None:
    async def submit() -> int:
        bind = await open_bind(smpp_settings(smsc.center.port), lambda _: 0)
        told = await bind.request("submit_sm", destination_addr=NUMBER[1:], its_session_info=8)
        await bind.unbind()
        return told.status

    assert 0x45 == asyncio.run(submit())
    assert 1 == smsc.state("surplus")


def test_a_call_while_nobody_is_bound_tells_so_at_once(smsc: Smsc) -> None:
    told = smsc.ask("/calls", number=NUMBER, dialled="*555#").json

    assert (-1, False, "") == (told["status"], told["open"], told["text"])


@pytest.mark.parametrize(
    ("path", "asked", "status"),
    [
        ("/calls", {"number": "12"}, 400),
        ("/calls/nothing/press", {"text": "1"}, 409),
        ("/calls/nothing/hang_up", {}, 409),
        ("/calls/nothing/sing", {}, 400),
        ("/faults", {"earthquake": 1}, 400),
        ("/faults", {"throttle": "many"}, 400),
    ],
)
def test_what_it_cannot_do_is_refused(
    smsc: Smsc, path: str, asked: dict[str, Any], status: int
) -> None:
    assert status == smsc.ask(path, **asked).status_code


@pytest.mark.parametrize("text", ["", "1*2#", "été {€}", "نعم", "ⴰⵣⵓⵍ"])
def test_a_text_survives_its_wire(text: str) -> None:
    assert text == decode(*encode(text))

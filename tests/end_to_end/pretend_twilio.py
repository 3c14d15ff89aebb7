"""What the tests ask of a house's pretend Twilio, and of the worker behind it."""

from __future__ import annotations

import secrets
import time
from typing import Any

import requests
from celery import Celery

from sandbox.phone import wire
from sandbox.phone.parcels import Parcel
from tests.end_to_end.running_house import RunningHouse, wait_for


def inject(house: RunningHouse, number: str, **fault: Any) -> None:
    """Have something go wrong with the next messages to a number (sandbox/provider/faults.py)."""
    asked = {"number": number, **fault}
    url = f"{house.run['phone']}/twilio/sandbox/faults"
    requests.post(url, json=asked, timeout=5).raise_for_status()


def write(house: RunningHouse, channel: str, number: str, text: str) -> wire.Answer:
    """A message whose webhook is called and whose answer nobody reads: it gets lost."""
    described = house.run["channels"][channel]
    form = wire.twilio_form(described, number, text, Parcel())
    url = str(described["messages_url"])
    with wire.open_http() as http:
        return wire.post(http, url, form, wire.sign(described, url, form))


def miss(house: RunningHouse, channel: str, number: str, text: str, seconds_ago: float) -> None:
    """A message that its webhook did not bring, as the provider keeps it."""
    described = house.run["channels"][channel]
    form = wire.twilio_form(described, number, text, Parcel(), "SM" + secrets.token_hex(16))
    url = f"{house.run['phone']}/twilio/sandbox/received"
    asked = form | {"seconds_ago": seconds_ago}
    requests.post(url, json=asked, timeout=5).raise_for_status()


def have_done(house: RunningHouse, task: str) -> None:
    """Ask the worker for what its schedule would ask for later."""
    broker = f"redis://127.0.0.1:{house.ports_from + 6}/1"
    with Celery("test", broker=broker) as app:
        app.send_task(task)


def arrived(house: RunningHouse, number: str, count: int, seconds: float = 60.0) -> list[str]:
    """The texts a number received, once there are so many."""
    return wait_for(
        f"{count} messages",
        lambda: texts if len(texts := texts_of(house, number)) >= count else [],
        seconds,
    )


def texts_of(house: RunningHouse, number: str) -> list[str]:
    """The texts a number has received, the oldest first."""
    return [message["text"] for message in house.inbox(number)]


def stays(house: RunningHouse, number: str, seconds: float = 3.0) -> list[str]:
    """The texts a number has received after a while in which no more should come."""
    deadline = time.monotonic() + seconds
    before = texts_of(house, number)
    while time.monotonic() < deadline:
        after = texts_of(house, number)
        assert before == after
        time.sleep(0.2)
    return before

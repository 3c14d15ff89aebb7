"""What the tests ask of a house's pretend Twilio, and of the worker and the records behind it."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from typing import Any

import requests
from celery import Celery

from core.privacy import Seal, read_key
from core.redis_address import broker
from core.tasks import close_task
from records.consents import Consents
from records.database import open_database
from records.people import Numbers
from sandbox.phone import wire
from sandbox.phone.parcels import Parcel
from tests.dialogue.stores import change, pseudonyms, rows
from tests.end_to_end.running_house import RunningHouse, wait_for


def inject(house: RunningHouse, number: str, **fault: Any) -> None:
    """Have something go wrong with the next messages to a number (sandbox/provider/faults.py)."""
    asked = {"number": number, **fault}
    url = f"{house.run['phone']}/twilio/sandbox/faults"
    requests.post(url, json=asked, timeout=5).raise_for_status()


def write(house: RunningHouse, channel: str, number: str, text: str, sid: str = "") -> wire.Answer:
    """A message whose webhook is called and whose answer nobody reads: it gets lost."""
    described = house.run["channels"][channel]
    form = wire.twilio_form(described, number, text, Parcel(), sid)
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


def passed(house: RunningHouse, channel: str, number: str) -> list[dict[str, Any]]:
    """What the provider took for a number, the oldest first, whatever became of it."""
    account = wire.account_of(house.run["channels"][channel])
    url = f"{house.run['phone']}/twilio/sandbox/messages"
    found = requests.get(url, {"account": account}, timeout=5).json()
    return [one for one in reversed(found) if one["to"].removeprefix("whatsapp:") == number]


def report(house: RunningHouse, channel: str, sid: str, message: int, status: str) -> int:
    """Tell the door what became of a message; the HTTP status of its answer."""
    described = house.run["channels"][channel]
    url = f"{house.run['door']}/channels/{channel}/reports?message={message}"
    form = {
        "MessageSid": sid,
        "MessageStatus": status,
        "AccountSid": wire.account_of(described),
        "From": str(described["address"]),
    }
    with wire.open_http() as http:
        return wire.post(http, url, form, wire.sign(described, url, form)).status


def have_done(house: RunningHouse, task: str, value: dict[str, Any] | None = None) -> None:
    """Ask the worker for what its schedule, or another process, would ask for."""
    arguments = [] if value is None else [close_task(seal_of(house), value)]
    with Celery("test") as app:
        app.conf.update(broker(house.redis_url(1)))
        app.send_task(task, args=arguments)


def seal_of(house: RunningHouse) -> Seal:
    """What the processes of a house seal with."""
    key = (house.data / "secrets" / "vault_key").read_text(encoding="ascii")
    return Seal(read_key(key, "vault_key"))


def deliver(house: RunningHouse, channel: str, number: str, text: str) -> None:
    """Have the worker send a number a text, as what a turn said after its answer."""
    value = {"channel": channel, "number": number, "text": text, "purpose": "notice"}
    have_done(house, "worker.deliveries.deliver", value)


def chose_a_language(house: RunningHouse, number: str, language: str = "fr") -> str:
    """A number that the records know and that agreed to be written to; its key."""
    key = pseudonyms(house).number(number)
    database = open_database(house.records_url)
    Numbers(database).choose_language(key, language)
    Consents(database).give(key, "2026-11", language, "sms")
    database.close()
    return key


def outbox(house: RunningHouse, number: str) -> list[tuple[str, str]]:
    """State and last error of every message to a number, in their order."""
    asked = "select state, last_error from outbox where recipient_key = ? order by sequence"
    return [(row[0], row[1]) for row in rows(house, asked, pseudonyms(house).number(number))]


def becomes(house: RunningHouse, number: str, *wanted: tuple[str, str]) -> None:
    """Wait until the messages to a number stand so."""
    wait_for(f"{wanted}", lambda: list(wanted) == outbox(house, number), 60.0)


def let_time_pass(house: RunningHouse, number: str) -> None:
    """Let the time be over that messages to a number wait, and that a dead worker holds them."""
    key = pseudonyms(house).number(number)
    due = "update outbox set not_before = created, leased_until = null"
    change(house, f"{due} where recipient_key = ? and state = 'queued'", key)
    have_done(house, "worker.deliveries.drain")


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


def in_the_end(look: Callable[[], object], seconds: float = 2.0, most: float = 60.0) -> Any:
    """What is seen, once it has not changed for a while; fails where it does not come to rest."""
    began = time.monotonic()
    seen, until = look(), began + seconds
    while time.monotonic() < until:
        assert time.monotonic() < began + most, f"it goes on changing: {seen}"
        if (now := look()) != seen:
            seen, until = now, time.monotonic() + seconds
        time.sleep(0.1)
    return seen

"""Changes: subscribed to, told to the subscriber until it takes them, read as our events."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests
from flask import Flask, request
from pydantic import SecretStr

from actions.registry.notices import read_notify
from actions.registry.shapes import EventKind, RegistryEvent
from actions.registry.spdci import SpdciRegistry
from core.errors import RegistryAnswerUnreadable, RegistryRefused
from sandbox.registry.app import create_app
from sandbox.registry.notices import write_event, write_notify
from sandbox.registry.settings import SandboxRegistrySettings
from tests.contract.registry import people
from tests.contract.registry.worlds import World, a_client, served

RECORDED = Path(__file__).parent / "notices"
TOKEN = "token-of-the-subscriber"


@dataclass
class Subscriber:
    """Who is told; it refuses as many calls first as `refuses` says."""

    refuses: int = 0
    calls: list[str] = field(default_factory=list)
    events: list[RegistryEvent] = field(default_factory=list)

    def app(self) -> Flask:
        """Where the registry posts its notices to."""
        app = Flask("subscriber")

        @app.post("/registry/notify")
        def notify() -> tuple[str, int]:
            self.calls.append(request.headers["Authorization"])
            if len(self.calls) <= self.refuses:
                return "", 503
            self.events += read_notify(request.get_json())
            return "", 200

        return app

    def told(self, count: int) -> list[RegistryEvent]:
        """The events, once there are as many."""
        _wait_until(lambda: len(self.events) >= count)
        return self.events


@dataclass
class Told:
    """A sandbox registry, its client and its subscriber."""

    url: str
    registry: SpdciRegistry
    subscriber: Subscriber

    def make(self, path: str, **asked: Any) -> dict[str, Any]:
        """Have the operator make something happen."""
        answer = requests.post(f"{self.url}/sandbox/{path}", json=asked, timeout=5)
        answer.raise_for_status()
        done: dict[str, Any] = answer.json()
        return done

    def waiting(self) -> int:
        """How many notices the registry still has to tell."""
        answer = requests.get(f"{self.url}/sandbox/applications", timeout=5).json()
        return int(answer["notices_waiting"])


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Told]:
    """A sandbox registry of this test alone, which tells a subscriber."""
    subscriber = Subscriber()
    with served(subscriber.app()) as subscriber_url:
        app = create_app(
            SandboxRegistrySettings(
                log_level="INFO",
                registry_database_url=f"sqlite:///{tmp_path}/registry.db",
                registry_client_id="twiza",
                registry_client_secret=SecretStr("secret-of-tests"),
                notify_url=f"{subscriber_url}/registry/notify",
                notify_token=SecretStr(TOKEN),
                notify_retry_seconds=0.02,
            )
        )
        with served(app) as url:
            yield Told(url, a_client(url), subscriber)
        app.extensions["registry_poster"].stop()
        app.extensions["registry_database"].close()


def test_a_subscription_has_a_code_and_may_end_twice(world: World) -> None:
    code = world.registry.subscribe(people.OMAR, (EventKind.APPLICATION_CHANGED,))

    assert code
    world.registry.unsubscribe(code)
    world.registry.unsubscribe(code)


@pytest.mark.parametrize(
    ("idcs", "kinds"), [(people.NOBODY, (EventKind.PAYMENT_CHANGED,)), (people.OMAR, ())]
)
def test_a_subscription_to_nobody_or_nothing_is_refused(
    world: World, idcs: str, kinds: tuple[EventKind, ...]
) -> None:
    with pytest.raises(RegistryRefused):
        world.registry.subscribe(idcs, kinds)


def test_a_decision_is_told_to_whoever_subscribed(told: Told) -> None:
    reference = told.registry.applications(people.NADIA, "fr")[0].reference
    told.registry.subscribe(people.NADIA, (EventKind.APPLICATION_CHANGED,))

    told.make(f"applications/{reference}", state="refused", reason="pension")

    (event,) = told.subscriber.told(1)
    assert (EventKind.APPLICATION_CHANGED, people.NADIA) == (event.kind, event.idcs)
    assert {"reference": reference, "state": "refused", "reason": "pension"} == event.detail
    assert abs((datetime.now(UTC) - event.happened_on).total_seconds()) < 60
    assert [f"Bearer {TOKEN}"] == told.subscriber.calls
    _wait_until(lambda: told.waiting() == 0)


def test_missing_documents_are_a_kind_of_their_own(told: Told) -> None:
    reference = told.registry.applications(people.NADIA, "fr")[0].reference
    told.registry.subscribe(people.NADIA, tuple(EventKind))

    told.make(f"applications/{reference}", state="documents_missing", missing=["birth_certificate"])

    (event,) = told.subscriber.told(1)
    assert EventKind.DOCUMENT_MISSING is event.kind
    assert "birth_certificate" == event.detail["missing"]


def test_a_payment_is_told_without_its_amount(told: Told) -> None:
    told.registry.subscribe(people.FATIMA, (EventKind.PAYMENT_CHANGED,))

    paid = {"programme": "asd", "month": "2026-11-01", "amount": "731.00", "state": "paid"}
    told.make("payments", idcs=people.FATIMA, **paid)

    (event,) = told.subscriber.told(1)
    assert ("asd", "paid") == (event.programme, event.detail["state"])
    assert "731" not in json.dumps(event.detail)
    amounts = {payment.amount for payment in told.registry.payments(people.FATIMA, "fr")}
    assert "731.00" in {str(amount) for amount in amounts}


def test_a_new_index_is_told_and_stands_in_the_file(told: Told) -> None:
    told.registry.subscribe(people.KHADIJA, (EventKind.INDEX_CHANGED,))

    told.make("index", idcs=people.KHADIJA, index="9.1234567")

    assert [EventKind.INDEX_CHANGED] == [event.kind for event in told.subscriber.told(1)]
    household = told.registry.household(people.KHADIJA, "fr")
    assert household is not None
    assert "9.1234567" == str(household.index)


def test_a_subscriber_that_is_down_is_told_later_and_once(told: Told) -> None:
    told.subscriber.refuses = 3
    told.registry.subscribe(people.FATIMA, (EventKind.PAYMENT_CHANGED,))
    told.make("payments", idcs=people.FATIMA, programme="asd", month="2026-11-01", state="paid")

    told.subscriber.told(1)
    _wait_until(lambda: told.waiting() == 0)

    assert 4 == len(told.subscriber.calls)
    assert 1 == len(told.subscriber.events)


def test_other_kinds_other_people_and_ended_subscriptions_are_told_nothing(told: Told) -> None:
    told.registry.subscribe(people.FATIMA, (EventKind.INDEX_CHANGED,))
    told.registry.subscribe(people.OMAR, (EventKind.PAYMENT_CHANGED,))
    ended = told.registry.subscribe(people.FATIMA, (EventKind.PAYMENT_CHANGED,))
    told.registry.unsubscribe(ended)

    paid = {"programme": "asd", "month": "2026-11-01", "state": "paid"}

    assert 0 == told.make("payments", idcs=people.FATIMA, **paid)["notices"]


def test_two_subscriptions_of_one_person_are_told_once(told: Told) -> None:
    for _ in range(2):
        told.registry.subscribe(people.FATIMA, tuple(EventKind))

    paid = {"programme": "asd", "month": "2026-11-01", "state": "paid"}

    assert 1 == told.make("payments", idcs=people.FATIMA, **paid)["notices"]


def test_the_recorded_message_is_what_the_sandbox_writes_and_what_we_read() -> None:
    recorded = json.loads((RECORDED / "application_refused.json").read_text(encoding="utf-8"))
    message = recorded["body"]

    (event,) = read_notify(message)

    assert recorded["reads"] == {
        "event_id": event.event_id,
        "kind": event.kind.value,
        "idcs": event.idcs,
        "programme": event.programme,
        "happened_on": event.happened_on.isoformat(),
        "detail": event.detail,
    }
    written = write_event(
        event.idcs, event.kind.value, event.programme, event.detail, event.happened_on.isoformat()
    )
    told = message["message"]["notify_event"][0]
    assert told == written | {"reference_id": told["reference_id"]}
    assert set(message["header"]) == set(write_notify(written)["header"])


def a_notice(**changes: Any) -> dict[str, Any]:
    """A notify message with one event; `changes` are merged into the event's data."""
    event = write_event(people.FATIMA, "payment_changed", "asd", {}, "2026-11-02T09:30:00+01:00")
    event["data"]["reg_records"] |= changes
    return write_notify(event)


def test_kinds_that_are_not_ours_are_left_out() -> None:
    other = {"additional_attributes": [{"key": "event_kind", "value": "moved_house"}]}
    stock: dict[str, Any] = {"additional_attributes": []}

    assert () == read_notify(a_notice(**other))
    assert () == read_notify(a_notice(**stock))
    assert () == read_notify(write_notify())
    assert 1 == len(read_notify(a_notice(colour="unknown")))


@pytest.mark.parametrize(
    "faulty",
    [
        None,
        [],
        {},
        {"header": {}, "message": {}},
        a_notice(member_identifier=[]),
        a_notice(member_identifier="5839204719"),
        a_notice() | {"header": {"action": "search"}},
        a_notice() | {"header": {"action": "notify", "is_msg_encrypted": True}},
    ],
)
def test_a_faulty_notice_is_unreadable_and_its_error_quotes_nothing(faulty: Any) -> None:
    with pytest.raises(RegistryAnswerUnreadable) as raised:
        read_notify(faulty)

    assert not any(digit in str(raised.value) for digit in "0123456789")


def _wait_until(is_so: Callable[[], bool], seconds: float = 10.0) -> None:
    """Wait for what must happen, with a deadline."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)

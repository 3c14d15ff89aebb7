"""What happens reaches who listens: signed, once, and again until it arrives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, Response, request

from core.webhooks import EVENTS, new_secret, signed_headers
from records.clock import utc_now
from records.handovers import Asked, Handover, Handovers
from records.tables import OutboxMessage, WebhookDeliveryRow
from records.takeovers import Takeovers
from records.webhooks import WAITS, Webhooks
from tests.builders import NUMBER
from tests.unit.sandbox.phone.door_stub import serve
from tests.unit.worker.workshop import Workshop


@dataclass
class Receiver:
    """Somebody who listens over HTTP, and says what is told to."""

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    heard: list[dict[str, Any]] = field(default_factory=list)
    secret: str = ""

    def take(self) -> Response:
        """Take one message, if its signature is ours."""
        status = self.statuses.pop(0) if self.statuses else 204
        body, told = request.get_data(), request.headers
        expected = signed_headers(
            self.secret, told["webhook-id"], int(told["webhook-timestamp"]), body
        )
        assert expected["webhook-signature"] == told["webhook-signature"]
        self.heard.append({**request.get_json(), "id": told["webhook-id"]})
        return Response(status=status)


@pytest.fixture
def receiver(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """Somebody who listens to everything."""
    monkeypatch.setenv("TWIZA_WEBHOOKS_INSIDE", "true")
    workshop.house.house.cache_clear()
    app, receiver = Flask("receiver"), Receiver(secret=new_secret())
    app.add_url_rule("/hook", "hook", receiver.take, methods=["POST"])
    with serve(app) as url:
        receiver.url = f"{url}/hook"
        Webhooks(workshop.database, workshop.seal).add(receiver.url, receiver.secret, EVENTS, "5")
        yield receiver


def gather(shop: Workshop) -> None:
    """What beat asks for."""
    import_module("worker.webhooks").gather()


def asked(shop: Workshop) -> Handover:
    """Somebody asks for a person."""
    key = shop.pseudonyms.number(NUMBER)
    one = Asked(key, f"whatsapp-{key}", "whatsapp", "fr", "track_benefit", "asd", b"sealed")
    return Handovers(shop.database).ask(one)


def make_due(shop: Workshop) -> None:
    """Let the time pass that a failed message waits."""
    with shop.database.session() as session:
        session.execute(sa.update(WebhookDeliveryRow).values(not_before=utc_now()))


def test_what_becomes_of_a_request_is_told_once_each(
    workshop: Workshop, receiver: Receiver
) -> None:
    one = asked(workshop)
    gather(workshop)
    Takeovers(workshop.database).claim(one.id, "1")
    Takeovers(workshop.database).hand_back(one.id, "1", "rappelée")
    for _ in range(3):
        gather(workshop)

    assert ["handover.asked", "handover.claimed", "handover.settled"] == [
        heard["type"] for heard in receiver.heard
    ]
    assert one.id == receiver.heard[0]["data"]["handover"]
    told = repr(receiver.heard)
    for secret in (NUMBER, workshop.pseudonyms.number(NUMBER), "rappelée"):
        assert secret not in told


def test_a_delivery_that_was_given_up_is_told(workshop: Workshop, receiver: Receiver) -> None:
    workshop.deliver("Bonjour")
    with workshop.database.session() as session:
        values = {"state": "dead", "settled": utc_now(), "last_error": "30005"}
        session.execute(sa.update(OutboxMessage).values(**values))
    gather(workshop)

    assert [("delivery.failed", "30005")] == [
        (heard["type"], heard["data"]["code"]) for heard in receiver.heard
    ]


def test_what_does_not_arrive_is_sent_again_under_its_name_after_a_growing_while(
    workshop: Workshop, receiver: Receiver
) -> None:
    receiver.statuses = [500, 302, 200]
    asked(workshop)
    gather(workshop)
    first = len(receiver.heard)
    gather(workshop)
    for _ in range(2):
        make_due(workshop)
        gather(workshop)
    delivery = Webhooks(workshop.database, workshop.seal).deliveries()[0]

    assert (1, 3) == (first, len(receiver.heard))
    assert 1 == len({heard["id"] for heard in receiver.heard})
    assert ("sent", 3, 200) == (delivery.state, delivery.attempts, delivery.status)
    assert list(WAITS) == sorted(WAITS)


def test_what_never_arrives_is_given_up_and_sent_again_when_staff_say_so(
    workshop: Workshop, receiver: Receiver
) -> None:
    webhooks = Webhooks(workshop.database, workshop.seal)
    receiver.statuses = [503] * (len(WAITS) + 1)
    asked(workshop)
    for _ in range(len(WAITS) + 1):
        gather(workshop)
        make_due(workshop)
    given_up = webhooks.deliveries()[0]
    assert ("dead", 503) == (given_up.state, given_up.status)
    assert webhooks.again(given_up.id)
    gather(workshop)

    assert "sent" == webhooks.deliveries()[0].state


def test_who_says_that_nobody_listens_any_more_is_told_nothing_more(
    workshop: Workshop, receiver: Receiver
) -> None:
    receiver.statuses = [410]
    asked(workshop)
    gather(workshop)
    workshop.deliver("Bonjour")
    gather(workshop)
    [endpoint] = Webhooks(workshop.database, workshop.seal).endpoints()

    assert 1 == len(receiver.heard)
    assert endpoint.closed is not None


def test_an_address_inside_is_not_called_where_the_setting_does_not_allow_it(
    workshop: Workshop, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TWIZA_WEBHOOKS_INSIDE", "false")
    workshop.house.house.cache_clear()
    asked(workshop)
    gather(workshop)
    delivery = Webhooks(workshop.database, workshop.seal).deliveries()[0]

    assert [] == receiver.heard
    assert ("queued", "not_https") == (delivery.state, delivery.fault)


def test_who_begins_to_listen_is_told_nothing_of_before(
    workshop: Workshop, receiver: Receiver
) -> None:
    webhooks = Webhooks(workshop.database, workshop.seal, lambda: utc_now() + timedelta(hours=1))
    webhooks.close(1)
    webhooks.add(receiver.url, receiver.secret, EVENTS, "5")
    asked(workshop)
    gather(workshop)

    assert [] == receiver.heard

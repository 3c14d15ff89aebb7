"""Sending messages: each stands in the outbox first, and leaves it in its recipient's order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from channels.port import Provider
from channels.rendering.pieces import pieces
from core.errors import DeliveryError, ProviderUnavailable, StoreUnavailable, TokenRefused
from core.logs import log
from core.outgoing import Outgoing, Tappable, read_tappable
from core.tasks import close_task, open_task
from records.outbox import OutboxRow, seal_context
from worker.app import app
from worker.house import House, house

_LOG = log(__name__)
_LEASE_SECONDS = 60.0
_LONGEST_WAIT_SECONDS = 600
# Of a channel that is not served, for as long as it is not.
_LONGEST_TEXT = 1600


@app.task(
    name="worker.deliveries.deliver",
    autoretry_for=(StoreUnavailable,),
    retry_backoff=2,
    retry_backoff_max=60,
    max_retries=None,
)
def deliver(argument: str) -> None:
    """Put a text for a number in the outbox, then send what is due."""
    given = open_task(house().seal, argument)
    tappable = read_tappable(given.get("tappable"))
    put_out(house(), given["channel"], given["number"], given["text"], tappable)


@app.task(
    name="worker.deliveries.drain",
    autoretry_for=(StoreUnavailable,),
    retry_backoff=2,
    retry_backoff_max=60,
    max_retries=None,
)
def drain() -> None:
    """Send all that is due, the oldest of each recipient first."""
    while rows := house().outbox.lease(limit=20, lease_seconds=_LEASE_SECONDS):
        for row in rows:
            _send(house(), row)


def put_out(
    house: House, channel: str, number: str, text: str, tappable: Tappable | None = None
) -> None:
    """Queue a text behind the recipient's others, and have the outbox drained.

    What can be tapped goes with a text that is one piece, which may have to stand in for it.
    """
    recipient = house.pseudonyms.number(number)
    cut = pieces(text, _longest(house, channel))
    for piece in cut:
        value: dict[str, Any] = {"number": number, "text": piece}
        if tappable and len(cut) == 1:
            value["tappable"] = tappable
        sealed = house.seal.close(orjson.dumps(value), seal_context(recipient))
        house.outbox.add(recipient, channel, sealed)
    drain.delay()


def hand_over(channel: str, number: str, text: str, tappable: Tappable | None = None) -> None:
    """Put a text out, or leave it to a task that does as soon as the records are back."""
    try:
        put_out(house(), channel, number, text, tappable)
    except StoreUnavailable:
        value = {"channel": channel, "number": number, "text": text, "tappable": tappable}
        deliver.delay(close_task(house().seal, value))


def _send(house: House, row: OutboxRow) -> None:
    try:
        value = orjson.loads(house.seal.open(row.sealed, seal_context(row.recipient_key)))
    except TokenRefused:
        # It can never be sent, and must not keep the others from it.
        house.outbox.failed(row.id, "unreadable", None, row.attempts)
        _LOG.error("message_unreadable", channel=row.channel)
        return
    try:
        tappable = read_tappable(value.get("tappable"))
        message = Outgoing(value["number"], value["text"], tappable=tappable)
        provider_id = _provider(house, row.channel).send(message)
    except DeliveryError as fault:
        wait = min(2**row.attempts, _LONGEST_WAIT_SECONDS)
        retry_at = datetime.now(UTC) + timedelta(seconds=wait) if fault.retryable else None
        house.outbox.failed(row.id, str(fault), retry_at, row.attempts)
        _LOG.warning("delivery_failed", channel=row.channel, fault=type(fault).__name__)
        if retry_at is not None:
            drain.apply_async(countdown=wait)
        return
    house.outbox.sent(row.id, provider_id)
    _LOG.info("delivered", channel=row.channel, attempts=row.attempts)


def _longest(house: House, channel: str) -> int:
    provider = house.channels.get(channel)
    return provider.capabilities.longest_text if provider else _LONGEST_TEXT


def _provider(house: House, channel: str) -> Provider:
    if channel not in house.channels:
        raise ProviderUnavailable("no such channel")
    return house.channels[channel]

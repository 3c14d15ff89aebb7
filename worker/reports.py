"""Writing down what providers report of messages, and doing about failures what can be done."""

from __future__ import annotations

from typing import Any, Final

from channels.envelope import open_message
from core.errors import DeliveryRefused, StoreUnavailable, TokenRefused
from core.logs import log
from core.outgoing import Fate
from core.tasks import open_task
from records.outbox import OutboxRow
from worker.app import app
from worker.deliveries import drain
from worker.house import House, house
from worker.meters import DELIVERIES
from worker.remedies import treat

_LOG = log(__name__)
_PATIENT: Final[dict[str, Any]] = {
    "autoretry_for": (StoreUnavailable,),
    "retry_backoff": 2,
    "retry_backoff_max": 60,
    "max_retries": None,
}


@app.task(name="worker.reports.take", **_PATIENT)
def take(argument: str) -> None:
    """Write a report down, as the door took it."""
    given = open_task(house().seal, argument)
    note(house(), given["channel"], Fate(**given["fate"]))


def note(house: House, channel: str, fate: Fate) -> None:
    """Write down what became of a message, and do what its failure asks for."""
    message_id = int(fate.message) if fate.message else None
    noted = house.outcomes.reported(channel, message_id, fate.provider_id, fate.status, fate.code)
    if noted.failed is not None:
        failed(house, noted.failed)
        return
    if noted.reached:
        DELIVERIES.labels(channel, "arrived", "").inc()
        house.numbers.reached(noted.reached, house.channels[channel].kind.value)
    if noted.frees_another:
        drain.delay()


def failed(house: House, row: OutboxRow) -> None:
    """Do about a message that its provider took and could not deliver what its code asks for."""
    code = row.last_error or row.status
    _LOG.warning("delivery_failed", channel=row.channel, fault=row.status, code=code)
    DELIVERIES.labels(row.channel, "failed", code).inc()
    try:
        message = open_message(house.seal, row.recipient_key, row.sealed)
    except TokenRefused:
        house.outcomes.give_up(row, code)
        return
    again_in = treat(house, row, message, DeliveryRefused(code))
    if again_in is not None:
        drain.apply_async(countdown=again_in)
    # What was behind it may go, or a message that asks to write, or one by SMS.
    drain.delay()

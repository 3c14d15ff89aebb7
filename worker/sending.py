"""One message on its way out: looked for where an earlier try ended unknown, sent, settled."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from channels.envelope import open_message, report_address
from channels.meters import SEGMENTS
from channels.port import Messenger
from core.errors import DeliveryError, ProviderUnavailable, TokenRefused, WrittenLater
from core.logs import log
from core.outgoing import Fate, Outgoing
from records.outbox import ANSWER, OutboxRow
from records.statuses import FAILED
from worker.app import settings
from worker.house import House
from worker.meters import DELIVERIES, MESSAGES
from worker.remedies import treat

_LOG = log(__name__)
# Reports come long before; what none came of is looked up then.
LOOK_AFTER: Final = timedelta(minutes=10)
# So soon a worker of the release that wrote a message may take it.
_LATER_SECONDS: Final = 5.0
# Clocks differ.
_MARGIN: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Sent:
    """How a try ended: whether the provider answered at all, and in how many seconds to try again.

    `again_in` is None where nothing is left to do.
    """

    is_answered: bool = True
    again_in: float | None = None


def send(house: House, row: OutboxRow) -> Sent:
    """Try a leased message."""
    try:
        message = open_message(house.seal, row.recipient_key, row.sealed)
    except WrittenLater as later:
        _LOG.warning("message_waits", channel=row.channel, fault=str(later))
        put_back(house, row, _LATER_SECONDS)
        return Sent()
    except TokenRefused:
        # It can never be sent, and must not keep the others from it.
        house.outcomes.give_up(row, "unreadable")
        _LOG.error("message_unreadable", channel=row.channel)
        return Sent()
    refusal = _why_not(house, row)
    if refusal:
        house.outcomes.give_up(row, refusal)
        MESSAGES.labels(row.channel, "withheld").inc()
        _LOG.info("message_withheld", channel=row.channel, why=refusal)
        return Sent()
    provider = house.channels.get(row.channel)
    try:
        if provider is None:
            raise ProviderUnavailable("no such channel")
        messenger = house.messenger(row.channel)
        if row.unsure_since is not None and messenger is not None:
            found = find(house, messenger, row, message, row.unsure_since)
            if found is not None:
                return _found(house, row, found)
        report = report_address(settings.door_public_url, row.channel, row.id)
        provider_id = provider.send(replace(message, report=report))
    except DeliveryError as fault:
        _LOG.warning(
            "delivery_failed", channel=row.channel, fault=type(fault).__name__, code=fault.code
        )
        MESSAGES.labels(row.channel, "failed").inc()
        DELIVERIES.labels(row.channel, "refused", fault.code or type(fault).__name__).inc()
        again_in = treat(house, row, message, fault)
        return Sent(not isinstance(fault, ProviderUnavailable), again_in)
    house.outbox.sent(row.id, provider_id, datetime.now(UTC) + LOOK_AFTER, row.attempts)
    MESSAGES.labels(row.channel, "sent").inc()
    DELIVERIES.labels(row.channel, "sent", "").inc()
    SEGMENTS.labels(row.channel, row.purpose).inc(row.segments)
    _LOG.info("delivered", channel=row.channel, attempts=row.attempts, segments=row.segments)
    return Sent()


def put_back(house: House, row: OutboxRow, seconds: float) -> None:
    """Leave a message for later that was not tried."""
    at = datetime.now(UTC) + timedelta(seconds=seconds)
    house.outcomes.again(row, row.last_error, at, is_unsure=row.unsure_since is not None)


def find(
    house: House, provider: Messenger, row: OutboxRow, message: Outgoing, since: datetime
) -> Fate | None:
    """The message among those that its provider has, or None. Raises DeliveryError.

    Of several alike it is the one that was made nearest to when this one was to go.
    """
    listed = provider.sent_to(message.number, since - _MARGIN)
    others = house.outcomes.known_names(row.recipient_key, [one.provider_id for one in listed])
    # What the provider wrote itself is known by nothing but being nobody else's.
    is_prepared = message.prepared is not None or message.tappable is not None
    alike = []
    for fate in listed:
        is_own = fate.provider_id == row.provider_id and fate.status not in FAILED
        is_alike = is_prepared or fate.text.strip() == message.text.strip()
        if is_alike and (is_own or fate.provider_id not in others):
            alike.append(fate)
    return min(alike, key=lambda fate: abs((fate.made or since) - since), default=None)


def _found(house: House, row: OutboxRow, fate: Fate) -> Sent:
    _LOG.info("message_found", channel=row.channel, status=fate.status)
    now = datetime.now(UTC)
    look_at = now if fate.status in FAILED else now + LOOK_AFTER
    house.outcomes.took(row, fate.provider_id, fate.status, fate.code, look_at)
    return Sent()


def _why_not(house: House, row: OutboxRow) -> str:
    """Why a message must not go any more, or nothing."""
    if house.blocks.holds(row.recipient_key):
        return "blocked"
    if row.purpose == ANSWER:
        return ""
    number = house.numbers.find(row.recipient_key)
    return "opted_out" if number is not None and number.opted_out else ""

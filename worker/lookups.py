"""Asking providers what became of the messages of which they have not told.

An answer that a webhook carried and nobody confirmed is looked for among what its citizen was sent;
one that is not there was lost on its way and is sent again. What a provider took is asked for by
its name, ever more seldom.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from channels.envelope import open_message
from channels.port import Messenger
from core.errors import DeliveryError, StoreUnavailable, TokenRefused
from core.logs import log
from core.outgoing import Fate
from records.outbox import OutboxRow
from records.statuses import FAILED
from worker.app import app
from worker.deliveries import drain
from worker.house import House, house
from worker.reports import failed, note
from worker.sending import LOOK_AFTER, find

_LOG = log(__name__)
_AT_ONCE: Final = 50
_SOON: Final = timedelta(minutes=1)


@app.task(name="worker.lookups.look")
def look() -> None:
    """Look up what is due."""
    try:
        for row in house().outcomes.look(_AT_ONCE):
            try:
                _look(house(), row)
            except DeliveryError as fault:
                _LOG.warning("lookup_failed", channel=row.channel, code=fault.code)
                house().outcomes.look_later(row, datetime.now(UTC) + _SOON)
    except StoreUnavailable as fault:
        # The next round finds everything as it is.
        _LOG.warning("lookups_interrupted", fault=type(fault).__name__)


def _look(house: House, row: OutboxRow) -> None:
    provider = house.messenger(row.channel)
    if provider is None:
        house.outcomes.finish(row)
    elif row.state == "answered":
        _confirm(house, provider, row)
    elif row.status in FAILED:
        failed(house, row)
    elif _age(row) > timedelta(hours=house.settings.report_hours):
        # Nothing more will be heard, as of a carrier that tells nothing.
        house.outcomes.finish(row)
    else:
        _ask(house, row, provider.fate(row.provider_id))


def _ask(house: House, row: OutboxRow, fate: Fate | None) -> None:
    house.outcomes.look_later(row, datetime.now(UTC) + max(LOOK_AFTER, _age(row)))
    if fate is not None:
        note(house, row.channel, replace(fate, message=str(row.id)))


def _confirm(house: House, provider: Messenger, row: OutboxRow) -> None:
    try:
        message = open_message(house.seal, row.recipient_key, row.sealed)
    except TokenRefused:
        house.outcomes.give_up(row, "unreadable")
        return
    fate = find(house, provider, row, message, row.created)
    if fate is not None:
        note(house, row.channel, replace(fate, message=str(row.id)))
        return
    _LOG.warning("answer_lost", channel=row.channel)
    house.outcomes.again(row, "unconfirmed", datetime.now(UTC))
    drain.delay()


def _age(row: OutboxRow) -> timedelta:
    return datetime.now(UTC) - row.created

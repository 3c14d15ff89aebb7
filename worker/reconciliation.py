"""What citizens wrote while the door was away: found at their provider, and answered once.

A provider tells of each message by a call that may fail on the way, and then keeps it. So its list
is read again and again from where it was read to, with an overlap. What no turn has seen goes
through an ordinary one, under the same name, so that a webhook which comes after all does no harm.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final, cast

import redis

from channels.arrival import message_key
from channels.port import Messenger, Provider
from core.errors import ConversationBusy, DeliveryError, StoreUnavailable
from core.logs import log
from core.messages import InboundMessage
from worker.app import app
from worker.house import House, house
from worker.turns import cause_of, give

_LOG = log(__name__)
# Until then a webhook may still be on its way.
_SETTLED: Final = timedelta(seconds=60)
_OVERLAP: Final = timedelta(minutes=10)
_ALONE_SECONDS: Final = 600
_LONGEST_CHOICE: Final = 2


@app.task(name="worker.reconciliation.catch_up")
def catch_up() -> None:
    """Read every provider's list from where it was read to, one worker at a time."""
    for name, provider in house().channels.items():
        if not isinstance(provider, Messenger) or not house().settings.catch_up_hours:
            continue
        lock = house().store.lock(f"caught:{name}:lock", timeout=_ALONE_SECONDS, blocking=False)
        try:
            if lock.acquire():
                try:
                    _catch_up(house(), name, provider)
                finally:
                    lock.release()
        except (StoreUnavailable, DeliveryError, ConversationBusy, redis.RedisError) as fault:
            # The next round begins where this one did.
            _LOG.warning("catching_up_interrupted", channel=name, fault=type(fault).__name__)


def _catch_up(house: House, name: str, provider: Messenger) -> None:
    key, now = f"caught:{name}", datetime.now(UTC)
    until = now - _SETTLED
    read_to = cast("bytes | None", house.store.get(key))
    if read_to is not None:
        earliest = now - timedelta(hours=house.settings.catch_up_hours)
        since = max(datetime.fromisoformat(read_to.decode()) - _OVERLAP, earliest)
        for inbound in provider.received(since):
            if inbound.received_at > until:
                break
            _feed(house, name, house.channels[name], inbound)
    # With nothing known of the past, not even of what was seen, it begins now.
    house.store.set(key, until.isoformat())


def _feed(house: House, name: str, provider: Provider, inbound: InboundMessage) -> None:
    tools = house.conversations.tools
    number_key = house.pseudonyms.number(inbound.number)
    message = message_key(house.pseudonyms, name, number_key, inbound.message_id)
    if house.blocks.holds(number_key) or tools.memories.has_seen(message):
        return
    if _is_overtaken(house, number_key, inbound):
        house.conversations.pass_over(name, house.channels[name], inbound)
        _LOG.info("choice_overtaken", channel=name)
        return
    said = house.conversations.take(name, provider, inbound)
    give(name, inbound.number, said, cause_of(house, name, inbound))
    _LOG.info("caught_up", channel=name)


def _is_overtaken(house: House, number_key: str, inbound: InboundMessage) -> bool:
    """True of a choice from a menu, where its citizen wrote again since and sees another one."""
    heard = house.reach.find(number_key)
    is_choice = inbound.text.strip().isdigit() and len(inbound.text.strip()) <= _LONGEST_CHOICE
    return is_choice and heard is not None and heard.at > inbound.received_at

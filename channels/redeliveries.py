"""A message that its provider delivers again under another name is the same message.

Some providers mark every try of one webhook by one token. Under it the name of the first is kept
as long as the name itself is, and whatever comes with it again goes by that name.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final, cast

import redis

from channels.arrival import Tools, message_key
from core.logs import log
from core.messages import InboundMessage

_LOG = log(__name__)
# As long as a message that was seen is known (channels/memory.py).
_SECONDS: Final = 48 * 3600


class Redeliveries:
    """The tokens of deliveries, and the messages they brought first."""

    def __init__(self, store: redis.Redis, tools: Tools) -> None:
        self._store = store
        self._tools = tools

    def settle(self, channel: str, inbound: InboundMessage) -> InboundMessage:
        """The message under the name by which it came first; as it is where that is not known."""
        if not inbound.delivery_token:
            return inbound
        pseudonyms = self._tools.pseudonyms
        number_key = pseudonyms.number(inbound.number)
        key = f"token:{message_key(pseudonyms, channel, number_key, inbound.delivery_token)}"
        try:
            pipeline = self._store.pipeline(transaction=True)
            pipeline.set(key, inbound.message_id, nx=True, ex=_SECONDS)
            pipeline.get(key)
            first = cast("bytes", pipeline.execute()[-1]).decode()
            if first == inbound.message_id:
                return inbound
            # Whoever finds the other name in a list need not take it for something new.
            other = message_key(pseudonyms, channel, number_key, inbound.message_id)
            self._tools.memories.pass_over(other)
        except redis.RedisError as fault:
            # The turn will meet the same Redis, and knows what to do.
            _LOG.warning("token_unknown", channel=channel, fault=type(fault).__name__)
            return inbound
        _LOG.info("delivered_again", channel=channel)
        return replace(inbound, message_id=first)

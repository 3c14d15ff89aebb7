"""Giving what is owed to citizens who write, where whoever owed it did not live to give it.

An answer goes into the outbox under the cause that its own turn would have used, so that it goes
once whoever comes first. A turn that died is finished.
"""

from __future__ import annotations

import time
from typing import cast

from channels.deadline import Said
from channels.owed import OWED, Owed
from core.errors import TokenRefused, WrittenLater
from core.logs import log
from core.tasks import close_task
from worker.app import app
from worker.deliveries import hand_over
from worker.house import House, house
from worker.turns import finish

_LOG = log(__name__)


@app.task(name="worker.owed.give")
def give() -> None:
    """Give all that is due; the next round finds what could not be given."""
    own, now = house(), time.time()
    unended: dict[tuple[str, str], list[bytes]] = {}
    waiting = cast("dict[bytes, bytes]", own.store.hgetall(OWED))
    for cause, sealed in waiting.items():
        try:
            owed = Owed.open(own.seal, sealed)
        except WrittenLater as later:
            # A worker of that release gives it.
            _LOG.warning("owed_waits", fault=str(later))
            continue
        except TokenRefused:
            _LOG.error("owed_unreadable")
            own.store.hdel(OWED, cause)
            continue
        if owed.due > now:
            continue
        if owed.texts:
            hand_over(
                owed.channel, owed.number, Said(owed.texts, tappable=owed.tappable), owed.cause
            )
            _LOG.info("owed_given", channel=owed.channel)
        elif _is_pending(own, owed):
            unended.setdefault((owed.channel, owed.number), []).append(cause)
            continue
        own.store.hdel(OWED, cause)
    for (channel, number), causes in unended.items():
        finish.delay(close_task(own.seal, {"channel": channel, "number": number}))
        own.store.hdel(OWED, *causes)
        _LOG.info("turn_unended", channel=channel)


def _is_pending(house: House, owed: Owed) -> bool:
    """Whether a turn really died: mostly the engine was away, and another turn has ended it."""
    provider = house.channels.get(owed.channel)
    if provider is None:
        return False
    conversation = f"{provider.kind.value}-{house.pseudonyms.number(owed.number)}"
    memory, _ = house.conversations.tools.memories.load(conversation, "")
    return bool(memory.pending)

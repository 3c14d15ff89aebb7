"""Emptying the spool: what the door accepted while Redis refused.

A message of a chat is taken as if it had just come, and its answer is sent; a hop of USSD was told
that the service is away, and is recorded. Both are once only: a file goes when its work is done,
and what was taken twice is known by its name.
"""

from __future__ import annotations

from typing import Any, Final

import orjson
import redis

from channels.spool import Spool
from core.errors import StoreUnavailable, WrittenLater
from core.logs import log
from core.recorded import STREAM, TURN, close_record
from core.tasks import close_task
from worker.app import app, settings
from worker.archive import archive
from worker.house import house
from worker.turns import take

_LOG = log(__name__)
MESSAGE: Final = "message"
RECORD: Final = "record"


@app.task(name="worker.spool.empty", ignore_result=True)
def empty() -> None:
    """Hand on all that waits in the folder; what cannot be handed on now stays."""
    spool = Spool(settings.spool_folder, house().seal)
    for path in spool.waiting():
        try:
            value = spool.read(path)
            if value is None:
                _LOG.error("spool_unreadable", file=path.name)
                path.rename(path.with_suffix(".unreadable"))
                continue
            _hand_on(value)
        except WrittenLater as later:
            # A worker of that release takes it, and nothing else waits for it.
            _LOG.warning("spool_waits", fault=str(later))
            continue
        except (redis.RedisError, StoreUnavailable) as fault:
            _LOG.warning("spool_waits", fault=type(fault).__name__)
            return
        path.unlink()
        _LOG.info("unspooled")


def forget(number_key: str) -> int:
    """Destroy what waits of a number; how much there was."""
    own = house()
    spool = Spool(settings.spool_folder, own.seal)
    gone = 0
    for path in spool.waiting():
        value = spool.read(path) or {}
        number = value.get(MESSAGE, {}).get("message", {}).get("number", "")
        record = orjson.loads(value[RECORD]) if RECORD in value else {}
        is_theirs = bool(number) and own.pseudonyms.number(number) == number_key
        if is_theirs or record.get("number_key") == number_key:
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def _hand_on(value: dict[str, Any]) -> None:
    own = house()
    if RECORD in value:
        sealed = close_record(own.seal, value[RECORD].encode())
        archive().store.xadd(STREAM, {TURN: sealed})
    if MESSAGE in value:
        take.delay(close_task(own.seal, value[MESSAGE]))

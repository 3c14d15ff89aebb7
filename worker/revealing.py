"""Opening an identifier for staff who gave a reason; the console left that in the audit before."""

from __future__ import annotations

import redis

from core.errors import TokenExpired, TokenRefused
from core.logs import log
from core.revealing import REVEAL, Revealed
from core.tasks import open_task
from core.vault import Vault
from worker.app import app
from worker.archive import archive
from worker.house import house

_LOG = log(__name__)


@app.task(name=REVEAL, autoretry_for=(redis.RedisError,), retry_backoff=1, max_retries=3)
def reveal(argument: str) -> None:
    """Leave the value behind a token for one look, or that there is none any more."""
    seal = house().seal
    given = open_task(seal, argument)
    store = archive().store
    value = None
    try:
        value = Vault(store, seal).open(given["token"], given["purpose"], given["conversation"])
    except TokenExpired:
        _LOG.info("reveal_too_late")
    except TokenRefused:
        _LOG.warning("reveal_refused")
    Revealed(store, seal).leave(given["view"], given["staff"], value)

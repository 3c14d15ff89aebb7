"""Forgetting all of a number, wherever it lies, at its citizen's word."""

from __future__ import annotations

import redis

from actions.traces import Traces
from core.errors import StoreUnavailable
from core.logs import log
from core.recorded import ERASE_TRANSCRIPTS
from core.tasks import open_task
from core.vault import Vault
from records.rights import Rights
from worker import spool
from worker.app import app
from worker.archive import archive
from worker.house import house
from worker.recording import record_all

_LOG = log(__name__)


@app.task(
    name=ERASE_TRANSCRIPTS,
    autoretry_for=(StoreUnavailable, redis.RedisError),
    retry_backoff=2,
    retry_backoff_max=60,
    max_retries=None,
)
def erase(argument: str) -> None:
    """Forget all that a number said, what still waits to be recorded included."""
    given = open_task(house().seal, argument)
    # A task of an earlier version names no person.
    archive().erasures.begin(argument, given.get("person_key", ""), given["number_key"])
    forget_said(given["number_key"])
    house().database.scrub()
    archive().erasures.done(argument)


def forget_said(number_key: str) -> None:
    """Forget every word of a number: written, waiting to be written, and accepted on the disk."""
    waited = spool.forget(number_key)
    record_all()
    forgotten = archive().retention.erase(number_key)
    _LOG.info("erased", conversations=forgotten.conversations, turns=forgotten.turns, waited=waited)


def forget(person_key: str, number_key: str, request_id: int) -> None:
    """Forget a person and their number everywhere; the request is settled with the last of it."""
    own, task = house(), f"request {request_id}|{person_key}|{number_key}"
    archive().erasures.begin(task, person_key, number_key)
    forget_said(number_key)
    vault = Vault(own.store, own.seal)
    Traces(own.store, vault, own.settings.engine_redis_url).erase_number(number_key)
    if person_key:
        own.store.delete(f"tries:person:{person_key}")
    Rights(own.database, own.audit).erase(person_key, number_key, "console", request_id)
    own.database.scrub()
    archive().erasures.done(task)

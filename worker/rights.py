"""Carrying out what a citizen asked for about their data, once a supervisor said so.

Whatever breaks off is done again from the start: each step finds what is left to do.
"""

from __future__ import annotations

from typing import Final

import redis

from core.errors import StoreUnavailable
from core.logs import log
from core.rights import CARRY_OUT
from core.tasks import open_task
from records.exported import ExportFiles
from records.rights_requests import ERASURE, RUNNING, RightsRequests
from worker.app import app
from worker.erasing import forget
from worker.handing_over import Parcel
from worker.house import house

_LOG = log(__name__)
_LOCK_SECONDS: Final = 600


@app.task(
    name=CARRY_OUT,
    autoretry_for=(StoreUnavailable, redis.RedisError),
    retry_backoff=2,
    retry_backoff_max=60,
    max_retries=None,
)
def carry_out(argument: str) -> None:
    """Erase, or make the file that is handed over."""
    _carry_out(int(open_task(house().seal, argument)["request"]))


@app.task(name="worker.rights.sweep")
def sweep() -> None:
    """Carry out what was begun and nobody finished."""
    for request in RightsRequests(house().database).open():
        if request.state == RUNNING:
            _carry_out(request.id)


def _carry_out(number: int) -> None:
    # One worker at a time; it ends long before another one would begin.
    lock = house().store.lock(f"rights:{number}", timeout=_LOCK_SECONDS)
    if not lock.acquire(blocking=False):
        return
    try:
        _settle(number)
    finally:
        if lock.owned():
            lock.release()


def _settle(number: int) -> None:
    own = house()
    requests = RightsRequests(own.database)
    request = requests.find(number)
    if request is None or request.state != RUNNING:
        return
    if request.kind == ERASURE:
        forget(request.person_key, request.number_key, number)
    else:
        content = Parcel(request.person_key, request.number_key).content()
        files = ExportFiles(own.database, own.seal)
        name = f"twiza-{number}.zip"
        hours = own.settings.rights_file_hours
        file_id = files.write(name, [content], hours, request.number_key)
        if not requests.made(number, file_id):
            files.drop(file_id)
    _LOG.info("rights_carried_out", kind=request.kind, request=number)

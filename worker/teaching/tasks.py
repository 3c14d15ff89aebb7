"""The tasks of teaching: what is doubtful comes into the queue, exports are measured."""

from __future__ import annotations

from typing import Any, Final

import redis

from core.errors import StoreUnavailable
from core.logs import log
from core.tasks import open_task
from transcripts.batches import Batches
from transcripts.gathering import Gathering
from worker.app import app
from worker.archive import archive
from worker.house import house
from worker.teaching.measuring import NotMeasured, is_possible, measure

_LOG = log(__name__)
NO_ENGINE: Final = "the engine's environment is not here: run bin/teach measure where it is"
_PATIENT: Final[dict[str, Any]] = {
    "autoretry_for": (StoreUnavailable, redis.RedisError),
    "retry_backoff": 2,
    "retry_backoff_max": 60,
    "max_retries": 3,
}


@app.task(name="worker.teaching.gather", **_PATIENT)
def gather() -> None:
    """Put into the queue of reviews what was doubtful since the last time."""
    taken = Gathering(archive().database, house().pseudonyms).gather()
    if taken:
        _LOG.info("gathered", reviews=taken)


@app.task(name="worker.teaching.measure", **_PATIENT)
def measure_batch(argument: str) -> None:
    """Measure an export, once: who comes second finds it begun."""
    run(open_task(house().seal, argument)["batch"])


def run(number: int, say: Any = lambda _: None) -> bool:
    """Measure an export; False where it was begun by another or could not be measured."""
    batches = Batches(archive().database)
    if not batches.begin(number):
        return False
    if not is_possible():
        batches.failed(number, NO_ENGINE)
        return False
    try:
        report, faults = measure(batches.lines(number), say=say)
    except NotMeasured as fault:
        _LOG.error("export_not_measured", fault=str(fault))
        batches.failed(number, str(fault))
        return False
    batches.measured(number, report, faults)
    _LOG.info("export_measured", taken=report["taken"], left_out=report["left_out"])
    return True

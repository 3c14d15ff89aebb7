"""The worker process: `celery -A worker.app worker`."""

from __future__ import annotations

from typing import Any

from celery import Celery
from celery.signals import setup_logging, worker_ready

from channels.settings import DoorSettings
from core.environment import read_settings
from core.logs import log, set_up_logs

_LOG = log(__name__)

settings = read_settings(DoorSettings)
app = Celery("twiza", broker=settings.broker_url, include=["worker.turns", "worker.deliveries"])
app.conf.update(
    # A task is done when its work is: a worker that dies leaves it to another.
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    worker_prefetch_multiplier=1,
    broker_transport_options={"visibility_timeout": 120},
    broker_connection_retry_on_startup=True,
    timezone="UTC",
)


@setup_logging.connect
def _set_up_logs(**_: Any) -> None:
    set_up_logs("worker", settings.log_level)


@worker_ready.connect
def _sweep(**_: Any) -> None:
    """Send what an earlier worker left in the outbox."""
    app.send_task("worker.deliveries.drain")
    _LOG.info("ready")

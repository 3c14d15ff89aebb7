"""The worker process: `celery -A worker.app worker`; its schedule: `celery -A worker.app beat`."""

from __future__ import annotations

from typing import Any

from celery import Celery
from celery.signals import (
    after_task_publish,
    beat_init,
    before_task_publish,
    heartbeat_sent,
    setup_logging,
    worker_init,
    worker_ready,
)

from channels.meters import learn
from channels.settings import DoorSettings
from core.allocating import keep_little
from core.environment import read_settings
from core.logs import log, set_up_logs
from core.redis_address import broker
from core.scheduling import interrupt_nobody
from core.tasks import QUEUES
from core.tracing import set_up_traces
from locales.catalogs import response_keys
from worker import health
from worker.meters import TASKS, serve
from worker.patience import CONSUMER, PatientTask
from worker.schedules import SCHEDULE, ZONE
from worker.settings import WorkerSettings
from worker.tracing import count_asked
from worker.watching import watch_stores

_LOG = log(__name__)

settings = read_settings(DoorSettings)
_OWN = read_settings(WorkerSettings)
_PULSE = health.Pulse()
app = Celery(
    "twiza",
    task_cls=PatientTask,
    include=[
        "worker.turns",
        "worker.owed",
        "worker.deliveries",
        "worker.reports",
        "worker.lookups",
        "worker.reconciliation",
        "worker.submissions",
        "worker.places",
        "worker.media",
        "worker.papers",
        "worker.notices",
        "worker.recording",
        "worker.erasing",
        "worker.rights",
        "worker.figures",
        "worker.checking",
        "worker.webhooks",
        "worker.exports.making",
        "worker.teaching.tasks",
        "worker.spool",
        "worker.retention",
        "worker.revealing",
        "worker.replies",
        "worker.following",
        "worker.emergencies.inviting",
        "worker.emergencies.homes",
        "worker.keeping.jobs",
    ],
)
app.conf.update(
    broker(settings.broker_url, {"visibility_timeout": _OWN.task_visibility_seconds}),
    # A task is done when its work is: a worker that dies leaves it to another.
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    worker_prefetch_multiplier=1,
    broker_connection_retry_on_startup=True,
    # A worker takes from each in turn.
    task_queues={name: {"exchange": name, "routing_key": name} for name in QUEUES},
    beat_schedule=SCHEDULE,
    worker_consumer=CONSUMER,
    # In memory: what is missed while it is down is swept up by the next round.
    beat_scheduler="celery.beat:Scheduler",
    timezone=ZONE,
)


@setup_logging.connect
def _set_up_logs(**_: Any) -> None:
    set_up_logs("worker", settings.log_level)


@worker_init.connect
def _prepare(**_: Any) -> None:
    # Before its threads begin: each would have a region, and a policy, of its own.
    keep_little()
    interrupt_nobody()


@worker_init.connect
def _watch_the_heart(**_: Any) -> None:
    heartbeat_sent.connect(_PULSE.feel, weak=False)
    health.serve(_PULSE, _OWN.health_address)


@worker_ready.connect
def _sweep(**_: Any) -> None:
    """Send what an earlier worker left."""
    for task in (
        "worker.owed.give",
        "worker.deliveries.drain",
        "worker.submissions.drain",
        "worker.papers.pass_on",
        "worker.notices.tell",
        "worker.reconciliation.catch_up",
        "worker.figures.count",
        "worker.figures.count_records",
    ):
        app.send_task(task)
    TASKS.learn(app.tasks)
    set_up_traces("worker")
    serve(_OWN.worker_metrics_address)
    _LOG.info("ready")


@beat_init.connect
def _tell_of_beat(**_: Any) -> None:
    after_task_publish.connect(_PULSE.feel, weak=False)
    health.serve(_PULSE, _OWN.health_address)
    set_up_logs("beat", settings.log_level)
    TASKS.learn(entry["task"] for entry in SCHEDULE.values())
    before_task_publish.connect(count_asked)
    learn(settings.channel_names, response_keys())
    watch_stores(settings, _OWN.engine_redis_url)
    serve(_OWN.beat_metrics_address)
    _LOG.info("schedule ready")

"""What is done again and again: `celery -A worker.app beat` asks for it, a worker does it.

Each asks only for what is due, so that a second one at the same time does no harm; one that no
worker took for a while is dropped, the next does its work. They stand in a queue of their own, from
which a worker takes in turn with what citizens set off: however much of that waits, nothing that is
swept up here waits behind it. Clock times are Morocco's.
"""

from __future__ import annotations

from typing import Any, Final

from celery.schedules import crontab

from core.tasks import SCHEDULE as QUEUE

ZONE: Final = "Africa/Casablanca"
# All threads of a worker may be busy for some seconds.
_DROPPED_SECONDS: Final = 30.0
_RECORDS_SECONDS: Final = 2.0
_OWED_SECONDS: Final = 10.0
_SUBMISSIONS_SECONDS: Final = 5.0
_MESSAGES_SECONDS: Final = 30.0
_LOOKUPS_SECONDS: Final = 10.0
_CATCH_UP_SECONDS: Final = 120.0
_FILES_SECONDS: Final = 30.0
_RIGHTS_SECONDS: Final = 60.0
_FIGURES_SECONDS: Final = 120.0
_RECORDS_FIGURES_SECONDS: Final = 600.0
# The rate of an emergency is spread over so many seconds (records/invitations.py).
_INVITATIONS_SECONDS: Final = 10.0


def _every(task: str, seconds: float) -> dict[str, Any]:
    expires = max(seconds, _DROPPED_SECONDS)
    return {"task": task, "schedule": seconds, "options": {"expires": expires, "queue": QUEUE}}


SCHEDULE: Final[dict[str, dict[str, Any]]] = {
    "records": _every("worker.recording.record", _RECORDS_SECONDS),
    "owed": _every("worker.owed.give", _OWED_SECONDS),
    "spool": _every("worker.spool.empty", _RECORDS_SECONDS),
    "submissions": _every("worker.submissions.drain", _SUBMISSIONS_SECONDS),
    "messages": _every("worker.deliveries.drain", _MESSAGES_SECONDS),
    "lookups": _every("worker.lookups.look", _LOOKUPS_SECONDS),
    "catching-up": _every("worker.reconciliation.catch_up", _CATCH_UP_SECONDS),
    "files": _every("worker.media.fetch", _FILES_SECONDS),
    "papers": _every("worker.papers.pass_on", _FILES_SECONDS),
    "notices": _every("worker.notices.tell", _MESSAGES_SECONDS),
    "rights": _every("worker.rights.sweep", _RIGHTS_SECONDS),
    "replies": _every("worker.following.follow", _LOOKUPS_SECONDS),
    "webhooks": _every("worker.webhooks.gather", _LOOKUPS_SECONDS),
    "exports": _every("worker.exports.making.sweep", _RIGHTS_SECONDS),
    "invitations": _every("worker.emergencies.invite", _INVITATIONS_SECONDS),
    "figures": _every("worker.figures.count", _FIGURES_SECONDS),
    "reviews": _every("worker.teaching.gather", _FIGURES_SECONDS),
    "figures-of-records": _every("worker.figures.count_records", _RECORDS_FIGURES_SECONDS),
    "audit": {
        "task": "worker.checking.nightly",
        "schedule": crontab(hour="4", minute="10"),
        "options": {"expires": 3600.0, "queue": QUEUE},
    },
    "backups": _every("worker.keeping.jobs.look", _RECORDS_FIGURES_SECONDS),
    "keys": {
        "task": "worker.keeping.jobs.rotate",
        "schedule": crontab(hour="2", minute="45"),
        "options": {"expires": 3600.0, "queue": QUEUE},
    },
    "retention": {
        "task": "worker.retention.forget",
        "schedule": crontab(hour="3", minute="30"),
        "options": {"expires": 3600.0, "queue": QUEUE},
    },
}

"""What is counted of the worker, and where Prometheus reads it; nothing in it tells of a citizen.

With the pool of threads one process counts. With a pool of processes each has a file of its own
where PROMETHEUS_MULTIPROC_DIR names a folder for them, and what is read is their sum.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import channels.providers
from channels.meters import CHANNELS
from core import meters
from core.logs import log
from core.meters import Names, counters, gauge, histograms

_LOG = log(__name__)
# What is told where a provider has no code of its own for it, or was not heard.
_OURS: Final = (
    *("blocked", "opted_out", "unreadable", "ussd", "failed", "undelivered", "canceled"),
    *("ConnectTimeout", "ReadTimeout", "ConnectionError", "DeliveryUnknown", "ProviderUnavailable"),
    *("400", "401", "403", "404", "408", "429", "500", "502", "503", "504"),
)


def _codes() -> Iterator[str]:
    for table in Path(channels.providers.__path__[0]).glob("*/error_codes.toml"):
        yield from tomllib.loads(table.read_text(encoding="utf-8"))


CODES: Final = Names(*_OURS, *_codes())
# Learnt once every task is known.
TASKS: Final = Names()

MESSAGES: Final = counters(
    "twiza_worker_messages_total",
    "Messages by channel and how a try ended: sent, failed, withheld",
    channel=CHANNELS,
    outcome=Names("sent", "failed", "withheld"),
)
DELIVERIES: Final = counters(
    "twiza_deliveries_total",
    "Messages by channel, what became of them and the provider's code for why: sent, arrived, "
    "refused at once, failed later, held until the citizen writes, dead",
    channel=CHANNELS,
    state=Names("sent", "arrived", "refused", "failed", "held", "dead"),
    code=CODES,
)
PAPERS: Final = counters(
    "twiza_worker_papers_total",
    "Photos and PDFs on their way to the registry: passed_on, failed, given_up",
    outcome=Names("passed_on", "failed", "given_up"),
)
TASKS_DONE: Final = counters(
    "twiza_worker_tasks_total",
    "Tasks by name and how they ended: success, retry, failure",
    task=TASKS,
    outcome=Names("success", "retry", "failure"),
)
TASK_SECONDS: Final = histograms(
    "twiza_worker_task_seconds",
    "How long a task took",
    (0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300),
    task=TASKS,
)
ASKED: Final = counters("twiza_beat_tasks_total", "Tasks that the schedule asked for", task=TASKS)
AUDIT_WHOLE: Final = gauge(
    "twiza_audit_whole",
    "1 where the last walk over the audit's chain found it whole",
    "mostrecent",
)
AUDIT_WALKED: Final = gauge(
    "twiza_audit_walked_timestamp_seconds",
    "When the audit's chain was last walked",
    "mostrecent",
)


def serve(address: str) -> None:
    """Answer GET /metrics at host:port from now on; nowhere where the address is empty or taken."""
    if not address:
        return
    try:
        meters.serve(address)
    except OSError as fault:
        # Another worker of this machine has it, and delivers all the same.
        _LOG.error("metrics_not_served", fault=type(fault).__name__)

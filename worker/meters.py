"""What is counted of the worker, and where Prometheus reads it; nothing in it tells of a citizen.

With the pool of threads one process counts. With a pool of processes each has a file of its own
where PROMETHEUS_MULTIPROC_DIR names a folder for them, and what is read is their sum.
"""

from __future__ import annotations

from typing import Final

from prometheus_client import REGISTRY, CollectorRegistry, Counter, start_http_server
from prometheus_client.multiprocess import MultiProcessCollector

from core.logs import log

_LOG = log(__name__)
MESSAGES: Final = Counter(
    "twiza_worker_messages_total",
    "Messages by channel and how a try ended: sent, failed, withheld",
    ["channel", "outcome"],
)
PAPERS: Final = Counter(
    "twiza_worker_papers_total",
    "Photos and PDFs on their way to the registry: passed_on, failed, given_up",
    ["outcome"],
)


def serve(address: str) -> None:
    """Answer GET /metrics at host:port from now on; nowhere where the address is empty or taken."""
    if not address:
        return
    host, _, port = address.rpartition(":")
    try:
        start_http_server(int(port), host, _registry())
    except OSError as fault:
        # Another worker of this machine has it, and delivers all the same.
        _LOG.error("metrics_not_served", fault=type(fault).__name__)


def _registry() -> CollectorRegistry:
    summed = CollectorRegistry()
    try:
        MultiProcessCollector(summed)  # type: ignore[no-untyped-call]
    except ValueError:
        # There is no folder for them: this process counts alone.
        return REGISTRY
    return summed

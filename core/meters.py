"""What a process counts of itself, for Prometheus: numbers with labels from closed sets.

A label's values are known before anything is counted under them. Whatever else comes is counted as
`other`, so that neither a person's data nor an endless row of names can become a label. Only this
module makes metrics.

Where several processes serve one address, each writes to a file of its own in the folder that
PROMETHEUS_MULTIPROC_DIR names, and what is read is their sum (core/forking.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, Generic, Literal, TypeVar

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    start_http_server,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from core.environment import counting_folder

OTHER: Final = "other"
NONE: Final = "none"
CONTENT_TYPE: Final = CONTENT_TYPE_LATEST
_LONGEST: Final = 64
_WATCHED: Final[list[Collector]] = []

# How the gauges of several processes are read as one.
Together = Literal["livesum", "livemax", "livemostrecent", "mostrecent"]
M = TypeVar("M", Counter, Gauge, Histogram)


class Names:
    """The values that a label may have: those given, and those learnt while a process starts."""

    def __init__(self, *known: str) -> None:
        self._known = {OTHER, NONE, *known}

    def learn(self, names: Iterable[str]) -> None:
        """Take further values: names of the code, of files or of settings, never of a message."""
        self._known.update(name for name in names if 0 < len(name) <= _LONGEST)

    def name(self, value: str) -> str:
        """The value itself, `none` for an empty one, `other` for one that is not known."""
        return value if value in self._known else OTHER if value else NONE


class Meters(Generic[M]):
    """A metric with labels; `labels` gives the one of certain values, as prometheus-client does."""

    def __init__(self, metric: M, names: Sequence[Names]) -> None:
        self._metric: M = metric
        self._names = names
        self._children: dict[tuple[str, ...], M] = {}

    def labels(self, *values: str) -> M:
        """What is counted under these values."""
        child = self._children.get(values)
        return self._admit(values) if child is None else child

    def _admit(self, values: tuple[str, ...]) -> M:
        known = tuple(name.name(value) for name, value in zip(self._names, values, strict=True))
        child: M = self._metric.labels(*known)
        if known == values:
            # Only what is known is kept, so that this stays as small as the sets are.
            self._children[values] = child
        return child


def counters(name: str, about: str, /, **labels: Names) -> Meters[Counter]:
    """A counter for each of its labels' values."""
    return Meters(Counter(name, about, list(labels)), tuple(labels.values()))


def counter(name: str, about: str) -> Counter:
    """A counter."""
    return Counter(name, about)


def gauges(name: str, about: str, together: Together, /, **labels: Names) -> Meters[Gauge]:
    """A gauge for each of its labels' values."""
    made = Gauge(name, about, list(labels), multiprocess_mode=together)
    return Meters(made, tuple(labels.values()))


def gauge(name: str, about: str, together: Together) -> Gauge:
    """A gauge."""
    return Gauge(name, about, multiprocess_mode=together)


def histograms(
    name: str, about: str, buckets: Sequence[float], /, **labels: Names
) -> Meters[Histogram]:
    """A histogram for each of its labels' values."""
    return Meters(Histogram(name, about, list(labels), buckets=buckets), tuple(labels.values()))


def histogram(name: str, about: str, buckets: Sequence[float]) -> Histogram:
    """A histogram."""
    return Histogram(name, about, buckets=buckets)


class Family:
    """A gauge that is read where it stands, at each look, such as the length of a queue."""

    def __init__(self, name: str, about: str, /, **labels: Names) -> None:
        self._names = tuple(labels.values())
        self.metric = GaugeMetricFamily(name, about, labels=list(labels))

    def set(self, value: float, *values: str) -> None:
        """Tell a value; two that come under the same labels are told as their sum."""
        known = [name.name(one) for name, one in zip(self._names, values, strict=True)]
        labels = dict(zip(self.metric._labelnames, known, strict=True))
        for place, sample in enumerate(self.metric.samples):
            if sample.labels == labels:
                self.metric.samples[place] = sample._replace(value=sample.value + value)
                return
        self.metric.add_metric(known, value)


def watch(collector: Collector) -> None:
    """Ask a collector too at each look at this process."""
    _WATCHED.append(collector)
    REGISTRY.register(collector)


def page() -> bytes:
    """All that is counted, as Prometheus reads it; of all processes where there are several."""
    return generate_latest(_registry())


def serve(address: str) -> None:
    """Answer GET /metrics at host:port from now on, in a thread; raises OSError if it is taken."""
    host, _, port = address.rpartition(":")
    start_http_server(int(port), host, _registry())


def _registry() -> CollectorRegistry:
    if counting_folder() is None:
        return REGISTRY
    summed = CollectorRegistry()
    MultiProcessCollector(summed)  # type: ignore[no-untyped-call]
    for collector in _WATCHED:
        summed.register(collector)
    return summed

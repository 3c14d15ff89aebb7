"""Spans by OpenTelemetry's SDK, sent by OTLP over HTTP; loaded only where they are asked for.

A span says what was done, for how long, within what, and whether it failed. Of a citizen it says
nothing: attributes are of an allow-list, their values are names of the code, and no exception's
words are kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.id_generator import IdGenerator, RandomIdGenerator
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
from opentelemetry.trace import (
    NonRecordingSpan,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
    set_span_in_context,
)

from core.tracing import Kind, go_on, trace_id, traceparent

# What a span may say beside its name and its time.
ALLOWED: Final = frozenset({"action", "channel", "kind", "operation", "task", "outcome"})
_VALUE: Final = re.compile(r"(?!.*\d{4})[A-Za-z0-9_.:-]{1,64}")
_KINDS: Final = {
    "server": SpanKind.SERVER,
    "client": SpanKind.CLIENT,
    "internal": SpanKind.INTERNAL,
}


class _OurIds(IdGenerator):
    """Has a trace keep the id that stands in the log lines already."""

    def __init__(self) -> None:
        self._random = RandomIdGenerator()

    def generate_span_id(self) -> int:
        return self._random.generate_span_id()

    def generate_trace_id(self) -> int:
        return int(trace_id(), 16)


def allowed(attributes: dict[str, str]) -> dict[str, str]:
    """Those attributes that a span may have; the others are left out."""
    return {
        name: value
        for name, value in attributes.items()
        if name in ALLOWED and _VALUE.fullmatch(value)
    }


class Spans:
    """Makes the spans of one process and sends them, in batches and off the citizen's way."""

    def __init__(self, process: str, url: str, share: float) -> None:
        self._provider = TracerProvider(
            sampler=ParentBased(TraceIdRatioBased(share)),
            resource=Resource.create({"service.namespace": "twiza", "service.name": process}),
            id_generator=_OurIds(),
        )
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=url)))
        self._tracer = self._provider.get_tracer("twiza")

    @contextmanager
    def open(
        self, name: str, kind: Kind, attributes: dict[str, str], is_root: bool
    ) -> Iterator[None]:
        """A span of what is done in a block, within the trace of this moment."""
        before = traceparent()
        span = self._tracer.start_span(
            name,
            Context() if is_root else _within(before),
            _KINDS[kind],
            allowed(attributes),
            record_exception=False,
            set_status_on_exception=False,
        )
        own = span.get_span_context()
        go_on(f"00-{own.trace_id:032x}-{own.span_id:016x}-{int(own.trace_flags):02x}")
        try:
            yield
        except BaseException:
            span.set_status(Status(StatusCode.ERROR))
            raise
        finally:
            go_on(before)
            span.end()

    def close(self) -> None:
        """Send what waits to be sent."""
        self._provider.shutdown()


def _within(parent: str) -> Context:
    """The context of a span whose parent a traceparent names."""
    flags = TraceFlags(int(parent[53:], 16))
    named = SpanContext(int(parent[3:35], 16), int(parent[36:52], 16), True, flags)
    return set_span_in_context(NonRecordingSpan(named), Context())

"""Spans of the engine by OpenTelemetry's SDK; loaded only where they are asked for.

A span says what was done, for how long and within what. Of a citizen it says nothing: the one
attribute is the name of an action, and no exception's words are kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import (
    NonRecordingSpan,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
    set_span_in_context,
)

from engine.tracing import go_on, traceparent

ALLOWED = frozenset({"action"})
_KINDS = {"server": SpanKind.SERVER, "client": SpanKind.CLIENT}


class Spans:
    """Makes the spans of this process and sends them, in batches and off the citizen's way."""

    def __init__(self, url: str) -> None:
        """Send them to an address that takes OTLP over HTTP."""
        resource = Resource.create({"service.namespace": "twiza", "service.name": "engine"})
        provider = TracerProvider(resource=resource)
        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=url)))
        self._tracer = provider.get_tracer("twiza")

    @contextmanager
    def open(self, name: str, kind: str, attributes: dict[str, str]) -> Iterator[None]:
        """A span of what is done in a block, within the trace of this moment."""
        before = traceparent()
        said = {one: value for one, value in attributes.items() if one in ALLOWED}
        span = self._tracer.start_span(name, _within(before), _KINDS[kind], said)
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


def _within(parent: str) -> Context:
    """The context of a span whose parent a traceparent names; whether it is kept is told there."""
    flags = TraceFlags(int(parent[53:], 16))
    named = SpanContext(int(parent[3:35], 16), int(parent[36:52], 16), True, flags)
    return set_span_in_context(NonRecordingSpan(named), Context())

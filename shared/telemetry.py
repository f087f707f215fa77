"""Spans and logs: one trace from the tap on the phone to the last department.

Names follow the semantic conventions 1.44. A span of a case carries
`ow.application.id`; no span carries anything about a person.
"""

import json
import logging
import os
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO
from uuid import UUID

import structlog
from opentelemetry import context as otel_context
from opentelemetry import propagate, trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, Span, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import (
    BatchSpanProcessor,
    SpanExporter,
    SpanExportResult,
)
from opentelemetry.trace import Link, SpanKind, Status, StatusCode

APPLICATION_ID = "ow.application.id"
APPLICATION_NUMBER = "ow.application.number"
TELLABLE = (
    "db.",
    "error.type",
    "graphql.",
    "http.request.method",
    "http.response.status_code",
    "http.route",
    "messaging.",
    "network.protocol.",
    "ow.",
    "server.",
    "url.scheme",
)
"""How the attributes begin that leave the process; an address may hold what a person typed."""

_CASE = otel_context.create_key("ow-application-id")

tracer = trace.get_tracer("one-window")


def configure_telemetry(
    service: str,
    *,
    log_level: str = "INFO",
    trace_dir: Path | None = None,
    otlp_endpoint: str | None = None,
) -> TracerProvider:
    """Set up spans and JSON logs for this process; called once, by `__main__`.

    Args:
        service: Becomes `service.name`.
        log_level: A name of the standard library's levels.
        trace_dir: Folder for spans as JSON lines, one file a process.
        otlp_endpoint: Base address of an OTLP/HTTP collector.
    """
    provider = TracerProvider(resource=Resource.create({"service.name": service}))
    provider.add_span_processor(_CaseOnEverySpan())
    for exporter in _exporters(service, trace_dir, otlp_endpoint):
        provider.add_span_processor(
            BatchSpanProcessor(
                TellableSpans(exporter), schedule_delay_millis=500, max_queue_size=16_384
            )
        )
    trace.set_tracer_provider(provider)
    # Without this the instrumentations still write the names of years ago.
    os.environ.setdefault("OTEL_SEMCONV_STABILITY_OPT_IN", "http,database")
    HTTPXClientInstrumentor().instrument()
    _configure_logs(service, log_level)
    return provider


def logger(name: str) -> Any:  # noqa: ANN401 - structlog's loggers are duck-typed
    """A structured logger. Log ids and codes only, never what a person typed."""
    return structlog.get_logger(name)


def mark_application(application_id: UUID | str) -> None:
    """Put the case on the current span, and on every span opened below it."""
    trace.get_current_span().set_attribute(APPLICATION_ID, str(application_id))
    otel_context.attach(otel_context.set_value(_CASE, str(application_id)))


def mark_number(number: str) -> None:
    """Put a case's public number on the current span, so that people find its trace by it."""
    trace.get_current_span().set_attribute(APPLICATION_NUMBER, number)


def mark_case_of_context(span: trace.Span) -> None:
    """Put the case on a span that began before anybody knew it."""
    case = otel_context.get_value(_CASE)
    if case is not None:
        span.set_attribute(APPLICATION_ID, str(case))


@contextmanager
def case_span(
    name: str,
    *,
    kind: SpanKind = SpanKind.INTERNAL,
    parent: Context | None = None,
    application_id: UUID | str | None = None,
    attributes: Mapping[str, str | int] | None = None,
) -> Iterator[trace.Span]:
    """A span of our own, with the case on it and on its children.

    Args:
        name: By the semantic conventions, such as `process civil.intake.application`.
        parent: A context read from elsewhere; it becomes the parent **and** a link.
    """
    context = parent if parent is not None else otel_context.get_current()
    if application_id is not None:
        context = otel_context.set_value(_CASE, str(application_id), context)
    links = _links(parent)
    token = otel_context.attach(context)
    try:
        with tracer.start_as_current_span(
            name, kind=kind, links=links, attributes=dict(attributes or {})
        ) as span:
            yield span
    finally:
        otel_context.detach(token)


def current_trace_headers() -> dict[str, str]:
    """`traceparent` and friends of the current span, to be stored beside a row."""
    carrier: dict[str, str] = {}
    propagate.inject(carrier)
    return carrier


def context_of(headers: Mapping[str, str]) -> Context | None:
    """The context that stored headers name, or None if they name none."""
    context = propagate.extract(dict(headers), context=Context())
    return context if trace.get_current_span(context).get_span_context().is_valid else None


def current_trace_id() -> str | None:
    """Hex id of the current trace, for error bodies and logs."""
    span = trace.get_current_span().get_span_context()
    return format(span.trace_id, "032x") if span.is_valid else None


def fail_span(error_type: str) -> None:
    """Mark the current span as failed, without the message: it might name someone."""
    span = trace.get_current_span()
    span.set_attribute("error.type", error_type)
    span.set_status(Status(StatusCode.ERROR))


def _links(context: Context | None) -> list[Link]:
    if context is None:
        return []
    return [Link(trace.get_current_span(context).get_span_context())]


class _CaseOnEverySpan(SpanProcessor):
    """Copies the case of the context onto each span that starts in it."""

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        """Mark the span."""
        case = otel_context.get_value(_CASE, parent_context)
        if case is not None:
            span.set_attribute(APPLICATION_ID, str(case))


class TellableSpans(SpanExporter):
    """Hands spans on with only the attributes that cannot hold what a person typed.

    Instrumentations put whole addresses on spans, and exceptions their messages; the route,
    the status and the type of the error say as much to whoever looks for a fault.
    """

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Hand on what may be told of the spans."""
        return self._exporter.export([tellable(span) for span in spans])

    def shutdown(self) -> None:
        """Close the exporter."""
        self._exporter.shutdown()


def tellable(span: ReadableSpan) -> ReadableSpan:
    """The span with the attributes of `TELLABLE`, and without events."""
    return ReadableSpan(
        name=span.name,
        context=span.get_span_context(),
        parent=span.parent,
        resource=span.resource,
        attributes={
            name: value
            for name, value in (span.attributes or {}).items()
            if name.startswith(TELLABLE)
        },
        links=span.links,
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


class FileSpanExporter(SpanExporter):
    """Writes spans as JSON lines, for reading a trace without any outside backend."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Append the spans."""
        for span in spans:
            self._file.write(json.dumps(span_record(span), ensure_ascii=False) + "\n")
        self._file.flush()
        return SpanExportResult.SUCCESS

    def shutdown(self) -> None:
        """Close the file."""
        self._file.close()


def span_record(span: ReadableSpan) -> dict[str, object]:
    """A span as plain JSON values; times in nanoseconds since the epoch."""
    context = span.get_span_context()
    return {
        "trace": format(context.trace_id, "032x") if context else "",
        "span": format(context.span_id, "016x") if context else "",
        "parent": format(span.parent.span_id, "016x") if span.parent else None,
        "links": [
            {
                "trace": format(link.context.trace_id, "032x"),
                "span": format(link.context.span_id, "016x"),
            }
            for link in span.links
        ],
        "service": span.resource.attributes.get("service.name"),
        "name": span.name,
        "kind": span.kind.name,
        "start": span.start_time,
        "end": span.end_time,
        "error": not span.status.is_ok and span.status.status_code is StatusCode.ERROR,
        "attributes": dict(span.attributes or {}),
    }


def _exporters(
    service: str, trace_dir: Path | None, otlp_endpoint: str | None
) -> Iterator[SpanExporter]:
    if trace_dir is not None:
        trace_dir.mkdir(parents=True, exist_ok=True)
        yield FileSpanExporter((trace_dir / f"{service}.jsonl").open("a", encoding="utf-8"))
    if otlp_endpoint is not None:
        yield OTLPSpanExporter(endpoint=otlp_endpoint.rstrip("/") + "/v1/traces")


def _configure_logs(service: str, level: str) -> None:
    numeric = logging.getLevelNamesMapping()[level.upper()]
    logging.basicConfig(level=numeric, format="%(levelname)s %(name)s %(message)s")
    for chatty in ("aiokafka", "httpx", "httpcore", "uvicorn.access"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _with_trace,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(numeric),
    )
    structlog.contextvars.bind_contextvars(service=service)


def _with_trace(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    trace_id = current_trace_id()
    if trace_id:
        event["trace_id"] = trace_id
    return event

"""One span for each operation, named by the semantic conventions; no arguments, no document."""

from collections.abc import Iterator

from opentelemetry.trace import SpanKind
from strawberry.extensions import SchemaExtension

from services.gateway.schema.telling import code_of
from shared.telemetry import fail_span, tracer


class OperationSpan(SchemaExtension):
    """A span around the carrying out of a query or mutation, or the opening of a stream.

    What a subscription shows later has spans of its own: a stream can stay open for hours.
    """

    def on_operation(self) -> Iterator[None]:
        """Mark the request's span when the operation was refused before it began."""
        yield
        result = self.execution_context.result
        errors = result.errors if result is not None else None
        if errors and all(error.path is None for error in errors):
            fail_span(code_of(errors[0]))

    def on_execute(self) -> Iterator[None]:
        """Open the span."""
        execution = self.execution_context
        kind = execution.operation_type.value
        attributes = {"graphql.operation.type": kind}
        if execution.operation_name:
            attributes["graphql.operation.name"] = execution.operation_name[:100]
        with tracer.start_as_current_span(kind, kind=SpanKind.INTERNAL, attributes=attributes):
            yield
            result = execution.result
            if result is not None and result.errors:
                fail_span(code_of(result.errors[0]))

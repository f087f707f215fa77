"""Documents kept parsed and validated: front ends send the same few again and again."""

from collections.abc import Iterator
from contextlib import suppress

from graphql import GraphQLError
from strawberry.extensions import ParserCache, ValidationCache

from services.gateway.schema.telling import QUERY_TOO_DEEP

KEPT_DOCUMENTS = 512


class Parsed(ParserCache):
    """Keeps documents parsed; one that cannot be parsed is left to the parser to refuse.

    An error out of an extension never reaches a WebSocket's client: the operation would end
    there without an answer.
    """

    def __init__(self) -> None:
        super().__init__(maxsize=KEPT_DOCUMENTS)

    def on_parse(self) -> Iterator[None]:
        """Parse, or find parsed."""
        execution = self.execution_context
        with suppress(GraphQLError, RecursionError):
            execution.graphql_document = self.cached_parse_document(
                execution.query, **execution.parse_options
            )
        yield


class Validated(ValidationCache):
    """Keeps the verdict on documents; one too deep for the rules themselves is refused."""

    def __init__(self) -> None:
        super().__init__(maxsize=KEPT_DOCUMENTS)

    def on_validate(self) -> Iterator[None]:
        """Validate, or find validated."""
        execution = self.execution_context
        try:
            errors = self.cached_validate_document(
                execution.schema._schema, execution.graphql_document, execution.validation_rules
            )
        except RecursionError:
            too_deep = "The document is nested too deeply."
            errors = [GraphQLError(too_deep, extensions={"code": QUERY_TOO_DEEP})]
        execution.pre_execution_errors = errors
        yield

"""The schema of the one GraphQL door, put together from its subjects."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import strawberry
from graphql import GraphQLError, GraphQLSchema
from strawberry.extensions import SchemaExtension
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.tools import merge_types
from strawberry.types import ExecutionContext

from services.gateway.schema.afterwards import AfterwardsMutation, AfterwardsQuery
from services.gateway.schema.cases import Application, Task
from services.gateway.schema.catalogue import CatalogueQuery, ServiceItem
from services.gateway.schema.certificates import Certificate, CertificateQuery
from services.gateway.schema.citizens import CitizenMutation, CitizenQuery, CitizenSubscription
from services.gateway.schema.context import Connection, Context
from services.gateway.schema.drafts import DraftMutation, DraftQuery
from services.gateway.schema.failures import UserError
from services.gateway.schema.handovers import HandoverMutation, HandoverQuery
from services.gateway.schema.kept import Parsed, Validated
from services.gateway.schema.limits import DevelopmentRules, ProductionRules, Tokens
from services.gateway.schema.nodes import NodeQuery
from services.gateway.schema.officers import OfficerMutation, OfficerQuery
from services.gateway.schema.providers import ProviderMutation
from services.gateway.schema.residents import ResidentQuery
from services.gateway.schema.searches import SearchQuery
from services.gateway.schema.sessions import SessionMutation, SessionQuery
from services.gateway.schema.spans import OperationSpan
from services.gateway.schema.telling import Telling, log_unexpected

Extension = type[SchemaExtension] | Callable[[], SchemaExtension]


class GatewaySchema(strawberry.Schema):
    """The schema; it logs bugs only, and never a document: people write names into those."""

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Log what nobody foresaw."""
        log_unexpected(errors)


class OneOperation(SchemaExtension):
    """Gives each operation of a connection loaders of its own."""

    def on_operation(self) -> Iterator[None]:
        """Replace the connection by the context of one operation."""
        connection = self.execution_context.context
        if isinstance(connection, Connection):
            self.execution_context.context = Context(connection)
        yield


def create_schema(*, introspection: bool) -> GatewaySchema:
    """The schema with its limits.

    Args:
        introspection: Whether clients may look around in it; not in production.
    """
    asked = (
        SessionQuery,
        CatalogueQuery,
        CitizenQuery,
        DraftQuery,
        AfterwardsQuery,
        OfficerQuery,
        ResidentQuery,
        CertificateQuery,
        SearchQuery,
        HandoverQuery,
        NodeQuery,
    )
    done = (
        SessionMutation,
        ProviderMutation,
        CitizenMutation,
        DraftMutation,
        AfterwardsMutation,
        OfficerMutation,
        HandoverMutation,
    )
    schema = GatewaySchema(
        query=merge_types("Query", asked),
        mutation=merge_types("Mutation", done),
        subscription=merge_types("Subscription", (CitizenSubscription,)),
        types=(Application, Task, ServiceItem, Certificate, UserError),
        extensions=_extensions(introspection=introspection),
        config=StrawberryConfig(disable_field_suggestions=True),
    )
    _describe(schema._schema)
    return schema


def _extensions(*, introspection: bool) -> list[Extension]:
    # Telling comes first, so that it is the last to see the result: an error that another
    # extension raises gets its code as well.
    return [
        Telling,
        OneOperation,
        Tokens,
        DevelopmentRules if introspection else ProductionRules,
        Parsed,
        Validated,
        OperationSpan,
    ]


def _describe(schema: GraphQLSchema) -> None:
    """Let the docstrings of types and resolvers be the descriptions of the schema."""
    for name, type_ in schema.type_map.items():
        definition = type_.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
        origin = getattr(definition, "origin", None) or getattr(definition, "wrapped_cls", None)
        documented = getattr(origin, "__doc__", None) or ""
        # A dataclass without a docstring is given its signature for one.
        if type_.description is None and documented and not documented.startswith(f"{name}("):
            type_.description = _first_paragraph(documented)
        for field in getattr(type_, "fields", {}).values():
            _describe_field(field)


def _describe_field(field: Any) -> None:  # noqa: ANN401 - of an object, an interface or an input
    definition = field.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
    resolver = getattr(definition, "base_resolver", None)
    documented = getattr(getattr(resolver, "wrapped_func", None), "__doc__", None)
    if field.description is None and documented:
        field.description = _first_paragraph(documented)


def _first_paragraph(docstring: str) -> str:
    return " ".join(re.split(r"\n\s*\n", docstring.strip(), maxsplit=1)[0].split())

"""The gateway's doors: GraphQL over HTTP, over WebSocket and as an event stream, and files."""

from collections.abc import Sequence

from fastapi import APIRouter
from strawberry.subscriptions import GRAPHQL_SSE_PROTOCOL, GRAPHQL_TRANSPORT_WS_PROTOCOL

from services.gateway.api.certificates import certificates_router
from services.gateway.api.files import UPLOAD_TYPES, files_router
from services.gateway.api.graphql import GraphQLDoor, Way
from services.gateway.schema import GatewaySchema
from services.gateway.schema.context import Wiring
from services.gateway.schema.documents import Documents

__all__ = ["UPLOAD_TYPES", "routers_of"]

PROTOCOLS = {"/graphql": GRAPHQL_TRANSPORT_WS_PROTOCOL, "/graphql/stream": GRAPHQL_SSE_PROTOCOL}
"""The event stream has a path of its own: clients that list its media type among those they
accept would otherwise get plain queries answered as streams."""


def routers_of(
    schema: GatewaySchema,
    wiring: Wiring,
    documents: Documents,
    *,
    allowed_origins: Sequence[str],
    operation_seconds: float,
) -> Sequence[APIRouter]:
    """All doors."""
    ways = [
        Way(
            path=path,
            protocol=protocol,
            allowed_origins=allowed_origins,
            operation_seconds=operation_seconds,
        )
        for path, protocol in PROTOCOLS.items()
    ]
    doors = [GraphQLDoor(schema, wiring, documents, way) for way in ways]
    return [*doors, files_router(wiring.intake), certificates_router(wiring.registry)]

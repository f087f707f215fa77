"""How the gateway is wired."""

from collections.abc import Mapping

import httpx
from fastapi import Depends, FastAPI

from services.gateway.api import UPLOAD_TYPES, routers_of
from services.gateway.consumers import ProgressFeed, ProgressHub
from services.gateway.schema import create_schema
from services.gateway.schema.context import Wiring
from services.gateway.schema.documents import Documents, read_documents
from services.gateway.settings import GatewaySettings
from shared.auth import TokenVerifier
from shared.http import service_client
from shared.service import lifespan_of
from shared.web import create_api, passed_on

NAME = "gateway"


def create(settings: GatewaySettings) -> FastAPI:
    """The gateway, asking the services that its settings name."""
    return assemble(
        settings,
        intake=service_client(settings.intake_url),
        registry=service_client(settings.registry_url),
        hub=ProgressHub(most=settings.max_watchers, every=settings.progress_seconds),
    )


def assemble(
    settings: GatewaySettings,
    *,
    intake: httpx.AsyncClient,
    registry: httpx.AsyncClient,
    hub: ProgressHub,
) -> FastAPI:
    """The gateway around two clients and a hub."""
    feed = ProgressFeed(hub, bootstrap_servers=settings.kafka_bootstrap_servers)
    wiring = Wiring(
        intake=intake,
        registry=registry,
        verifier=TokenVerifier(audience=NAME, client=registry),
        progress=hub,
    )
    api = create_api(
        title="一窗 One Window: gateway",
        description="GraphQL for mini-programs and apps at `/graphql`; files at `/files`.",
        verifier=wiring.verifier,
        readiness=_ready,
        lifespan=lifespan_of([feed.run], close=[intake.aclose, registry.aclose]),
        other_types=UPLOAD_TYPES,
    )
    documents = Documents(
        read_documents(settings.documents_dir), only_trusted=settings.only_trusted_documents
    )
    schema = create_schema(introspection=not settings.in_production)
    for router in routers_of(
        schema,
        wiring,
        documents,
        allowed_origins=settings.websocket_origins,
        operation_seconds=settings.operation_seconds,
    ):
        api.include_router(router, dependencies=[Depends(passed_on())])
    return api


async def _ready() -> Mapping[str, bool]:
    """The gateway needs nothing of its own; a service that is away is told case by case."""
    return {}

"""Which URL does what, by noun."""

from fastapi import APIRouter

from services.registry.api import (
    catalogue,
    certificates,
    duplicates,
    grants,
    identity,
    objects,
    officers,
    own_items,
    residents,
    sharing,
    verification,
)


def routes() -> APIRouter:
    """All doors of the registry."""
    router = APIRouter()
    for part in (
        identity,
        catalogue,
        grants,
        officers,
        residents,
        duplicates,
        objects,
        own_items,
        sharing,
        certificates,
        verification,
    ):
        router.include_router(part.routes())
    return router

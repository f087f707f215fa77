"""Which URL does what: identity, the catalogue, grants, residents."""

from fastapi import APIRouter

from services.registry.api import (
    catalogue,
    duplicates,
    grants,
    identity,
    objects,
    officers,
    residents,
    sharing,
)


def routes() -> APIRouter:
    """All doors of the registry."""
    router = APIRouter()
    for part in (identity, catalogue, grants, officers, residents, duplicates, objects, sharing):
        router.include_router(part.routes())
    return router

"""Which URL does what: identity, the catalogue, grants."""

from fastapi import APIRouter

from services.registry.api import catalogue, grants, identity, officers


def routes() -> APIRouter:
    """All doors of the registry."""
    router = APIRouter()
    for part in (identity, catalogue, grants, officers):
        router.include_router(part.routes())
    return router

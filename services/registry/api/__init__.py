"""Which URL does what, by noun."""

from fastapi import APIRouter

from services.registry.api import (
    bindings,
    catalogue,
    certificates,
    divisions,
    duplicates,
    grants,
    identity,
    objects,
    officer_management,
    officers,
    own_items,
    residents,
    sessions,
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
        divisions,
        officer_management,
        bindings,
        sessions,
    ):
        router.include_router(part.routes())
    return router

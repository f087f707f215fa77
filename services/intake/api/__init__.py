"""Which URL does what at the window, by noun."""

from fastapi import APIRouter

from services.intake.api import (
    appeals,
    applications,
    clocks,
    counter_work,
    deliveries,
    drafts,
    late_answers,
    materials,
    officers,
    outcomes,
    papers,
    ratings,
    redress,
    search,
    tasks,
    versions,
)
from services.intake.api.wiring import Counter

__all__ = ["Counter", "router"]

router = APIRouter(prefix="/v1")
for part in (
    tasks,
    applications,
    drafts,
    outcomes,
    papers,
    clocks,
    counter_work,
    late_answers,
    materials,
    officers,
    search,
    ratings,
    redress,
    deliveries,
    appeals,
    versions,
):
    router.include_router(part.router)

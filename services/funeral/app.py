"""How the funeral service is wired: settings, database, clients, work, API, in reading order."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta

from fastapi import FastAPI

from services.funeral.actions.desk import Desk
from services.funeral.actions.open_slots import open_slots
from services.funeral.actions.seed_development import seed_development
from services.funeral.api import routes
from services.funeral.consumers import department
from services.funeral.rules.retention import LEAST_YEARS
from services.funeral.settings import FuneralSettings
from services.funeral.store import Store
from shared.auth import ServiceAuth, TokenVerifier
from shared.clock import SystemClock
from shared.database import Database
from shared.department import WindowClient
from shared.errors import Conflict, Unavailable
from shared.http import service_client
from shared.retention import retention_clock
from shared.sealing import BlindIndex, FieldCipher
from shared.service import Background, Work, background_of, lifespan_of
from shared.settings import Environment
from shared.telemetry import logger
from shared.web import create_api

NAME = "funeral"


def create_app(settings: FuneralSettings) -> FastAPI:
    """The service, ready to be served."""
    database = Database(
        settings.database_url.get_secret_value(),
        schema=NAME,
        pool_size=settings.database_pool_size,
        has_wall=True,
    )
    desk = _desk(settings, database)
    registry = service_client(settings.registry_url)
    intake = service_client(settings.intake_url, auth=_auth(settings))
    ours = department(desk, window=WindowClient(intake))
    work = Work(
        service=NAME,
        database=database,
        store=Store,
        speaks=["civil.funeral.matter", "civil.funeral.funeral"],
        subscriptions=[ours.subscription()],
        jobs=ours.jobs(),
        clocks=[
            slot_clock(desk, every=settings.open_slots_every),
            retention_clock(
                service=NAME,
                folder=settings.catalogue_dir,
                least=LEAST_YEARS,
                transaction=desk.transaction,
                clock=desk.clock,
            ),
        ],
        starters=starters(settings, desk),
    )

    async def readiness() -> Mapping[str, bool]:
        return {"database": await database.answers()}

    api = create_api(
        title="殡葬服务 Funeral",
        description="Funerals and their booked times. They are decided at the window.",
        verifier=TokenVerifier(audience=NAME, client=registry),
        readiness=readiness,
        lifespan=lifespan_of(
            background_of(work, settings), close=[registry.aclose, intake.aclose, database.close]
        ),
    )
    api.state.denials = desk.transaction
    api.include_router(routes(desk))
    return api


def _desk(settings: FuneralSettings, database: Database) -> Desk:
    return Desk(
        transaction=database.transactions(Store),
        index=BlindIndex.parse(settings.blind_index_key.get_secret_value()),
        cipher=FieldCipher.parse(settings.field_keys.get_secret_value()),
        clock=SystemClock(),
    )


def _auth(settings: FuneralSettings) -> ServiceAuth:
    return ServiceAuth(
        registry_url=settings.registry_url,
        client_id=NAME,
        client_secret=settings.client_secret.get_secret_value(),
        audience="intake",
    )


def starters(settings: FuneralSettings, desk: Desk) -> list[Background]:
    """What is done once at start: the development seed, and the slots of the next days."""

    async def seed() -> None:
        await seed_development(transaction=desk.transaction)

    async def slots() -> None:
        await open_slots(transaction=desk.transaction, clock=desk.clock)

    is_development = settings.environment is Environment.DEVELOPMENT
    return [seed, slots] if is_development else [slots]


def slot_clock(desk: Desk, *, every: timedelta) -> Background:
    """The loop that keeps the next days open for booking."""

    async def run() -> None:
        while True:
            await asyncio.sleep(every.total_seconds())
            try:
                await open_slots(transaction=desk.transaction, clock=desk.clock)
            except (Unavailable, Conflict) as error:
                logger("slots").warning("slots.waiting", code=error.code)

    return run
